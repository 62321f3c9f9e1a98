//! The organization itself on the wire, as its operators see it.

mod public;

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use booking_domain::draft::organization::{LogoDraft, OrganizationDraft};
use booking_domain::organization::{self, ImageKind};
use http::HeaderValue;
use http::header::ETAG;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::public::{Blocked, BookingCaps};
use crate::http::json::objects;
use crate::http::model::entity::{EntityFields, Patch};
use crate::http::model::time::{Id, Instant};

/// What an operator says about the organization.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewOrganization {
    /// What people call it.
    #[schema(required, min_length = 1, max_length = 200)]
    pub name: String,
    /// The colour of its pages; they keep its hue, and make it as dark or light as reading needs.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$", examples("#2f6f6d"))]
    pub accent: Option<String>,
    /// What its pages show beside the name: a PNG, JPEG or WebP image of at most 32 KiB, as a `data:` URL in base64.
    #[schema(max_length = 44000, examples("data:image/png;base64,iVBORw0KGgo="))]
    pub logo: Option<String>,
    /// How much the public may book.
    #[serde(deserialize_with = "objects::one")]
    pub booking_caps: BookingCaps,
    /// Whom the organization does not serve. Only its operators see this.
    #[serde(deserialize_with = "objects::one")]
    pub blocked: Blocked,
}

impl EntityFields for NewOrganization {
    type Draft = OrganizationDraft;
    const ENTITY: &'static str = "OrganizationProfile";
    const PATCH: &'static str = "OrganizationPatch";
    const IS: &'static str = "An organization";
}

/// The image in a `data:` URL (RFC 2397). What kind it is, its bytes say.
fn logo_in(url: &str) -> LogoDraft {
    let text = url.strip_prefix("data:").and_then(|rest| Some(rest.split_once(";base64,")?.1));
    text.and_then(|text| STANDARD.decode(text).ok()).map_or(LogoDraft::NoImage, LogoDraft::Image)
}

/// The image as such a URL.
fn url_of(logo: LogoDraft) -> Option<String> {
    let LogoDraft::Image(bytes) = logo else { return None };
    let kind = ImageKind::of(&bytes)?;
    Some(format!("data:{};base64,{}", kind.media_type(), STANDARD.encode(bytes)))
}

impl From<NewOrganization> for OrganizationDraft {
    fn from(given: NewOrganization) -> Self {
        Self {
            name: given.name,
            accent: given.accent,
            logo: given.logo.as_deref().map(logo_in),
            booking_caps: given.booking_caps.into(),
            blocked: given.blocked.into(),
        }
    }
}

impl From<OrganizationDraft> for NewOrganization {
    fn from(draft: OrganizationDraft) -> Self {
        Self {
            name: draft.name,
            accent: draft.accent,
            logo: draft.logo.and_then(url_of),
            booking_caps: draft.booking_caps.into(),
            blocked: draft.blocked.into(),
        }
    }
}

/// A change to it.
pub type OrganizationPatch = Patch<NewOrganization>;

/// An organization, as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationProfile {
    /// Its id.
    pub id: Id,
    /// Its part of every address; it never changes.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// The colour of its pages; null for Holdfast's own.
    #[schema(required)]
    pub accent: Option<String>,
    /// What its pages show beside the name, as a `data:` URL; null for Holdfast's own sign.
    #[schema(required)]
    pub logo: Option<String>,
    /// How much the public may book.
    pub booking_caps: BookingCaps,
    /// Whom the organization does not serve.
    pub blocked: Blocked,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i64,
}

impl From<&organization::OrganizationProfile> for OrganizationProfile {
    fn from(organization: &organization::OrganizationProfile) -> Self {
        let NewOrganization { name, accent, logo, booking_caps, blocked } =
            OrganizationDraft::from(&organization.spec).into();
        Self {
            id: Id(organization.id.uuid()),
            slug: organization.slug.to_string(),
            name,
            accent,
            logo,
            booking_caps,
            blocked,
            created_at: Instant(organization.stamp.created_at),
            updated_at: Instant(organization.stamp.updated_at),
            version: organization.stamp.version,
        }
    }
}

impl IntoResponse for OrganizationProfile {
    fn into_response(self) -> Response {
        let tag = HeaderValue::try_from(format!("\"{}\"", self.version)).ok();
        let mut response = Json(self).into_response();
        response.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_read_back_as_it_was_written() {
        let url = "data:image/png;base64,iVBORw0KGgo=".to_owned();
        let spec = NewOrganization { name: "A".to_owned(), logo: Some(url.clone()), ..NewOrganization::default() }
            .parse()
            .unwrap();
        assert_eq!(NewOrganization::from(OrganizationDraft::from(&spec)).logo, Some(url));
    }

    #[test]
    fn what_is_no_small_image_is_refused() {
        for wrong in [
            "",
            "https://example.org/logo.png",
            "data:image/png,abc",
            "data:image/png;base64,%%%",
            "data:image/png;base64,AAAA",
            "data:image/svg+xml;base64,PHN2Zy8+",
        ] {
            let given = NewOrganization { name: "A".to_owned(), logo: Some(wrong.to_owned()), ..Default::default() };
            assert!(given.parse().is_err(), "{wrong}");
        }
    }
}
