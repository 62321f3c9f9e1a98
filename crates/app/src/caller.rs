//! Who calls: an operator with a key, or the public through the front's own.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use axum::extract::FromRequestParts;
use booking_client::{ApiKey, CallError, ManagementToken};
use booking_domain::refusal::Refusal;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::address::Peer;
use crate::answer::Answer;
use crate::browser::Browser;
use crate::front::{Api, Front, Shared};
use crate::model::problem::Problem;
use crate::throttle::Kind;

/// How many hexadecimal digits a management token has.
const TOKEN_DIGITS: usize = 64;

/// What is told to whom a booking is not shown.
const NOTHING: Refusal = Refusal::NotFound { what: "booking" };

/// The calls with the operator's key.
pub struct Admin(pub Api);

/// The calls of the public; with a key, of its owner, to whom caps for addresses do not apply.
pub struct Public(pub Api);

/// The calls of somebody who may have a booking's token. Whoever shows nothing learns nothing.
pub struct Holder {
    /// The calls with what was shown as key.
    keyed: Api,
    /// The calls with the front's key, and the token shown if it can be one.
    bearer: Option<(Api, ManagementToken)>,
    /// Whether what was shown says that it is an API key.
    is_surely_key: bool,
}

/// A browser in which a page fell over. It calls nothing, and has a bucket of its own.
pub struct Reporter(pub Browser);

/// The client's address.
pub fn address(parts: &Parts, front: &Shared) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| peer.ip());
    front.trusted.client(peer, &parts.headers)
}

/// What is shown as bearer (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, shown) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(shown.trim())
}

fn with_key(parts: &Parts, front: &Shared) -> Result<Option<Api>, Refusal> {
    // Whatever else stands there is for somebody in between, such as a proxy that asks for a password.
    let Some(shown) = bearer(&parts.headers) else { return Ok(None) };
    front.throttle.check(Kind::Guess, address(parts, front), Instant::now())?;
    let key = ApiKey::parse(shown).map_err(|_| Refusal::Unauthenticated)?;
    Ok(Some(front.api.with_key(key)))
}

fn public(parts: &Parts, front: &Shared) -> Result<Api, Refusal> {
    let address = address(parts, front);
    front.throttle.take(Kind::Public, address, Instant::now())?;
    Ok(front.public.on_behalf_of(None, Some(address)))
}

impl FromRequestParts<Front> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        let api = with_key(parts, front)?.ok_or(Refusal::Unauthenticated)?;
        // Asked before the rest of the request is read: whoever may not call is told that, and not what is wrong with the call.
        api.get_organization().await?;
        Ok(Self(api))
    }
}

impl FromRequestParts<Front> for Public {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        match with_key(parts, front)? {
            Some(api) => Ok(Self(api)),
            None => Ok(Self(public(parts, front)?)),
        }
    }
}

impl FromRequestParts<Front> for Reporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        front.throttle.take_report(address(parts, front), Instant::now())?;
        Ok(Self(Browser::of(&parts.headers)))
    }
}

impl FromRequestParts<Front> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Problem> {
        let shown = bearer(&parts.headers).unwrap_or_default();
        // An operator's key may be of any form, a token's too; so what may be either is tried as both.
        let may_be_token = shown.len() == TOKEN_DIGITS && shown.bytes().all(|digit| digit.is_ascii_hexdigit());
        let token = ManagementToken::parse(shown).ok().filter(|_| may_be_token);
        let bearer = token.map(|token| public(parts, front).map(|api| (api, token))).transpose()?;
        let is_surely_key = shown.starts_with("hf_");
        let Ok(key) = ApiKey::parse(shown) else {
            public(parts, front)?;
            return Err(NOTHING.into());
        };
        front.throttle.check(Kind::Guess, address(parts, front), Instant::now())?;
        Ok(Self { keyed: front.api.with_key(key), bearer, is_surely_key })
    }
}

impl Holder {
    /// The answer, if what was shown is good for it, as a token or as a key.
    ///
    /// # Errors
    /// `not_found`, or why the call was refused.
    pub async fn ask<T, F>(self, ask: impl Fn(Api, Option<ManagementToken>) -> F) -> Answer<T>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        if let Some((api, token)) = self.bearer {
            match ask(api, Some(token)).await {
                Err(CallError::Refused(Refusal::NotFound { .. })) => {}
                answered => return Ok(answered?),
            }
        }
        match ask(self.keyed, None).await {
            Err(CallError::Refused(Refusal::Unauthenticated)) if !self.is_surely_key => Err(NOTHING.into()),
            answered => Ok(answered?),
        }
    }
}
