//! New holds over gRPC, each for a session of its own.

use anyhow::{Context, Result, ensure};
use booking_client::{HeartbeatRequest, SlotRequest};
use booking_domain::allow::Allow;
use booking_domain::availability::Slot;
use booking_domain::hold::{SessionId, Standing};

use crate::crowd::Crowd;
use crate::stage::{Stage, random};

/// Prints new holds a second.
pub(crate) async fn run(crowd: Crowd) -> Result<()> {
    println!("holds_per_second {:.0}", crowd.per_second(hold).await?);
    Ok(())
}

async fn hold(stage: Stage, slot: Slot) -> Result<()> {
    let beat = HeartbeatRequest {
        lease_seconds: None,
        moving: None,
        allow: Allow::NOTHING,
        slot: SlotRequest {
            event_type_id: stage.event_type_id,
            start: slot.interval.start(),
            duration_minutes: Some(15),
            resource_id: None,
        },
        session_id: SessionId::parse(&random().to_string())?,
        data: None,
    };
    let place = stage.api.heartbeat(&beat).await.context("cannot hold")?;
    ensure!(matches!(place.standing, Standing::Holding(_)), "somebody else holds a slot of the bench's own");
    Ok(())
}
