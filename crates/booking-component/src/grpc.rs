//! The gRPC way in: messages are parsed into the domain's words, the service is called, the answer is put into messages.

mod availability;
mod bookings;
mod catalog;
mod patience;
mod presence;

use std::sync::Arc;

use booking_domain::address::AddressKey;
use booking_domain::answer::{BookingPage, BookingPages};
use booking_domain::limits;
use booking_domain::page::{Page, PageRequest};
use booking_domain::refusal::Refusal;
use booking_domain::secret::ManagementToken;
use booking_proto::caller::CallerMetadata;
use booking_proto::v1::availability_service_server::AvailabilityServiceServer;
use booking_proto::v1::booking_service_server::BookingServiceServer;
use booking_proto::v1::catalog_service_server::CatalogServiceServer;
use booking_proto::v1::presence_service_server::PresenceServiceServer;
use booking_proto::{FILE_DESCRIPTOR_SET, MESSAGE_BYTES_MAX, status};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use prost::Message;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use self::patience::InTime;
use crate::caller::Caller;
use crate::error::{ServiceError, ServiceResult};
use crate::ids::random_bytes;
use crate::keyring::{Authority, Credentials, Keyring};
use crate::queries::readiness::FRESH_AT_REST;
use crate::secret::{Digest, digest};
use crate::service::Service;
use crate::state::guesses::{Guesses, Turn};

/// What an entry of a list has beside its own bytes: its tag and length. A token has no more than some of these.
const ENTRY_BYTES: usize = 128;

/// A stream of messages.
type Messages<M> = BoxStream<'static, Result<M, Status>>;

/// The four services, over one service and one keyring.
#[derive(Clone)]
struct Server {
    service: Service,
    keyring: Keyring,
    guesses: Arc<Guesses>,
}

/// All gRPC services, with health (grpc.health.v1) and reflection (grpc.reflection.v1 and v1alpha).
pub(crate) fn routes(service: &Service, keyring: &Keyring) -> Routes {
    let server = Server { service: service.clone(), keyring: keyring.clone(), guesses: keyring.guesses() };
    let (health, health_service) = tonic_health::server::health_reporter();
    let asked = service.clone();
    service.tasks().keep("telling health", move || tell_health(health.clone(), asked.clone()));
    let (mut routes, in_time) = (Routes::builder(), InTime(service.clone()));
    routes
        .add_service(health_service)
        .add_service(
            in_time.around(CatalogServiceServer::new(server.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)),
        )
        .add_service(
            in_time.around(AvailabilityServiceServer::new(server.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)),
        )
        .add_service(
            in_time.around(PresenceServiceServer::new(server.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)),
        )
        .add_service(in_time.around(BookingServiceServer::new(server).max_decoding_message_size(MESSAGE_BYTES_MAX)));
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    // Many clients still ask in the older version of the protocol only.
    match (reflection().build_v1(), reflection().build_v1alpha()) {
        (Ok(current), Ok(older)) => drop(routes.add_service(current).add_service(older)),
        (Err(error), _) | (_, Err(error)) => tracing::error!(%error, "reflection is not served"),
    }
    routes.routes()
}

/// Says whether the component can serve, until the component ends.
async fn tell_health(health: HealthReporter, service: Service) {
    loop {
        let ready = service.is_ready(FRESH_AT_REST).await;
        let serving = if ready.is_ok() { ServingStatus::Serving } else { ServingStatus::NotServing };
        for name in [
            "",
            "booking.v1.CatalogService",
            "booking.v1.AvailabilityService",
            "booking.v1.PresenceService",
            "booking.v1.BookingService",
        ] {
            health.set_service_status(name, serving).await;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

impl Server {
    /// Who calls, by which authority a stream may stay open for them, and what they ask.
    async fn open_stream<M, A: TryFrom<M, Error = Refusal>>(
        &self,
        request: Request<M>,
    ) -> Result<(Caller, Authority, A), Status> {
        let (caller, authority) = self.authority(&request).await?;
        let asked = A::try_from(request.into_inner()).map_err(|refusal| status::refused(&refusal))?;
        Ok((caller, authority, asked))
    }

    /// Who calls, and what they ask.
    async fn open<M, A: TryFrom<M, Error = Refusal>>(&self, request: Request<M>) -> Result<(Caller, A), Status> {
        let caller = self.caller(&request).await?;
        let asked = A::try_from(request.into_inner()).map_err(|refusal| status::refused(&refusal))?;
        Ok((caller, asked))
    }

    async fn caller<M>(&self, request: &Request<M>) -> Result<Caller, Status> {
        let shown = self.shown(request)?;
        let credentials = credentials(&shown)?;
        self.let_in(peer(request), credentials.key, self.keyring.authenticate(credentials)).await
    }

    /// Who calls, and by which authority a stream may stay open for them.
    async fn authority<M>(&self, request: &Request<M>) -> Result<(Caller, Authority), Status> {
        let shown = self.shown(request)?;
        let credentials = credentials(&shown)?;
        self.let_in(peer(request), credentials.key, self.keyring.authorize(credentials)).await
    }

    /// What a request shows. A key that cannot be one is as wrong as one that nobody knows.
    fn shown<M>(&self, request: &Request<M>) -> Result<CallerMetadata, Status> {
        CallerMetadata::read(request.metadata()).map_err(|refusal| self.denied(peer(request), refusal.into()))
    }

    /// What is known of whoever comes from there and shows a key.
    async fn let_in<T>(
        &self,
        from: Option<AddressKey>,
        key: &str,
        known: impl Future<Output = ServiceResult<T>>,
    ) -> Result<T, Status> {
        let turn = self.guesses.turn(from, key).await.map_err(|refusal| status::refused(&refusal))?;
        let known = known.await.map_err(|error| self.denied(from, error))?;
        turn.into_iter().for_each(Turn::was_right);
        Ok(known)
    }

    /// An error as a status; a wrong key counts for where it comes from.
    fn denied(&self, from: Option<AddressKey>, error: ServiceError) -> Status {
        match error {
            ServiceError::Refused(wrong @ Refusal::Unauthenticated) => {
                status::refused(&self.guesses.wrong(from, wrong))
            }
            other => denied(other),
        }
    }

    /// These messages for as long as the authority lasts and the component runs.
    fn stream<M: Send + 'static>(
        &self,
        authority: Authority,
        messages: impl Stream<Item = Result<M, Status>> + Send + 'static,
    ) -> Response<Messages<M>> {
        let authorized = stream::unfold(Some((messages.boxed(), authority)), next_authorized);
        Response::new(self.service.until_stopped(authorized))
    }

    /// Who calls, what they ask, and where they come from.
    async fn open_from<M, A: TryFrom<M, Error = Refusal>>(
        &self,
        request: Request<M>,
    ) -> Result<(Caller, A, Option<AddressKey>), Status> {
        let peer = peer(&request);
        let (caller, asked) = self.open(request).await?;
        // Whom a front asks for, and otherwise who asks.
        Ok((caller, asked, caller.address().or(peer)))
    }

    /// The answer to whoever comes from there and shows a token, or none. It was wrong if there is no such booking.
    async fn unless_guessed<T>(
        &self,
        from: Option<AddressKey>,
        token: Option<&ManagementToken>,
        answer: impl Future<Output = ServiceResult<T>>,
    ) -> ServiceResult<T> {
        let Some(token) = token else { return answer.await };
        let _turn = self.guesses.turn(from, &token.expose()).await?;
        match answer.await {
            Err(ServiceError::Refused(wrong @ Refusal::NotFound { .. })) => Err(self.guesses.wrong(from, wrong).into()),
            answer => answer,
        }
    }
}

/// Where a call comes from, unless it is of this process.
fn peer<M>(request: &Request<M>) -> Option<AddressKey> {
    request.remote_addr().map(|peer| peer.ip().into())
}

fn credentials(shown: &CallerMetadata) -> Result<Credentials<'_>, Status> {
    let key = shown.key.as_ref().ok_or_else(|| status::refused(&Refusal::Unauthenticated))?;
    Ok(Credentials {
        key: key.expose(),
        organization: shown.organization.as_ref(),
        address: shown.address.map(Into::into),
    })
}

/// A stream, and by which authority it is told.
type Authorized<M> = (Messages<M>, Authority);

/// The next message; when the authority ends, that is the last thing told.
async fn next_authorized<M>(open: Option<Authorized<M>>) -> Option<(Result<M, Status>, Option<Authorized<M>>)> {
    let (mut messages, authority) = open?;
    tokio::select! {
        biased;
        () = authority.revoked() => Some((Err(status::refused(&Refusal::Unauthenticated)), None)),
        message = messages.next() => message.map(|message| (message, Some((messages, authority)))),
    }
}

/// The answer as a message.
fn answered<T, M: for<'a> From<&'a T>>(answer: ServiceResult<T>) -> Result<Response<M>, Status> {
    answer.map(|value| Response::new(M::from(&value))).map_err(denied)
}

/// What lists entries, page by page.
trait Listed {
    /// An entry.
    type Entry;

    /// Those on this page.
    fn entries(&self) -> &[Self::Entry];
}

impl<T> Listed for Page<T> {
    type Entry = T;

    fn entries(&self) -> &[T] {
        &self.items
    }
}

impl Listed for BookingPages {
    type Entry = BookingPage;

    fn entries(&self) -> &[BookingPage] {
        &self.page.items
    }
}

/// A page as a message that is not too long. A page that would be is asked for again with as many entries as fit, so that its token
/// goes on where it ends.
async fn listed<L, E, M, F>(mut page: PageRequest, list: impl Fn(PageRequest) -> F) -> Result<Response<M>, Status>
where
    L: Listed,
    E: Message + for<'a> From<&'a L::Entry>,
    M: Message + for<'a> From<&'a L>,
    F: Future<Output = ServiceResult<L>>,
{
    loop {
        let found = list(page.clone()).await.map_err(denied)?;
        let message = M::from(&found);
        if found.entries().len() <= 1 || message.encoded_len() <= limits::PAGE_BYTES {
            return Ok(Response::new(message));
        }
        page.size = fitting(found.entries().iter().map(|entry| E::from(entry).encoded_len()));
    }
}

/// How many entries of these lengths fit a page: at least one, and not all.
fn fitting(lengths: impl ExactSizeIterator<Item = usize>) -> u32 {
    let all = lengths.len();
    let sums = lengths.scan(ENTRY_BYTES, |sum, length| {
        *sum += length + ENTRY_BYTES;
        Some(*sum)
    });
    let fit = sums.take_while(|sum| *sum <= limits::PAGE_BYTES).count();
    u32::try_from(fit.min(all - 1).max(1)).unwrap_or(1)
}

/// An error as a status. What broke is logged here, once, under an id that is all the caller learns.
fn denied(error: ServiceError) -> Status {
    match error {
        ServiceError::Refused(refusal) => status::refused(&refusal),
        ServiceError::Away(why) => patience::away(why),
        ServiceError::Failed(failure) => {
            let request_id = format!("{:.16}", hex::encode(random_bytes()));
            tracing::error!(request_id, error = &failure as &dyn std::error::Error, "a call failed");
            status::failed(&request_id)
        }
    }
}

/// The fingerprint of all that a message asks, without the idempotency key.
fn fingerprint<M: Message>(message: &mut M, key: fn(&mut M) -> &mut String) -> Digest {
    let kept = std::mem::take(key(message));
    let asks = digest(&[b"request", &message.encode_to_vec()]);
    *key(message) = kept;
    asks
}
