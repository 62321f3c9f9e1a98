//! Compiles `proto/` into Rust: messages, clients, servers, and the descriptor set that reflection serves.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use protox::prost::Message;

const FILES: [&str; 4] = [
    "booking/v1/availability.proto",
    "booking/v1/booking.proto",
    "booking/v1/catalog.proto",
    "booking/v1/presence.proto",
];

/// Messages that carry secrets; `src/redacted.rs` gives them a `Debug` that shows none.
const SECRET_BEARERS: [&str; 11] = [
    "booking.v1.CreateBookingRequest",
    "booking.v1.CreateBookingResponse",
    "booking.v1.ExtendHoldRequest",
    "booking.v1.FollowPlaceRequest",
    "booking.v1.GetBookingRequest",
    "booking.v1.HeartbeatRequest",
    "booking.v1.LeaveRequest",
    "booking.v1.PlaceUpdate",
    "booking.v1.RescheduleBookingRequest",
    "booking.v1.TransitionBookingRequest",
    "booking.v1.UpdateBookingRequest",
];

#[expect(clippy::disallowed_methods, reason = "Cargo talks to build scripts through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo:rerun-if-changed={}", root.display());

    let descriptors = protox::compile(FILES, [&root])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("booking_descriptor.bin"), descriptors.encode_to_vec())?;

    tonic_prost_build::configure()
        // Connecting is for `booking-client`; here a client takes any transport.
        .build_transport(false)
        // Ordered maps make equal messages equal bytes, which idempotency compares.
        .btree_map(".")
        .skip_debug(SECRET_BEARERS)
        .compile_fds(descriptors)?;
    Ok(())
}
