//! Who calls: an operator with a key, or the public through the front's own.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use axum::extract::{FromRequestParts, Path, Request};
use booking_client::{ApiKey, BookingRef, CallError, CreateBooking, HeartbeatRequest, ManagementToken, SlotRequest};
use booking_component::state::guesses::Turn;
use booking_domain::address::AddressKey;
use booking_domain::booking::Booking;
use booking_domain::id::BookingId;
use booking_domain::refusal::Refusal;
use booking_domain::text::Email;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{Extensions, HeaderMap};

use crate::http::address::Peer;
use crate::http::answer::HttpResult;
use crate::http::browser::Browser;
use crate::http::channel::Api;
use crate::http::check::{Check, CheckRequest};
use crate::http::model::problem::Problem;
use crate::http::state::{AppState, SharedState};

/// What a page sends for the hook, such as a captcha's answer.
const CHECK_TOKEN: &str = "check-token";
/// The longest of it, in bytes: the longest captchas' answers are half as long.
const CHECK_TOKEN_BYTES: usize = 8 * 1024;

/// What is told to whom a booking is not shown.
const NOTHING: Refusal = Refusal::not_found("booking");

/// The calls with the operator's key.
pub struct Admin(pub Api);

/// The calls of the public; with an operator's key, of its owner, to whom caps for addresses do not apply.
pub struct Public(pub Api);

/// The calls of somebody who would hold or book: of the public, whom a hook may have to let through, or of a key's owner.
pub struct Asker {
    /// The calls.
    pub api: Api,
    /// Of the public: where it comes from, and what it sent for the hook.
    public: Option<(IpAddr, Option<String>)>,
    app: SharedState,
}

/// Whoever asks for a time to which a booking may have to move: what is asked for names it, and is read first.
pub struct Mover {
    /// Who calls, where what is shown says by itself that it is no booking's token.
    known: Option<Asker>,
    from: IpAddr,
    headers: HeaderMap,
    app: SharedState,
}

/// The calls of whoever may see and change the booking that the path names. Whoever shows nothing learns nothing.
pub enum Holder {
    /// The bearer of its token, which was found right, and the booking as it was then.
    Bearer(Api, ManagementToken, Box<Booking>),
    /// An operator.
    Operator(Api),
}

/// A browser in which a page fell over. It calls nothing, and has a bucket of its own.
pub struct Reporter(pub Browser);

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Operator,
    /// A front's, which is for gRPC: here, its owner is the public like everybody else.
    Front,
}

/// Where a request of the public comes from, as caps count it; nothing for whoever shows a key.
pub struct Origin(pub Option<AddressKey>);

impl FromRequestParts<SharedState> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Infallible> {
        let counted = bearer(&parts.headers).is_none();
        Ok(Self(counted.then(|| address(parts, app).into())))
    }
}

/// The client's address.
pub fn client(request: &Request, app: &AppState) -> IpAddr {
    address_of((request.extensions(), request.headers()), app)
}

fn address(parts: &Parts, app: &AppState) -> IpAddr {
    address_of((&parts.extensions, &parts.headers), app)
}

fn address_of((extensions, headers): (&Extensions, &HeaderMap), app: &AppState) -> IpAddr {
    let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| peer.ip());
    app.trusted.client(peer, headers)
}

/// What is shown as bearer (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1). Whatever else stands there is for
/// somebody in between, such as a proxy that asks for a password.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, shown) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(shown.trim())
}

/// Whether this is an operator's key; a wrong one is not counted, because it is shown again.
pub async fn is_operator(shown: &str, from: IpAddr, app: &AppState) -> bool {
    let Ok(key) = ApiKey::parse(shown) else { return false };
    let Ok(_turn) = app.guesses.turn(Some(from.into()), shown).await else { return false };
    app.api.with_key(key).get_organization().await.is_ok()
}

/// Whose key this is, asked before anything else of a request is read: whoever may not call is told that, and not what is wrong with
/// the call. A right key is let in whatever else comes from its address; a wrong one is counted.
async fn role(shown: &str, from: IpAddr, app: &AppState) -> HttpResult<(Api, Role)> {
    let wrong = || Problem::from(app.guesses.wrong(Some(from.into()), Refusal::Unauthenticated));
    let Ok(key) = ApiKey::parse(shown) else { return Err(wrong()) };
    let api = app.api.with_key(key);
    let turn = app.guesses.turn(Some(from.into()), shown).await?;
    match api.get_organization().await {
        Ok(_) => {
            turn.into_iter().for_each(Turn::was_right);
            Ok((api, Role::Operator))
        }
        Err(CallError::Refused(Refusal::PermissionDenied)) => Ok((api, Role::Front)),
        Err(CallError::Refused(Refusal::Unauthenticated | Refusal::RateLimited { .. })) => Err(wrong()),
        Err(error) => Err(error.into()),
    }
}

fn public(from: IpAddr, app: &AppState) -> Result<Api, Refusal> {
    app.throttle.take_call(from, Instant::now())?;
    Ok(app.public.on_behalf_of(None, Some(from)))
}

/// The calls of whoever this is, and of the public where it comes from.
async fn anybody(from: IpAddr, headers: &HeaderMap, app: &AppState) -> HttpResult<(Api, Option<IpAddr>)> {
    if let Some(shown) = bearer(headers)
        && let (api, Role::Operator) = role(shown, from, app).await?
    {
        return Ok((api, None));
    }
    Ok((public(from, app)?, Some(from)))
}

impl FromRequestParts<SharedState> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        let shown = bearer(&parts.headers).ok_or(Refusal::Unauthenticated)?;
        match role(shown, address(parts, app), app).await? {
            (api, Role::Operator) => Ok(Self(api)),
            (_, Role::Front) => Err(Refusal::PermissionDenied.into()),
        }
    }
}

impl FromRequestParts<SharedState> for Public {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        anybody(address(parts, app), &parts.headers, app).await.map(|(api, _)| Self(api))
    }
}

impl FromRequestParts<SharedState> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        Ok(Self::of(anybody(address(parts, app), &parts.headers, app).await?, &parts.headers, app)?)
    }
}

impl FromRequestParts<SharedState> for Mover {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        let (from, headers) = (address(parts, app), parts.headers.clone());
        let is_key = bearer(&headers).is_none_or(|shown| shown.starts_with("hf_"));
        let known = match is_key {
            false => None,
            true => Some(Asker::of(anybody(from, &headers, app).await?, &headers, app)?),
        };
        Ok(Self { known, from, headers, app: SharedState::clone(app) })
    }
}

impl Mover {
    /// Who asks on behalf of this booking, if it is one; what was shown for it is noted there.
    ///
    /// # Errors
    /// What is shown is neither its token nor a key: then there is no such booking.
    pub async fn asks(self, moving: &mut Option<BookingRef>) -> HttpResult<Asker> {
        let Self { known, from, headers, app } = self;
        if let Some(asker) = known {
            return Ok(asker);
        }
        let token = bearer(&headers).and_then(|shown| ManagementToken::parse(shown).ok());
        if let Some((booking, token)) = moving.as_mut().zip(token)
            && let Some(Holder::Bearer(api, token, _)) = bearer_of(booking.id, token, (from, &app)).await?
        {
            booking.management_token = Some(token);
            return Ok(Asker::of((api, Some(from)), &headers, &app)?);
        }
        match anybody(from, &headers, &app).await {
            Ok(known) => Ok(Asker::of(known, &headers, &app)?),
            // To whom shows something else, there is no such booking.
            Err(Problem { status: 401, .. }) if moving.is_some() => Err(NOTHING.into()),
            Err(problem) => Err(problem),
        }
    }
}

impl Asker {
    fn of((api, from): (Api, Option<IpAddr>), headers: &HeaderMap, app: &SharedState) -> Result<Self, Refusal> {
        let public = from.map(|from| Ok::<_, Refusal>((from, check_token(headers)?))).transpose()?;
        Ok(Self { api, public, app: SharedState::clone(app) })
    }

    /// Asks the hook, if there is one, whether the public may hold this.
    ///
    /// # Errors
    /// It may not, or nobody says that it may.
    pub async fn may_hold(&self, beat: &HeartbeatRequest) -> Result<(), Refusal> {
        let Some((check, question)) = self.question("hold", beat.slot) else { return Ok(()) };
        check.hold(beat.session_id, &question).await
    }

    /// Asks the hook, if there is one, whether the public may book this.
    ///
    /// # Errors
    /// It may not, or nobody says that it may.
    pub async fn may_book(&self, asked: &CreateBooking) -> Result<(), Refusal> {
        let Some((check, question)) = self.question("book", asked.slot) else { return Ok(()) };
        let email = asked.booker.email.as_ref().map(Email::as_str);
        check.book(asked, &CheckRequest { email, ..question }).await
    }

    /// Whether it is the public that asks.
    pub const fn is_public(&self) -> bool {
        self.public.is_some()
    }

    fn question(
        &self,
        action: &'static str,
        SlotRequest { event_type_id, start, .. }: SlotRequest,
    ) -> Option<(&Check, CheckRequest<'_>)> {
        let (address, token) = self.public.as_ref()?;
        let question =
            CheckRequest { action, event_type_id, start, address: *address, email: None, token: token.as_deref() };
        Some((self.app.check.as_ref()?, question))
    }
}

/// What was sent for the hook.
fn check_token(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(sent) = headers.get(CHECK_TOKEN) else { return Ok(None) };
    let text = sent.to_str().ok().filter(|text| text.len() <= CHECK_TOKEN_BYTES);
    let text = text.ok_or_else(|| Refusal::field("Check-Token", "must be at most 8 KiB of visible ASCII"))?;
    Ok(Some(text.to_owned()))
}

impl FromRequestParts<SharedState> for Reporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        app.throttle.take_report(address(parts, app), Instant::now())?;
        Ok(Self(Browser::of(&parts.headers)))
    }
}

impl FromRequestParts<SharedState> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &SharedState) -> Result<Self, Problem> {
        let from = address(parts, app);
        let path = Path::<String>::from_request_parts(parts, app).await;
        let id = path.ok().and_then(|Path(text)| text.parse::<BookingId>().ok());
        let Some(shown) = bearer(&parts.headers).filter(|shown| !shown.is_empty()) else {
            public(from, app)?;
            return Err(NOTHING.into());
        };
        // An operator's key may be of any form, a token's too; so what may be either is tried as both.
        if let Some((id, token)) = id.zip(ManagementToken::parse(shown).ok())
            && let Some(holder) = bearer_of(id, token, (from, app)).await?
        {
            return Ok(holder);
        }
        match role(shown, from, app).await {
            Ok((api, Role::Operator)) => Ok(Self::Operator(api)),
            Ok((_, Role::Front)) => Err(NOTHING.into()),
            Err(Problem { status: 401, .. }) if !shown.starts_with("hf_") => Err(NOTHING.into()),
            Err(problem) => Err(problem),
        }
    }
}

/// The bearer of this booking's token, if it is that. A right token has calls of its own once its address has none left.
async fn bearer_of(
    id: BookingId,
    token: ManagementToken,
    (from, app): (IpAddr, &AppState),
) -> HttpResult<Option<Holder>> {
    let api = app.public.on_behalf_of(None, Some(from));
    let turn = app.guesses.turn(Some(from.into()), &token.expose()).await?;
    match api.get_booking(id, Some(&token)).await {
        Ok(booking) => {
            turn.into_iter().for_each(Turn::was_right);
            app.throttle.take_call_of(&token, from, Instant::now())?;
            Ok(Some(Holder::Bearer(api, token, Box::new(booking))))
        }
        Err(CallError::Refused(Refusal::NotFound { .. } | Refusal::RateLimited { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Holder {
    /// The way to the component, and what is shown there besides.
    pub fn way(self) -> (Api, Option<ManagementToken>) {
        match self {
            Self::Bearer(api, token, _) => (api, Some(token)),
            Self::Operator(api) => (api, None),
        }
    }
}
