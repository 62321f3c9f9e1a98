//! API keys: who a caller is, and how keys are made, listed and revoked.

mod authority;
mod review;

use std::collections::BTreeSet;
use std::sync::Arc;

use booking_domain::address::AddressKey;
use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::refusal::Refusal;
use booking_domain::text::{Name, Slug};

use crate::caller::Caller;
use crate::clock::Clock;
use crate::error::ServiceResult;
use crate::ids::{Ids, random_bytes};
use crate::secret::Digest;
use crate::secret::{digest, equal};
use crate::state::guesses::{GUESSES, Guesses};
use crate::store::{Store, api_keys, organizations};

use self::authority::Authorities;
pub use self::authority::Authority;
pub use crate::store::api_keys::{Scope, StoredKey};

/// Every key of ours begins with this, so that people and secret scanners know it when they see it.
pub const PREFIX: &str = "hf_";

/// What a caller shows.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The API key.
    pub key: &'a str,
    /// The organization that a front names.
    pub organization: Option<&'a Slug>,
    /// The client's address that a front names.
    pub address: Option<AddressKey>,
}

/// The API keys.
#[derive(Clone)]
pub struct Keyring {
    store: Store,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    /// The key of the front in this process. It rests nowhere.
    own_front_key: String,
    /// By whose authority streams are open.
    authorities: Arc<Authorities>,
    /// What was guessed of secrets, by whichever way.
    guesses: Arc<Guesses>,
}

fn hash_of(key: &str) -> Digest {
    digest(&[b"api key", key.as_bytes()])
}

/// A new key: the prefix and 244 random bits in hexadecimal digits.
fn draw() -> String {
    format!("{PREFIX}{}", hex::encode(random_bytes()))
}

impl Keyring {
    /// The keys in this store.
    pub fn new(store: Store, clock: Arc<dyn Clock>, ids: Arc<Ids>) -> Self {
        Self {
            store,
            clock,
            ids,
            own_front_key: draw(),
            authorities: Arc::default(),
            guesses: Arc::new(Guesses::new(Some(GUESSES))),
        }
    }

    /// What was guessed of secrets.
    pub fn guesses(&self) -> Arc<Guesses> {
        Arc::clone(&self.guesses)
    }

    /// The key with which the front in this process calls.
    pub fn own_front_key(&self) -> &str {
        &self.own_front_key
    }

    /// Who this is.
    ///
    /// # Errors
    /// Refused when nobody has this key or it was revoked, when an operator's is shown on behalf of somebody, or when it names
    /// an organization that there is not; or the store fails.
    pub async fn authenticate(&self, shown: Credentials<'_>) -> ServiceResult<Caller> {
        Ok(self.identify(shown).await?.0)
    }

    /// Who this is, and the authority by which something may stay open for them.
    ///
    /// # Errors
    /// As for `authenticate`.
    pub async fn authorize(&self, shown: Credentials<'_>) -> ServiceResult<(Caller, Authority)> {
        let (caller, key) = self.identify(shown).await?;
        Ok((caller, key.map_or(Authority::own(), |key| self.authorities.of(key))))
    }

    /// Who this is, and with which of the stored keys.
    async fn identify(&self, shown: Credentials<'_>) -> ServiceResult<(Caller, Option<ApiKeyId>)> {
        let hash = hash_of(shown.key);
        if equal(hash, hash_of(&self.own_front_key)) {
            return Ok((self.front(shown).await?, None));
        }
        let mut tx = self.store.read().await?;
        let found = api_keys::find_by_hash(&mut tx, hash).await?.filter(|key| key.revoked_at.is_none());
        drop(tx);
        let found = found.ok_or(Refusal::Unauthenticated)?;
        let caller = match found.scope {
            // Who calls for somebody else is a front: the public must not be let through as an operator by a wrong `--front-key`.
            Scope::Admin(_) if shown.address.is_some() => return Err(Refusal::PermissionDenied.into()),
            Scope::Admin(organization) => Caller::owner(organization),
            Scope::Front => self.front(shown).await?,
        };
        Ok((caller, Some(found.id)))
    }

    async fn front(&self, shown: Credentials<'_>) -> ServiceResult<Caller> {
        let organization = match shown.organization {
            Some(slug) => Some(self.organization(slug).await?),
            None => None,
        };
        Ok(Caller::front(organization, shown.address))
    }

    /// The organization with this slug.
    ///
    /// # Errors
    /// Refused when there is none; or the store fails.
    pub async fn organization(&self, slug: &Slug) -> ServiceResult<OrganizationId> {
        let mut tx = self.store.read().await?;
        let found = organizations::find_by_slug(&mut tx, slug).await?;
        Ok(found.ok_or(Refusal::not_found("organization"))?.id)
    }

    /// Makes a key, and tells its secret this once.
    ///
    /// # Errors
    /// The store fails.
    pub async fn create(&self, scope: Scope, name: Name) -> ServiceResult<(ApiKeyId, String)> {
        let key = draw();
        Ok((self.install(&key, scope, name).await?, key))
    }

    /// Installs a key that an operator chose, unless it is there already.
    ///
    /// # Errors
    /// The store fails.
    pub async fn install(&self, key: &str, scope: Scope, name: Name) -> ServiceResult<ApiKeyId> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        if let Some(found) = api_keys::find_by_hash(&mut tx, hash_of(key)).await? {
            return Ok(found.id);
        }
        let id = ApiKeyId::new(self.ids.next(now));
        let entry = StoredKey { id, scope, name, created_at: now, revoked_at: None };
        api_keys::insert(&mut tx, &entry, hash_of(key)).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Every key that was ever made, revoked ones too.
    ///
    /// # Errors
    /// The store fails.
    pub async fn list(&self) -> ServiceResult<Vec<StoredKey>> {
        let mut tx = self.store.read().await?;
        Ok(api_keys::list(&mut tx).await?)
    }

    /// Ends a key's life. From then on nobody is let in with it, and what is open with it ends: here at once, in other processes
    /// with their next review.
    ///
    /// # Errors
    /// Refused when there is no such key, or it was revoked before; or the store fails.
    pub async fn revoke(&self, id: ApiKeyId) -> ServiceResult<()> {
        let mut tx = self.store.write().await?;
        if !api_keys::revoke(&mut tx, id, self.clock.now()).await? {
            return Err(Refusal::not_found("key").into());
        }
        tx.commit().await?;
        self.authorities.revoke(&BTreeSet::from([id]));
        Ok(())
    }

    /// Waits for what is open, and closes the store.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
