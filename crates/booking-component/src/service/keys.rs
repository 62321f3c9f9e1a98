//! API keys: who a caller is, and how keys are made and revoked.

use booking_domain::hold::AddressKey;
use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::refusal::Refusal;
use booking_domain::text::{Name, Slug};

use crate::ids::random_bytes;
use crate::secret::Hash;
use crate::service::caller::Caller;
use crate::service::{Answer, Service};
use crate::store::api_keys::{self, ApiKey, Role};
use crate::store::organizations;

/// Every key of ours begins with this, so that secret scanners and people know it when they see it.
pub const PREFIX: &str = "hf_";

/// What a caller shows.
pub struct Credentials<'a> {
    /// The API key.
    pub key: &'a str,
    /// The organization that a front names.
    pub organization: Option<&'a str>,
    /// The client's address that a front names.
    pub address: Option<AddressKey>,
}

fn key_hash(key: &str) -> Hash {
    Hash::of(&[b"api key", key.as_bytes()])
}

/// A new key: the prefix and 244 random bits in hexadecimal digits.
pub fn draw_key() -> String {
    let digits: String = random_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{PREFIX}{digits}")
}

impl Service {
    /// Who this is.
    pub async fn authenticate(&self, shown: Credentials<'_>) -> Answer<Caller> {
        if self.engine.own_front_key.as_ref().is_some_and(|own| key_hash(own).matches(&key_hash(shown.key).0)) {
            return self.front(&shown).await;
        }
        let mut tx = self.engine.store.read().await?;
        let found = api_keys::find_by_hash(&mut tx, &key_hash(shown.key).0).await?;
        let key = found.filter(|key| key.revoked_at.is_none()).ok_or(Refusal::Unauthenticated)?;
        drop(tx);
        match (key.role, key.organization_id) {
            (Role::Admin, Some(organization)) => Ok(Caller::Admin(organization)),
            (Role::Admin, None) => Err(Refusal::Unauthenticated.into()),
            (Role::Front, _) => self.front(&shown).await,
        }
    }

    async fn front(&self, shown: &Credentials<'_>) -> Answer<Caller> {
        let organization = match shown.organization {
            None => None,
            Some(slug) => {
                let slug = Slug::parse(slug).map_err(|_| Refusal::NotFound { what: "organization" })?;
                let mut tx = self.engine.store.read().await?;
                let found = organizations::find_by_slug(&mut tx, &slug).await?;
                Some(found.ok_or(Refusal::NotFound { what: "organization" })?.id)
            }
        };
        Ok(Caller::Front { organization, address: shown.address })
    }

    /// Installs this key, unless it is there already.
    pub async fn install_key(&self, key: &str, role: Role, organization: Option<OrganizationId>, name: Name) -> Answer<ApiKeyId> {
        let now = self.engine.clock.now();
        let hash = key_hash(key).0;
        let mut tx = self.engine.store.write().await?;
        if let Some(found) = api_keys::find_by_hash(&mut tx, &hash).await? {
            return Ok(found.id);
        }
        let id = ApiKeyId::new(self.engine.ids.next(now));
        let key = ApiKey { id, organization_id: organization, role, name, created_at: now, revoked_at: None };
        api_keys::insert(&mut tx, &key, &hash).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Every key that was ever made, revoked ones too.
    pub async fn list_keys(&self) -> Answer<Vec<ApiKey>> {
        let mut tx = self.engine.store.read().await?;
        Ok(api_keys::list(&mut tx).await?)
    }

    /// Ends a key's life. From then on nobody is let in with it.
    pub async fn revoke_key(&self, id: ApiKeyId) -> Answer<()> {
        let now = self.engine.clock.now();
        let mut tx = self.engine.store.write().await?;
        if !api_keys::revoke(&mut tx, id, now).await? {
            return Err(Refusal::NotFound { what: "key" }.into());
        }
        Ok(tx.commit().await?)
    }
}
