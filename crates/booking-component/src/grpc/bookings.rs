//! `BookingService`.

use booking_domain::answer::CreatedBooking;
use booking_domain::booking::Transition;
use booking_domain::request::{
    BookingRef, CreateBooking, ListBookings, ListHistory, RenewManagementToken, RescheduleRequest, TransitionRequest,
    UpdateBooking,
};
use booking_proto::v1;
use booking_proto::v1::booking_service_server::BookingService;
use tonic::{Request, Response, Status};

use crate::commands::idempotency::Once;
use crate::grpc::{Server, answered, fingerprint, listed};

impl Server {
    async fn step(
        &self,
        request: Request<v1::TransitionBookingRequest>,
        transition: Transition,
    ) -> Result<Response<v1::Booking>, Status> {
        let (caller, asked, from): (_, TransitionRequest, _) = self.open_from(request).await?;
        let stepped = self.service.step_booking(caller, &asked, transition);
        answered(self.unless_guessed(from, asked.management_token.as_ref(), stepped).await)
    }
}

#[tonic::async_trait]
impl BookingService for Server {
    async fn create_booking(
        &self,
        mut request: Request<v1::CreateBookingRequest>,
    ) -> Result<Response<v1::CreateBookingResponse>, Status> {
        let asks = fingerprint(request.get_mut(), |message| &mut message.request_id);
        let (caller, asked): (_, CreateBooking) = self.open(request).await?;
        let once = Once::of_call("create_booking", asked.request_id.clone(), asks);
        answered::<CreatedBooking, _>(self.service.create_booking(caller, &asked, once).await)
    }

    async fn get_booking(&self, request: Request<v1::GetBookingRequest>) -> Result<Response<v1::Booking>, Status> {
        let (caller, asked, from): (_, BookingRef, _) = self.open_from(request).await?;
        let token = asked.management_token.as_ref();
        let found = self.service.get_booking(caller, asked.id, token);
        answered(self.unless_guessed(from, token, found).await)
    }

    async fn list_bookings(
        &self,
        request: Request<v1::ListBookingsRequest>,
    ) -> Result<Response<v1::ListBookingsResponse>, Status> {
        let (caller, asked): (_, ListBookings) = self.open(request).await?;
        let ListBookings { filter, page } = asked;
        let list = |page| {
            let (service, asked) = (self.service.clone(), ListBookings { filter: filter.clone(), page });
            async move { service.list_bookings(caller, &asked).await }
        };
        listed::<_, v1::Booking, _, _>(page, list).await
    }

    async fn confirm_booking(
        &self,
        request: Request<v1::TransitionBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        self.step(request, Transition::Confirm).await
    }

    async fn decline_booking(
        &self,
        request: Request<v1::TransitionBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        self.step(request, Transition::Decline).await
    }

    async fn complete_booking(
        &self,
        request: Request<v1::TransitionBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        self.step(request, Transition::Complete).await
    }

    async fn mark_no_show(
        &self,
        request: Request<v1::TransitionBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        self.step(request, Transition::NoShow).await
    }

    async fn cancel_booking(
        &self,
        request: Request<v1::TransitionBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        self.step(request, Transition::Cancel).await
    }

    async fn reschedule_booking(
        &self,
        request: Request<v1::RescheduleBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        let (caller, asked, from): (_, RescheduleRequest, _) = self.open_from(request).await?;
        let moved = self.service.reschedule_booking(caller, &asked);
        answered(self.unless_guessed(from, asked.management_token.as_ref(), moved).await)
    }

    async fn update_booking(
        &self,
        request: Request<v1::UpdateBookingRequest>,
    ) -> Result<Response<v1::Booking>, Status> {
        let (caller, asked, from): (_, UpdateBooking, _) = self.open_from(request).await?;
        let corrected = self.service.update_booking(caller, &asked);
        answered(self.unless_guessed(from, asked.management_token.as_ref(), corrected).await)
    }

    async fn renew_management_token(
        &self,
        mut request: Request<v1::RenewManagementTokenRequest>,
    ) -> Result<Response<v1::CreateBookingResponse>, Status> {
        let asks = fingerprint(request.get_mut(), |message| &mut message.request_id);
        let (caller, asked): (_, RenewManagementToken) = self.open(request).await?;
        let once = Once::of_call("renew_management_token", asked.request_id.clone(), asks);
        answered::<CreatedBooking, _>(self.service.renew_management_token(caller, &asked, once).await)
    }

    async fn list_booking_history(
        &self,
        request: Request<v1::ListBookingHistoryRequest>,
    ) -> Result<Response<v1::ListBookingHistoryResponse>, Status> {
        let (caller, ListHistory { id, page }) = self.open(request).await?;
        let list = |page| {
            let service = self.service.clone();
            async move { service.list_booking_history(caller, &ListHistory { id, page }).await }
        };
        listed::<_, v1::HistoryEntry, _, _>(page, list).await
    }
}
