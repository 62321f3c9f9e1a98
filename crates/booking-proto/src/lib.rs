//! The gRPC contract of Holdfast: generated messages and services ([`v1`]), and their translation to and from the domain.
//!
//! What comes from outside is parsed with `TryFrom`, which collects *every* wrong field under its path in the contract and never
//! panics: `CreateBooking::try_from(message)?`. What goes out is built with `From`: `v1::Booking::from(&booking)`. Both
//! directions exist for requests and for answers, so that a server and a client use the same translation.
//!
//! - [`caller`]: who asks, as the metadata of a call says it
//! - [`status`]: refusals and failures as gRPC statuses, and back

pub mod caller;
mod convert;
mod redacted;
pub mod status;

pub use convert::SlotChangePart;

/// The generated code of package `booking.v1`.
#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::unwrap_used,
    missing_docs,
    unused_qualifications,
    reason = "generated: its style is not ours to choose"
)]
pub mod v1 {
    tonic::include_proto!("booking.v1");
}

/// The compiled descriptors of `proto/`, as server reflection serves them.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/booking_descriptor.bin"));

/// Longest gRPC message either side accepts, in bytes: the protocol's customary bound, which the longest page stays well under.
pub const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
