//! The organization itself: its name, its colour and its logo.

use booking_domain::answer::NumberedLogo;
use booking_domain::limits;
use booking_domain::organization::public::{Blocked, BookingCaps, Cap, EmailPattern};
use booking_domain::organization::{Accent, Logo, OrganizationProfile, OrganizationSpec};
use booking_domain::refusal::Refusal;
use booking_domain::request::{LogoRequest, UpdateOrganization};
use booking_domain::text::{Name, Slug};

use super::entity::version;
use crate::convert::ranges::stamp;
use crate::convert::reader::{Reader, parse};
use crate::v1;

fn organization_spec(r: &mut Reader<'_>, spec: Option<v1::OrganizationSpec>) -> Option<OrganizationSpec> {
    let spec = spec.unwrap_or_default();
    let name = r.take("name", Name::parse(&spec.name));
    let accent = r.unless_empty("accent", &spec.accent, Accent::parse);
    let logo = r.optional("logo", Some(spec.logo).filter(|logo| !logo.is_empty()), Logo::parse);
    let caps = r.within("booking_caps", |r| booking_caps(r, spec.booking_caps));
    let blocked = r.within("blocked", |r| blocked(r, spec.blocked.unwrap_or_default()));
    Some(OrganizationSpec { name: name?, accent: accent?, logo: logo?, booking_caps: caps?, blocked: blocked? })
}

fn booking_caps(r: &mut Reader<'_>, caps: Option<v1::BookingCaps>) -> Option<BookingCaps> {
    let Some(caps) = caps else { return Some(BookingCaps::default()) };
    let per_email = r.within("per_email", |r| cap(r, caps.per_email.unwrap_or_default()));
    let per_address = r.within("per_address", |r| cap(r, caps.per_address.unwrap_or_default()));
    Some(BookingCaps { per_email: per_email?, per_address: per_address? })
}

fn cap(r: &mut Reader<'_>, cap: v1::BookingCap) -> Option<Cap> {
    let open = r.optional("open", cap.open, Cap::check);
    let made_in_a_day = r.optional("made_in_a_day", cap.made_in_a_day, Cap::check);
    Some(Cap { open: open?, made_in_a_day: made_in_a_day? })
}

fn blocked(r: &mut Reader<'_>, blocked: v1::Blocked) -> Option<Blocked> {
    let most = limits::BLOCKED_ENTRIES;
    let addresses = r.each("addresses", (blocked.addresses, most), |r, text| r.take("", text.parse()));
    let emails = r.each("emails", (blocked.emails, most), |r, text| r.take("", EmailPattern::parse(&text)));
    Some(Blocked { addresses: addresses?, emails: emails? })
}

impl From<&Cap> for v1::BookingCap {
    fn from(cap: &Cap) -> Self {
        Self { open: cap.open, made_in_a_day: cap.made_in_a_day }
    }
}

impl From<&BookingCaps> for v1::BookingCaps {
    fn from(caps: &BookingCaps) -> Self {
        Self { per_email: Some((&caps.per_email).into()), per_address: Some((&caps.per_address).into()) }
    }
}

impl From<&Blocked> for v1::Blocked {
    fn from(blocked: &Blocked) -> Self {
        Self {
            addresses: blocked.addresses.iter().map(ToString::to_string).collect(),
            emails: blocked.emails.iter().map(|email| email.as_str().to_owned()).collect(),
        }
    }
}

impl From<&OrganizationSpec> for v1::OrganizationSpec {
    fn from(spec: &OrganizationSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            accent: spec.accent.map(|accent| accent.to_string()).unwrap_or_default(),
            logo: spec.logo.as_ref().map(|logo| logo.bytes().to_vec()).unwrap_or_default(),
            booking_caps: Some((&spec.booking_caps).into()),
            blocked: Some((&spec.blocked).into()),
        }
    }
}

impl From<&OrganizationProfile> for v1::OrganizationProfile {
    fn from(organization: &OrganizationProfile) -> Self {
        Self {
            id: organization.id.to_string(),
            slug: organization.slug.to_string(),
            spec: Some((&organization.spec).into()),
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
            let spec = organization_spec(r, message.spec);
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
        Self { spec: Some((&update.spec).into()), version: update.version }
    }
}

impl TryFrom<v1::UpdateOrganizationRequest> for UpdateOrganization {
    type Error = Refusal;

    fn try_from(message: v1::UpdateOrganizationRequest) -> Result<Self, Refusal> {
        parse(|r| {
            let spec = organization_spec(r, message.spec);
            let version = r.take("version", version(message.version));
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
        parse(|r| Some(Self { organization: r.take("organization", Slug::parse(&message.organization))? }))
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
