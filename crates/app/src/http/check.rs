//! A hook that is asked before the public may hold or book: the operator decides by it, say after a captcha.
//!
//! It is asked once for a session that holds, and for each booking. While there is no answer that can be read, the public is told
//! `unavailable`: what guards a door does not open it by falling over.

mod passed;

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use booking_client::CreateBooking;
use booking_component::outage::Outage;
use booking_domain::address::AddressKey;
use booking_domain::hold::SessionId;
use booking_domain::id::EventTypeId;
use booking_domain::invalid::Invalid;
use booking_domain::refusal::Refusal;
use booking_domain::text::Email;
use booking_domain::{DateTime, Utc};
use futures::StreamExt;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use self::passed::{Call, Passed};
use crate::http::shares::Shares;

/// How long the hook may take: people wait for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// Questions that are under way at once; more wait for their turn within the same patience.
const AT_ONCE: usize = 64;
/// Questions of one address that are under way or wait: so many people at once behind one address, and nobody else waits for more.
const AT_ONCE_PER_ADDRESS: usize = 8;
/// Questions of everybody that are under way or wait.
const WAITING: usize = 1_024;
/// What an outage of the hook is called.
const OUTAGE: &str = "the hook of --check-url, without which the public can neither hold nor book";
/// Longest answer that is read, in bytes: a word and a sentence.
const ANSWER_BYTES: usize = 16 * 1024;
/// Longest sentence of the hook that is told, in characters.
const DETAIL_CHARS: usize = 300;
/// What is told when the hook says no without a word.
const NO: &str = "this was not let through";

/// What somebody wants to do.
#[derive(Debug, Serialize)]
pub struct CheckRequest<'a> {
    /// `hold` or `book`.
    pub action: &'static str,
    /// Of which event type.
    pub event_type_id: EventTypeId,
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Where they come from.
    pub address: IpAddr,
    /// Whom they say they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// What they sent as `Check-Token`, such as a captcha's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<&'a str>,
}

/// What the hook says.
#[derive(Debug, Deserialize)]
struct Verdict {
    allow: bool,
    detail: Option<String>,
}

/// Why what the hook said cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

/// The hook.
pub struct Check {
    url: Url,
    client: Client,
    shares: Arc<Shares>,
    turns: Semaphore,
    passed: Passed,
    /// Its keys are this process's own, so that nobody can make two calls look like one.
    hasher: RandomState,
    outage: Outage,
}

impl Check {
    /// The hook at this address.
    ///
    /// # Errors
    /// It is no address of a hook.
    pub fn at(url: &str) -> Result<Self, Invalid> {
        let wrong = Invalid("must be a URL such as https://hooks.example.org/check, without a user");
        let url = Url::parse(url).map_err(|_| wrong)?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        if !matches!(url.scheme(), "http" | "https") || has_user {
            return Err(wrong);
        }
        // Whoever else has chosen one has chosen the same: a second choice is refused, and harmless.
        _ = rustls::crypto::ring::default_provider().install_default();
        // Whoever may say yes is at this address, and nowhere else.
        let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).no_proxy().build();
        let client = client.map_err(|_| Invalid("cannot be asked: the system's certificates cannot be read"))?;
        let (shares, turns) = (Shares::new(WAITING, Some(AT_ONCE_PER_ADDRESS)), Semaphore::new(AT_ONCE));
        Ok(Self {
            url,
            client,
            shares,
            turns,
            passed: Passed::default(),
            hasher: RandomState::new(),
            outage: Outage::of(OUTAGE),
        })
    }

    /// Asks for a session that wants to hold, unless it has passed lately.
    ///
    /// # Errors
    /// It may not, or nobody says that it may.
    pub async fn hold(&self, session: SessionId, question: &CheckRequest<'_>) -> Result<(), Refusal> {
        self.ask_once(Call::Hold(session.expose()), question).await
    }

    /// Asks for somebody who wants to book, unless it is the same call again: what a captcha answered is good once, and whoever
    /// missed the answer asks for it with the same idempotency key.
    ///
    /// # Errors
    /// They may not, or nobody says that they may.
    pub async fn book(&self, asked: &CreateBooking, question: &CheckRequest<'_>) -> Result<(), Refusal> {
        let Some(id) = &asked.request_id else { return self.ask(question).await };
        let email = asked.booker.email.as_ref().map(Email::as_str);
        let call = (id.as_str(), asked.slot.event_type_id, asked.slot.start, email);
        self.ask_once(Call::Booking(self.hasher.hash_one(call)), question).await
    }

    async fn ask_once(&self, call: Call, question: &CheckRequest<'_>) -> Result<(), Refusal> {
        let key = (call, AddressKey::from(question.address));
        if self.passed.renew(key) {
            return Ok(());
        }
        self.ask(question).await?;
        self.passed.note(key);
        Ok(())
    }

    async fn ask(&self, question: &CheckRequest<'_>) -> Result<(), Refusal> {
        let _share = self.shares.take(Some(question.address))?;
        match tokio::time::timeout(PATIENCE, self.verdict(question)).await {
            Ok(Ok(verdict)) => {
                self.outage.serves();
                verdict
            }
            Ok(Err(why)) => Err(self.closed(why)),
            Err(_) => Err(self.closed("it did not answer in time".to_owned())),
        }
    }

    fn closed(&self, why: String) -> Refusal {
        self.outage.refuse(&Unreadable(why));
        Refusal::Unavailable
    }

    async fn verdict(&self, question: &CheckRequest<'_>) -> Result<Result<(), Refusal>, String> {
        let _turn = self.turns.acquire().await.map_err(|error| error.to_string())?;
        let asked = self.client.post(self.url.clone()).json(question).send().await;
        // The address may have a secret in its query: it is not told.
        let answer = asked.map_err(|error| error.without_url().to_string())?;
        let status = answer.status();
        if status != reqwest::StatusCode::FORBIDDEN && !status.is_success() {
            return Err(format!("it answered {status}"));
        }
        let body = body_of(answer).await?;
        match serde_json::from_slice::<Verdict>(&body) {
            Ok(Verdict { allow: true, .. }) if status.is_success() => Ok(Ok(())),
            Ok(Verdict { detail, .. }) => Ok(Err(denied(detail))),
            Err(_) if status == reqwest::StatusCode::FORBIDDEN => Ok(Err(denied(None))),
            Err(error) => Err(error.to_string()),
        }
    }
}

async fn body_of(answer: reqwest::Response) -> Result<Vec<u8>, String> {
    let (mut body, mut chunks) = (Vec::new(), answer.bytes_stream());
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(|error| error.without_url().to_string())?);
        if body.len() > ANSWER_BYTES {
            return Err("its answer is too long".to_owned());
        }
    }
    Ok(body)
}

fn denied(detail: Option<String>) -> Refusal {
    let said = detail.unwrap_or_default();
    let plain: String = said.chars().filter(|c| !c.is_control()).take(DETAIL_CHARS).collect();
    Refusal::Denied { detail: if plain.trim().is_empty() { NO.to_owned() } else { plain } }
}
