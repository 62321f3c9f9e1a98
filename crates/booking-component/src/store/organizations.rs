//! Organizations: the tenants, and which of them a thing belongs to.

use booking_domain::id::{BookingId, EventTypeId, OrganizationId};
use booking_domain::invalid::Invalid;
use booking_domain::organization::public::{Blocked, EmailPattern, Network};
use booking_domain::organization::{Accent, Logo, OrganizationSpec};
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Slug};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::columns::{At, Sound, from_json, json};
use super::edit::unchanged;
use super::{Edit, StoreError, Tx};

const TABLE: &str = "organizations";

/// A stored organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its part of every address.
    pub slug: Slug,
    /// How it shows itself.
    pub spec: OrganizationSpec,
    /// Grows with each change to what it offers.
    pub catalog_version: i64,
    /// When it was made and changed.
    pub stamp: Stamp,
}

rows! {
    struct OrganizationRow {
        id: Uuid,
        slug: String,
        name: String,
        accent: Option<String>,
        logo: Option<Vec<u8>>,
        booking_caps: Option<String>,
        blocked: Option<String>,
        catalog_version: i64,
        created_at: At,
        updated_at: At,
        version: i64,
    }
}

macro_rules! columns {
    () => {
        "id, slug, name, accent, logo, booking_caps, blocked, catalog_version, created_at, updated_at, version"
    };
}

statements! {
    INSERT = concat!("INSERT INTO organizations (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    FIND = concat!("SELECT ", columns!(), " FROM organizations WHERE id = $1");
    FIND_BY_SLUG = concat!("SELECT ", columns!(), " FROM organizations WHERE slug = $1");
    LIST = concat!("SELECT ", columns!(), " FROM organizations ORDER BY id");
    UPDATE = concat!("UPDATE organizations SET name = $3, accent = $4, logo = $5, booking_caps = $6, blocked = $7,
        updated_at = $8, version = version + 1, catalog_version = catalog_version + 1
        WHERE id = $1 AND (version = $2 OR $2 = 0) RETURNING ", columns!());
    CATALOG_VERSION = "SELECT catalog_version FROM organizations WHERE id = $1";
    OF_EVENT_TYPE = "SELECT organization_id FROM event_types WHERE id = $1";
    OF_BOOKING = "SELECT organization_id FROM bookings WHERE id = $1";
}

/// Whom it does not serve, as it is kept.
#[derive(Serialize, Deserialize)]
struct BlockedTexts {
    addresses: Vec<String>,
    emails: Vec<String>,
}

impl BlockedTexts {
    fn of(blocked: &Blocked) -> Self {
        Self {
            addresses: blocked.addresses.iter().map(Network::to_string).collect(),
            emails: blocked.emails.iter().map(|email| email.as_str().to_owned()).collect(),
        }
    }

    fn read(self) -> Result<Blocked, StoreError> {
        let addresses = self.addresses.iter().map(|text| text.parse()).collect::<Result<_, Invalid>>().sound(TABLE)?;
        let emails = self.emails.iter().map(|text| EmailPattern::parse(text)).collect::<Result<_, _>>().sound(TABLE)?;
        Ok(Blocked { addresses, emails })
    }
}

/// What is kept as JSON, where there is something.
fn read<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(|text| from_json(TABLE, text)).transpose()
}

impl OrganizationRow {
    fn read(self) -> Result<StoredOrganization, StoreError> {
        Ok(StoredOrganization {
            id: OrganizationId::new(self.id),
            slug: Slug::stored(self.slug),
            spec: OrganizationSpec {
                name: Name::stored(self.name),
                accent: self.accent.as_deref().map(Accent::parse).transpose().sound(TABLE)?,
                logo: self.logo.map(Logo::parse).transpose().sound(TABLE)?,
                booking_caps: read(self.booking_caps.as_deref())?.unwrap_or_default(),
                blocked: read::<BlockedTexts>(self.blocked.as_deref())?
                    .map_or_else(|| Ok(Blocked::default()), BlockedTexts::read)?,
            },
            catalog_version: self.catalog_version,
            stamp: Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version },
        })
    }
}

/// Inserts an organization. A slug that exists is a conflict: `Taken("organizations_slug")`.
///
/// # Errors
/// `Conflict::Taken` as said; or the database fails.
pub async fn insert(tx: &mut Tx, organization: &StoredOrganization) -> Result<(), StoreError> {
    let StoredOrganization { id, slug, spec, catalog_version, stamp } = organization;
    execute!(
        tx,
        query(INSERT)
            .bind(id.uuid())
            .bind(slug.as_str())
            .bind(spec.name.as_str())
            .bind(spec.accent.map(|accent| accent.to_string()))
            .bind(spec.logo.as_ref().map(Logo::bytes))
            .bind(json(&spec.booking_caps)?)
            .bind(json(&BlockedTexts::of(&spec.blocked))?)
            .bind(*catalog_version)
            .bind(At(stamp.created_at))
            .bind(At(stamp.updated_at))
            .bind(stamp.version)
    )?;
    Ok(())
}

/// The organization with this id.
///
/// # Errors
/// The database fails, or a row of the organization is `Corrupt`.
pub async fn find(tx: &mut Tx, id: OrganizationId) -> Result<Option<StoredOrganization>, StoreError> {
    let row: Option<OrganizationRow> = fetch_optional!(tx, query_as(FIND).bind(id.uuid()))?;
    row.map(OrganizationRow::read).transpose()
}

/// The organization with this slug.
///
/// # Errors
/// The database fails, or a row of the organization is `Corrupt`.
pub async fn find_by_slug(tx: &mut Tx, slug: &Slug) -> Result<Option<StoredOrganization>, StoreError> {
    let row: Option<OrganizationRow> = fetch_optional!(tx, query_as(FIND_BY_SLUG).bind(slug.as_str()))?;
    row.map(OrganizationRow::read).transpose()
}

/// Every organization, in id order.
///
/// # Errors
/// The database fails, or a row of one of them is `Corrupt`.
pub async fn list(tx: &mut Tx) -> Result<Vec<StoredOrganization>, StoreError> {
    let rows: Vec<OrganizationRow> = fetch_all!(tx, query_as(LIST))?;
    rows.into_iter().map(OrganizationRow::read).collect()
}

/// Changes how an organization shows itself. Nothing when there is none; a conflict when it has another version.
///
/// # Errors
/// `Conflict::Stale` when it has another version; or the database fails.
pub async fn update(
    tx: &mut Tx,
    edit: Edit<'_, OrganizationId, OrganizationSpec>,
) -> Result<Option<StoredOrganization>, StoreError> {
    let spec = edit.spec;
    let row: Option<OrganizationRow> = fetch_optional!(
        tx,
        query_as(UPDATE)
            .bind(edit.id.uuid())
            .bind(edit.expected())
            .bind(spec.name.as_str())
            .bind(spec.accent.map(|accent| accent.to_string()))
            .bind(spec.logo.as_ref().map(Logo::bytes))
            .bind(json(&spec.booking_caps)?)
            .bind(json(&BlockedTexts::of(&spec.blocked))?)
            .bind(At(edit.at))
    )?;
    let Some(row) = row else { return unchanged(find(tx, edit.id).await?.map(|now| now.stamp.version)) };
    row.read().map(Some)
}

/// The number of the last change to what the organization offers.
///
/// # Errors
/// The database fails.
pub async fn catalog_version(tx: &mut Tx, id: OrganizationId) -> Result<Option<i64>, StoreError> {
    let row: Option<(i64,)> = fetch_optional!(tx, query_as(CATALOG_VERSION).bind(id.uuid()))?;
    Ok(row.map(|(version,)| version))
}

/// Whose event type this is.
///
/// # Errors
/// The database fails.
pub async fn of_event_type(tx: &mut Tx, id: EventTypeId) -> Result<Option<OrganizationId>, StoreError> {
    owner(tx, OF_EVENT_TYPE, id.uuid()).await
}

/// Whose booking this is.
///
/// # Errors
/// The database fails.
pub async fn of_booking(tx: &mut Tx, id: BookingId) -> Result<Option<OrganizationId>, StoreError> {
    owner(tx, OF_BOOKING, id.uuid()).await
}

async fn owner(tx: &mut Tx, statement: &'static str, id: Uuid) -> Result<Option<OrganizationId>, StoreError> {
    let row: Option<(Uuid,)> = fetch_optional!(tx, query_as(statement).bind(id))?;
    Ok(row.map(|(id,)| OrganizationId::new(id)))
}
