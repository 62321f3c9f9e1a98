//! The client itself: who calls, how long a call may take, and how a call is made.

use std::net::IpAddr;
use std::time::Duration;

use booking_domain::refusal::Refusal;
use booking_domain::secret::ApiKey;
use booking_domain::text::Slug;
use booking_proto::MESSAGE_BYTES_MAX;
use booking_proto::caller::CallerMetadata;
use booking_proto::v1::availability_service_client::AvailabilityServiceClient;
use booking_proto::v1::booking_service_client::BookingServiceClient;
use booking_proto::v1::catalog_service_client::CatalogServiceClient;
use booking_proto::v1::presence_service_client::PresenceServiceClient;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tonic::{Request, Response, Status, Streaming};

use crate::error::{CallError, answer};
use crate::front_key::FrontKey;
use crate::transport::Transport;

/// How long a call may take unless said otherwise: longer than the component takes for any answer, shorter than people wait.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// A stream of what the component tells. After an error it ends.
pub type CallStream<T> = BoxStream<'static, Result<T, CallError>>;

/// All calls of the booking component, each a typed async method.
///
/// The methods are in the order of the contract: the catalog, availability, presence, bookings.
#[derive(Clone, Debug)]
pub struct BookingApi<C> {
    transport: C,
    caller: CallerMetadata,
    /// What is known of the key, if it is a front's.
    front_key: Option<FrontKey>,
    timeout: Duration,
}

/// The booking component's calls over this transport.
pub fn make_booking_api<C: Transport>(transport: C) -> BookingApi<C> {
    BookingApi { transport, caller: CallerMetadata::default(), front_key: None, timeout: CALL_TIMEOUT }
}

macro_rules! clients {
    ($($name:ident $client:ident)+) => {$(
        pub(crate) fn $name(&self) -> $client<C> {
            $client::new(self.transport.clone())
                .max_decoding_message_size(MESSAGE_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_BYTES_MAX)
        }
    )+};
}

impl<C: Transport> BookingApi<C> {
    clients! {
        catalog CatalogServiceClient
        availability AvailabilityServiceClient
        presence PresenceServiceClient
        bookings BookingServiceClient
    }

    /// The same calls with this API key.
    #[must_use]
    pub fn with_key(&self, key: ApiKey) -> Self {
        let caller = CallerMetadata { key: Some(key), ..self.caller.clone() };
        Self { caller, front_key: None, ..self.clone() }
    }

    /// The same calls with this `front` key, for people who have none. Should it open no door, that is [`CallError::NotAFront`],
    /// and no refusal: theirs it is not.
    #[must_use]
    pub fn with_front_key(&self, key: ApiKey) -> Self {
        Self { front_key: Some(FrontKey::default()), ..self.with_key(key) }
    }

    /// The same calls on behalf of a client: the organization whose pages it uses, and the address that it comes from. For a
    /// `front` key.
    #[must_use]
    pub fn on_behalf_of(&self, organization: Option<Slug>, address: Option<IpAddr>) -> Self {
        let caller = CallerMetadata { key: self.caller.key.clone(), organization, address };
        Self { caller, ..self.clone() }
    }

    /// The same calls, each of which may take so long. Of a stream, that is the time until it begins.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// A call that is answered once.
    pub(crate) fn once<P>(&self, message: impl Into<P>) -> Request<P> {
        let mut request = self.lasting(message.into());
        // The other side stops working when nobody waits any more.
        request.set_timeout(self.timeout);
        request
    }

    /// A call that is answered for as long as somebody listens.
    pub(crate) fn lasting<P>(&self, message: P) -> Request<P> {
        let mut request = Request::new(message);
        self.caller.write(request.metadata_mut());
        request
    }

    /// The answer to a call.
    pub(crate) async fn answer<P, T: TryFrom<P, Error = Refusal>>(
        &self,
        call: impl Future<Output = Result<Response<P>, Status>>,
    ) -> Result<T, CallError> {
        answer(self.in_time(call).await?)
    }

    /// The answers to a call, once it has begun to be answered.
    pub(crate) async fn answers<P: 'static, T: TryFrom<P, Error = Refusal> + 'static>(
        &self,
        call: impl Future<Output = Result<Response<Streaming<P>>, Status>>,
    ) -> Result<CallStream<T>, CallError> {
        let messages = self.in_time(call).await?;
        let front_key = self.front_key.clone();
        // After an error there is no state, and so nothing after it.
        let told = stream::unfold(Some((messages, front_key)), |open| async {
            let (mut messages, front_key) = open?;
            let told = messages.next().await?.map_err(|status| refused(status, front_key.as_ref())).and_then(answer);
            let rest = told.is_ok().then_some((messages, front_key));
            Some((told, rest))
        });
        Ok(told.boxed())
    }

    async fn in_time<P>(&self, call: impl Future<Output = Result<Response<P>, Status>>) -> Result<P, CallError> {
        // In process, no transport watches the time; here both ways are alike.
        match tokio::time::timeout(self.timeout, call).await {
            Ok(answered) => {
                let answer = answered.map_err(|status| refused(status, self.front_key.as_ref()))?;
                self.front_key.iter().for_each(FrontKey::was_accepted);
                Ok(answer.into_inner())
            }
            Err(_) => Err(CallError::Unreachable),
        }
    }
}

/// Why a call gave no answer.
fn refused(status: Status, front_key: Option<&FrontKey>) -> CallError {
    let error = CallError::from(status);
    match front_key {
        Some(key) => key.judge(error),
        None => error,
    }
}
