//! The organization itself: its name, its colour and its logo.

use booking_domain::answer::NumberedLogo;
use booking_domain::draft::fields::same_fields;
use booking_domain::draft::organization::{
    BlockedDraft, BookingCapDraft, BookingCapsDraft, LogoDraft, OrganizationDraft,
};
use booking_domain::draft::reader::{Draft, parse};
use booking_domain::organization::{Logo, OrganizationProfile};
use booking_domain::refusal::Refusal;
use booking_domain::request::{LogoRequest, UpdateOrganization};
use booking_domain::text::Slug;

use crate::convert::fields::text;
use crate::convert::ranges::stamp;
use crate::v1;

same_fields! {
    v1::BookingCaps = BookingCapsDraft { per_email as message, per_address as message }
    v1::BookingCap = BookingCapDraft { open, made_in_a_day }
    v1::Blocked = BlockedDraft { addresses, emails }
}

impl From<v1::OrganizationSpec> for OrganizationDraft {
    fn from(message: v1::OrganizationSpec) -> Self {
        Self {
            name: message.name,
            accent: text(message.accent),
            logo: Some(message.logo).filter(|logo| !logo.is_empty()).map(LogoDraft::Image),
            booking_caps: message.booking_caps.map(Into::into).unwrap_or_default(),
            blocked: message.blocked.unwrap_or_default().into(),
        }
    }
}

impl From<OrganizationDraft> for v1::OrganizationSpec {
    fn from(draft: OrganizationDraft) -> Self {
        let logo = match draft.logo {
            Some(LogoDraft::Image(bytes)) => bytes,
            Some(LogoDraft::NoImage) | None => Vec::new(),
        };
        Self {
            name: draft.name,
            accent: draft.accent.unwrap_or_default(),
            logo,
            booking_caps: Some(draft.booking_caps.into()),
            blocked: Some(draft.blocked.into()),
        }
    }
}

impl From<&OrganizationProfile> for v1::OrganizationProfile {
    fn from(organization: &OrganizationProfile) -> Self {
        Self {
            id: organization.id.to_string(),
            slug: organization.slug.to_string(),
            spec: Some(OrganizationDraft::from(&organization.spec).into()),
            stamp: Some((&organization.stamp).into()),
        }
    }
}

impl TryFrom<v1::OrganizationProfile> for OrganizationProfile {
    type Error = Refusal;

    fn try_from(message: v1::OrganizationProfile) -> Result<Self, Refusal> {
        parse(|r| {
            let id = r.id("id", &message.id);
            let slug = r.take("slug", Slug::parse(&message.slug));
            let spec = r.kept(|r| OrganizationDraft::from(message.spec.unwrap_or_default()).read(r));
            let stamp = stamp(r, message.stamp);
            Some(Self { id: id?, slug: slug?, spec: spec?, stamp: stamp? })
        })
    }
}

impl TryFrom<v1::GetOrganizationRequest> for () {
    type Error = Refusal;

    fn try_from(_: v1::GetOrganizationRequest) -> Result<Self, Refusal> {
        Ok(())
    }
}

impl From<&UpdateOrganization> for v1::UpdateOrganizationRequest {
    fn from(update: &UpdateOrganization) -> Self {
        Self { spec: Some(OrganizationDraft::from(&update.spec).into()), version: update.version }
    }
}

impl TryFrom<v1::UpdateOrganizationRequest> for UpdateOrganization {
    type Error = Refusal;

    fn try_from(message: v1::UpdateOrganizationRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let spec = OrganizationDraft::from(message.spec.unwrap_or_default()).read(r);
            let version = r.version(message.version);
            Some(Self { spec: spec?, version: version? })
        })
    }
}

impl From<&LogoRequest> for v1::GetLogoRequest {
    fn from(request: &LogoRequest) -> Self {
        Self { organization: request.organization.to_string() }
    }
}

impl TryFrom<v1::GetLogoRequest> for LogoRequest {
    type Error = Refusal;

    fn try_from(message: v1::GetLogoRequest) -> Result<Self, Refusal> {
        parse(|r| Some(Self { organization: r.required("organization", &message.organization, Slug::parse)? }))
    }
}

impl From<&NumberedLogo> for v1::Logo {
    fn from(logo: &NumberedLogo) -> Self {
        Self { image: logo.logo.bytes().to_vec(), version: logo.version }
    }
}

impl TryFrom<v1::Logo> for NumberedLogo {
    type Error = Refusal;

    fn try_from(message: v1::Logo) -> Result<Self, Refusal> {
        parse(|r| Some(Self { logo: r.take("image", Logo::parse(message.image))?, version: message.version }))
    }
}
