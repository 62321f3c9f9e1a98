//! The typed client of Holdfast: one async method for each call, in domain types, remote or in process.
//!
//! [`make_booking_api`] takes any gRPC transport: a [`Channel`](tonic::transport::Channel) that [`connect`] makes, or a
//! `tonic::service::Routes` in the same process, with no socket between. Both speak the same contract, so what is written against
//! one works with the other.
//!
//! ```no_run
//! use booking_client::{ApiKey, CallError, SlotsRequest, connect, make_booking_api};
//!
//! # async fn example(event_type_id: booking_domain::id::EventTypeId) -> Result<(), Box<dyn std::error::Error>> {
//! let api = make_booking_api(connect("http://127.0.0.1:50051")?).with_key(ApiKey::parse("hf_example")?);
//! let march = SlotsRequest {
//!     event_type_id,
//!     from: "2027-03-01".parse()?,
//!     to: "2027-03-31".parse()?,
//!     duration_minutes: None,
//!     time_zone: None,
//!     resource_id: None,
//!     moving: None,
//! };
//! match api.list_slots(&march).await {
//!     Ok(slots) => println!("{} slots", slots.len()),
//!     Err(CallError::Refused(refusal)) => println!("no: {refusal} ({})", refusal.code().slug()),
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A value is cheap to clone, and [`BookingApi::with_key`] and [`BookingApi::on_behalf_of`] give new ones: make one for each
//!   request that a front serves.
//! - Every method tells a *refusal*, which the caller can act on, from a failure ([`CallError`]).
//! - Calls end after [`CALL_TIMEOUT`] unless [`BookingApi::with_timeout`] says otherwise; streams live on.
//! - Nothing is retried. What creates takes a [`RequestId`]: to call again with the same one is safe.

mod api;
mod availability;
mod backoff;
mod blocks;
mod bookings;
mod catalog;
mod error;
mod front_key;
mod presence;
mod transport;

pub use api::{BookingApi, CALL_TIMEOUT, CallStream, make_booking_api};
pub use booking_domain::affected::{Affected, WithAffected};
pub use booking_domain::answer::{
    BookingPage, BookingPages, CreatedBooking, Edited, NextSlots, NumberedLogo, Organization, PageAddress,
    PageResource, PlaceChange, PlaceUpdate, Preview, RoomPresence, SlotChange,
};
pub use booking_domain::hold::live::{LiveChange, LiveDifference};
pub use booking_domain::request::{
    BlockFilter, BlockRef, BookingPageRequest, BookingPagesRequest, BookingRef, Create, CreateBlock, CreateBooking,
    DeleteBlock, ExplainRequest, HeartbeatRequest, ListBlocks, ListBookings, LogoRequest, NextSlotsRequest,
    PlaceRequest, PreviewChange, PreviewRequest, ReleaseRequest, RenewManagementToken, RequestId, RescheduleRequest,
    Revision, SlotRequest, SlotsRequest, TransitionRequest, Update, UpdateBooking, UpdateOrganization,
};
pub use booking_domain::secret::{ApiKey, ManagementToken};
pub use error::CallError;
pub use transport::{Transport, connect};
