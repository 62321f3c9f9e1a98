//! The organization itself, as it is written.

use crate::draft::reader::{Draft, Reader};
use crate::invalid::Invalid;
use crate::limits;
use crate::organization::public::{Blocked, BookingCaps, Cap, EmailPattern};
use crate::organization::{Accent, Logo, OrganizationSpec};

/// An [`OrganizationSpec`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the spec documents each field")]
pub struct OrganizationDraft {
    pub name: String,
    pub accent: Option<String>,
    pub logo: Option<LogoDraft>,
    pub booking_caps: BookingCapsDraft,
    pub blocked: BlockedDraft,
}

/// A [`Logo`], as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoDraft {
    /// The image's bytes.
    Image(Vec<u8>),
    /// A text in which there are none.
    NoImage,
}

/// [`BookingCaps`], as they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the caps document each field")]
pub struct BookingCapsDraft {
    pub per_email: BookingCapDraft,
    pub per_address: BookingCapDraft,
}

/// A [`Cap`], as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the cap documents each field")]
pub struct BookingCapDraft {
    pub open: Option<u32>,
    pub made_in_a_day: Option<u32>,
}

/// Whom an organization does not serve, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Blocked` documents each field")]
pub struct BlockedDraft {
    pub addresses: Vec<String>,
    pub emails: Vec<String>,
}

impl Default for BookingCapsDraft {
    /// The usual ones.
    fn default() -> Self {
        BookingCaps::default().into()
    }
}

impl LogoDraft {
    fn image(self) -> Result<Logo, Invalid> {
        match self {
            Self::Image(bytes) => Logo::parse(bytes),
            Self::NoImage => Err(Invalid("must be a data: URL of an image in base64")),
        }
    }
}

impl Draft for BookingCapDraft {
    type Parsed = Cap;

    fn read(self, r: &mut Reader<'_>) -> Option<Cap> {
        let bounds = 1..=limits::BOOKING_CAP_MAX;
        let open = r.optional_number("open", self.open, bounds.clone());
        let made_in_a_day = r.optional_number("made_in_a_day", self.made_in_a_day, bounds);
        Some(Cap { open: open?, made_in_a_day: made_in_a_day? })
    }
}

impl Draft for BookingCapsDraft {
    type Parsed = BookingCaps;

    fn read(self, r: &mut Reader<'_>) -> Option<BookingCaps> {
        let per_email = r.draft("per_email", self.per_email);
        let per_address = r.draft("per_address", self.per_address);
        Some(BookingCaps { per_email: per_email?, per_address: per_address? })
    }
}

impl Draft for BlockedDraft {
    type Parsed = Blocked;

    fn read(self, r: &mut Reader<'_>) -> Option<Blocked> {
        let most = limits::BLOCKED_ENTRIES;
        let addresses = r.each("addresses", (self.addresses, most), |r, text| r.take("", text.parse()));
        let emails = r.each("emails", (self.emails, most), |r, text| r.take("", EmailPattern::parse(&text)));
        Some(Blocked { addresses: addresses?, emails: emails? })
    }
}

impl Draft for OrganizationDraft {
    type Parsed = OrganizationSpec;

    fn read(self, r: &mut Reader<'_>) -> Option<OrganizationSpec> {
        let name = r.name("name", &self.name);
        let accent = r.optional_text("accent", self.accent, Accent::parse);
        let logo = r.optional("logo", self.logo, LogoDraft::image);
        let caps = r.draft("booking_caps", self.booking_caps);
        let blocked = r.draft("blocked", self.blocked);
        let (booking_caps, blocked) = (caps?, blocked?);
        Some(OrganizationSpec { name: name?, accent: accent?, logo: logo?, booking_caps, blocked })
    }
}

impl From<Cap> for BookingCapDraft {
    fn from(cap: Cap) -> Self {
        Self { open: cap.open, made_in_a_day: cap.made_in_a_day }
    }
}

impl From<BookingCaps> for BookingCapsDraft {
    fn from(caps: BookingCaps) -> Self {
        Self { per_email: caps.per_email.into(), per_address: caps.per_address.into() }
    }
}

impl From<&Blocked> for BlockedDraft {
    fn from(blocked: &Blocked) -> Self {
        Self {
            addresses: blocked.addresses.iter().map(ToString::to_string).collect(),
            emails: blocked.emails.iter().map(|email| email.as_str().to_owned()).collect(),
        }
    }
}

impl From<&OrganizationSpec> for OrganizationDraft {
    fn from(spec: &OrganizationSpec) -> Self {
        Self {
            name: spec.name.to_string(),
            accent: spec.accent.map(|accent| accent.to_string()),
            logo: spec.logo.as_ref().map(|logo| LogoDraft::Image(logo.bytes().to_vec())),
            booking_caps: spec.booking_caps.into(),
            blocked: (&spec.blocked).into(),
        }
    }
}
