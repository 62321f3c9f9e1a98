//! Bookings: a hold becomes one, and what happens to it afterwards.

use booking_domain::booking::{Booking, BookingFilter, HistoryEntry};
use booking_domain::id::BookingId;
use booking_domain::page::{Page, PageRequest};
use booking_domain::request::{
    BookingRef, CreateBooking, ListBookings, ListHistory, RenewManagementToken, RescheduleRequest, TransitionRequest,
    UpdateBooking,
};

use crate::{BookingApi, CallError, CreatedBooking, ManagementToken, Transport};

impl<C: Transport> BookingApi<C> {
    /// Turns the session's hold into a booking, or takes free units, in one transaction.
    ///
    /// # Errors
    /// Refused as `slot_held`, `slot_booked`, `slot_unavailable` or `hold_lost`, among others; see [`CallError`].
    pub async fn create_booking(&self, request: &CreateBooking) -> Result<CreatedBooking, CallError> {
        self.answer(self.bookings().create_booking(self.once(request))).await
    }

    /// The booking, for an `admin` key or the bearer of its token.
    ///
    /// # Errors
    /// Refused as `not_found` too when the caller may not see it; see [`CallError`].
    pub async fn get_booking(&self, id: BookingId, token: Option<&ManagementToken>) -> Result<Booking, CallError> {
        let request = BookingRef { id, management_token: token.cloned() };
        self.answer(self.bookings().get_booking(self.once(&request))).await
    }

    /// One page of the organization's bookings.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_bookings(&self, filter: &BookingFilter, page: PageRequest) -> Result<Page<Booking>, CallError> {
        let request = ListBookings { filter: filter.clone(), page };
        self.answer(self.bookings().list_bookings(self.once(&request))).await
    }

    /// Confirms a pending booking.
    ///
    /// # Errors
    /// Refused as `conflict` when it is not pending or `version` is stale; see [`CallError`].
    pub async fn confirm_booking(&self, request: &TransitionRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().confirm_booking(self.once(request))).await
    }

    /// Declines a pending booking, which frees its units.
    ///
    /// # Errors
    /// Refused as `conflict` when it is not pending or `version` is stale; see [`CallError`].
    pub async fn decline_booking(&self, request: &TransitionRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().decline_booking(self.once(request))).await
    }

    /// Completes a confirmed booking, from its start on.
    ///
    /// # Errors
    /// Refused as `conflict` when it is not confirmed, has not begun, or `version` is stale; see [`CallError`].
    pub async fn complete_booking(&self, request: &TransitionRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().complete_booking(self.once(request))).await
    }

    /// Says of a confirmed booking, from its start on, that nobody came.
    ///
    /// # Errors
    /// Refused as `conflict` when it is not confirmed, has not begun, or `version` is stale; see [`CallError`].
    pub async fn mark_no_show(&self, request: &TransitionRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().mark_no_show(self.once(request))).await
    }

    /// Cancels a booking, which frees its units, for an `admin` key or the bearer of its token.
    ///
    /// # Errors
    /// Refused as `conflict` when it has ended or `version` is stale; see [`CallError`].
    pub async fn cancel_booking(&self, request: &TransitionRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().cancel_booking(self.once(request))).await
    }

    /// Moves a booking to another time, for an `admin` key or the bearer of its token. Its id stays.
    ///
    /// # Errors
    /// Refused as creating it would be, and as `conflict` when it has ended or `version` is stale; see [`CallError`].
    pub async fn reschedule_booking(&self, request: &RescheduleRequest) -> Result<Booking, CallError> {
        self.answer(self.bookings().reschedule_booking(self.once(request))).await
    }

    /// Corrects what a booking says, for an `admin` key or, as far as bookers may, for the bearer of its token.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale or its booker has changed it too often; see [`CallError`].
    pub async fn update_booking(&self, request: &UpdateBooking) -> Result<Booking, CallError> {
        self.answer(self.bookings().update_booking(self.once(request))).await
    }

    /// Gives a booking another management token, and ends the one before it.
    ///
    /// # Errors
    /// Refused as `conflict` when `version` is stale; see [`CallError`].
    pub async fn renew_management_token(&self, request: &RenewManagementToken) -> Result<CreatedBooking, CallError> {
        self.answer(self.bookings().renew_management_token(self.once(request))).await
    }

    /// One page of what happened to a booking, oldest first.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_booking_history(
        &self,
        id: BookingId,
        page: PageRequest,
    ) -> Result<Page<HistoryEntry>, CallError> {
        self.answer(self.bookings().list_booking_history(self.once(&ListHistory { id, page }))).await
    }
}
