//! Many holds kept alive over `KeepAlive` streams, by messages that wait for their answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use booking_client::{HeartbeatRequest, SlotRequest, connect};
use booking_domain::allow::Allow;
use booking_domain::availability::Slot;
use booking_domain::hold::SessionId;
use booking_domain::id::EventTypeId;
use booking_proto::v1::presence_service_client::PresenceServiceClient;
use booking_proto::v1::{KeepAliveRequest, KeepAliveResponse, place_update};
use clap::Args;
use futures::future::try_join_all;
use prost::Message;
use tokio::sync::{Barrier, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::AsciiMetadataValue;
use tonic::{Request, Streaming};

use crate::offers::daily;
use crate::stage::{Place, random};

/// How long renewals are counted.
const PATIENCE: Duration = Duration::from_secs(5);

/// How the holds are kept alive.
#[derive(Args, Clone)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Another server to send the same messages to, in place of the one that has the slots
    #[arg(long)]
    to: Option<String>,
    /// Streams, each on a connection of its own
    #[arg(long, default_value_t = 50)]
    streams: usize,
    /// Holds that each stream keeps alive with one message
    #[arg(long, default_value_t = 1)]
    batch: usize,
}

/// One stream: a batch is sent, and its answer awaited.
struct Stream {
    batch: KeepAliveRequest,
    requests: mpsc::Sender<KeepAliveRequest>,
    answers: Streaming<KeepAliveResponse>,
}

/// Prints renewals a second, and the bytes of a message and of its answer.
pub(crate) async fn run(options: Options) -> Result<()> {
    let stage = options.place.stage(daily(chrono_tz::UTC, 0, 24)?, 15).await?;
    let slots = stage.free_slots().await?;
    let wanted = options.streams * options.batch;
    ensure!(slots.len() >= wanted, "there are {} free slots, not {wanted}", slots.len());
    let start = Arc::new(Barrier::new(options.streams));
    let batches = slots.chunks(options.batch).take(options.streams).map(|slots| batch(stage.event_type_id, slots));
    let streams = batches.map(|batch| {
        let (options, start) = (options.clone(), start.clone());
        // Without a task of its own each stream would wait for the others' turns on one thread.
        #[expect(clippy::disallowed_methods, reason = "this program only ends when all its streams have")]
        let task = tokio::spawn(async move { keep_alive(&options, batch?, &start).await });
        async move { task.await? }
    });
    let counted: f64 = try_join_all(streams).await?.iter().sum();
    println!("renewals_per_second {counted:.0}");
    Ok(())
}

/// The heartbeats of so many sessions, each holding a slot of its own.
fn batch(event_type_id: EventTypeId, slots: &[Slot]) -> Result<KeepAliveRequest> {
    let heartbeat = |slot: &Slot| -> Result<HeartbeatRequest> {
        Ok(HeartbeatRequest {
            lease_seconds: None,
            moving: None,
            allow: Allow::NOTHING,
            slot: SlotRequest {
                event_type_id,
                start: slot.interval.start(),
                duration_minutes: Some(15),
                resource_id: None,
            },
            session_id: SessionId::parse(&random().to_string())?,
            data: None,
        })
    };
    let heartbeats = slots.iter().map(heartbeat).collect::<Result<Vec<_>>>()?;
    Ok(KeepAliveRequest::from(heartbeats.as_slice()))
}

/// Renewals a second of one stream.
async fn keep_alive(options: &Options, batch: KeepAliveRequest, start: &Barrier) -> Result<f64> {
    let mut stream = Stream::open(options, batch).await?;
    let first = stream.renew().await?;
    if start.wait().await.is_leader() {
        println!("request_bytes {}\nanswer_bytes {}", stream.batch.encoded_len(), first.encoded_len());
    }
    let begun = Instant::now();
    let mut renewed = 0;
    while begun.elapsed() < PATIENCE {
        renewed += stream.renew().await?.updates.len();
    }
    Ok(renewed as f64 / begun.elapsed().as_secs_f64())
}

impl Stream {
    async fn open(options: &Options, batch: KeepAliveRequest) -> Result<Self> {
        let url = options.to.as_ref().unwrap_or(&options.place.grpc);
        let (requests, receiver) = mpsc::channel(1);
        let mut request = Request::new(ReceiverStream::new(receiver));
        let key = AsciiMetadataValue::try_from(format!("Bearer {}", options.place.key)).context("this is no key")?;
        request.metadata_mut().insert("authorization", key);
        let answers = PresenceServiceClient::new(connect(url)?).keep_alive(request).await.context("cannot begin")?;
        Ok(Self { batch, requests, answers: answers.into_inner() })
    }

    /// Sends the batch and awaits its answer, in which every session holds its slot.
    async fn renew(&mut self) -> Result<KeepAliveResponse> {
        self.requests.send(self.batch.clone()).await.context("the stream ended")?;
        let answer = self.answers.message().await.context("the stream broke")?.context("the stream ended")?;
        ensure!(answer.updates.len() == self.batch.heartbeats.len(), "an answer has {} updates", answer.updates.len());
        for update in &answer.updates {
            match &update.outcome {
                Some(place_update::Outcome::Place(place)) => {
                    ensure!(place.state == "holding", "a hold became {}", place.state);
                }
                Some(place_update::Outcome::Problem(problem)) => bail!("a hold was lost: {}", problem.detail),
                None => bail!("an answer says nothing"),
            }
        }
        Ok(answer)
    }
}
