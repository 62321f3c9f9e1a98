//! The very first start: an organization, and a key to it.

use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::organization::OrganizationSpec;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Slug};

use crate::clock::Clock;
use crate::cluster;
use crate::config::Config;
use crate::engine::Engine;
use crate::error::ServiceError;
use crate::ids::Ids;
use crate::keyring::{Keyring, Scope, StoredKey};
use crate::store::organizations::StoredOrganization;
use crate::store::{Store, StoreError, organizations};

/// The organization that an embedded component begins with.
const DEFAULT_ORGANIZATION: &str = "default";
/// What a key is called that the operator chose.
const CHOSEN: &str = "chosen at start";
/// What it is called unless whoever starts the component says otherwise.
pub const DEFAULT_NAME: &str = "Holdfast";

/// Makes the organization and the key that the very first start makes; among several nodes, one of them does it. Gives the key
/// that was made, to be shown once.
pub(crate) async fn found(engine: &Engine, keyring: &Keyring, config: &Config) -> Result<Option<String>, ServiceError> {
    if engine.node.is_some() {
        cluster::look(engine).await?;
    }
    let _lock = engine.store.startup_lock().await?;
    let bootstrap = Bootstrap { store: &engine.store, clock: &*engine.clock, ids: &engine.ids };
    let organization = bootstrap.find_or_make(config.organization_name).await?;
    first_key(keyring, organization, config.admin_key.as_deref()).await
}

/// What the first organization is made with.
pub(crate) struct Bootstrap<'a> {
    /// Where.
    pub store: &'a Store,
    /// When.
    pub clock: &'a dyn Clock,
    /// Under which id.
    pub ids: &'a Ids,
}

impl Bootstrap<'_> {
    /// The organization `default`, which the first start makes.
    pub(crate) async fn find_or_make(&self, called: &str) -> Result<OrganizationId, StoreError> {
        let now = self.clock.now();
        let named = |text: &str| StoreError::Corrupt { table: "organizations", why: format!("{text} is not a name") };
        let slug = Slug::parse(DEFAULT_ORGANIZATION).map_err(|_| named(DEFAULT_ORGANIZATION))?;
        let name = Name::parse(called).map_err(|_| named(called))?;
        let mut tx = self.store.write().await?;
        if let Some(found) = organizations::find_by_slug(&mut tx, &slug).await? {
            return Ok(found.id);
        }
        let id = OrganizationId::new(self.ids.next(now));
        let (spec, stamp) = (OrganizationSpec::named(name), Stamp { created_at: now, updated_at: now, version: 1 });
        organizations::insert(&mut tx, &StoredOrganization { id, slug, spec, catalog_version: 1, stamp }).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Installs the key that the operator chose; without one, the first start of all makes one.
async fn first_key(
    keyring: &Keyring,
    organization: OrganizationId,
    chosen: Option<&str>,
) -> Result<Option<String>, ServiceError> {
    let scope = Scope::Admin(organization);
    let name = |text| Name::parse(text).map_err(|invalid| Refusal::field("name", invalid.0));
    match chosen {
        Some(key) => {
            let chosen = name(CHOSEN)?;
            let id = keyring.install(key, scope, chosen.clone()).await?;
            warn_of_others(&keyring.list().await?, id, (&chosen, scope));
            Ok(None)
        }
        // A front's key may be there before the first start: with that alone, nobody could look after anything.
        None if !keyring.list().await?.iter().any(|key| key.scope == scope) => {
            Ok(Some(keyring.create(scope, name("made at the first start")?).await?.1))
        }
        None => Ok(None),
    }
}

/// A key that was chosen at an earlier start opens the door until somebody revokes it; and one that was revoked stays so.
fn warn_of_others(keys: &[StoredKey], installed: ApiKeyId, (name, scope): (&Name, Scope)) {
    let others =
        |key: &&StoredKey| key.id != installed && key.revoked_at.is_none() && key.name == *name && key.scope == scope;
    for id in keys.iter().filter(others).map(|key| key.id) {
        tracing::warn!(%id, "a key that was chosen at an earlier start is still valid: `holdfast keys revoke {id}` ends it");
    }
    if keys.iter().any(|key| key.id == installed && key.revoked_at.is_some()) {
        tracing::warn!(id = %installed, "the key that was chosen was revoked, and opens no door");
    }
}
