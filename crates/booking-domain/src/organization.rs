//! Organizations: the tenants, and how they show themselves on their pages.

pub mod public;

use std::fmt;

use crate::id::OrganizationId;
use crate::invalid::Invalid;
use crate::limits;
use crate::organization::public::{Blocked, BookingCaps};
use crate::schedule::Stamp;
use crate::text::{Name, Slug};

/// A colour, written `#rrggbb`. The pages take its hue and keep their own contrast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent([u8; 3]);

impl Accent {
    /// The colour of these channels, each from 0 to 255, in sRGB.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// The colour in this text.
    ///
    /// # Errors
    /// It is not `#` and six hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = Invalid("must be a colour such as #2f6f6d");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(wrong)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(wrong)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The kinds of image that a logo may be: pictures only. An SVG is a document, with scripts and links of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ImageKind {
    Png,
    Jpeg,
    Webp,
}

impl ImageKind {
    /// The kind of an image that begins with these bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// A small image.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    kind: ImageKind,
    bytes: Vec<u8>,
}

impl Logo {
    /// The image that these bytes are; they say themselves of which kind.
    ///
    /// # Errors
    /// They are too many, or no image of a kind that is taken.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Invalid> {
        if bytes.len() > limits::LOGO_BYTES {
            return Err(Invalid("must be at most 32 KiB"));
        }
        let kind = ImageKind::of(&bytes).ok_or(Invalid("must be a PNG, JPEG or WebP image"))?;
        Ok(Self { kind, bytes })
    }

    /// What kind of image it is.
    pub const fn kind(&self) -> ImageKind {
        self.kind
    }

    /// The image.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logo({}, {} bytes)", self.kind.media_type(), self.bytes.len())
    }
}

/// What an operator says about the organization itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationSpec {
    /// What people call it.
    pub name: Name,
    /// The colour of its pages; Holdfast's own when absent.
    pub accent: Option<Accent>,
    /// What its pages show beside the name; Holdfast's own sign when absent.
    pub logo: Option<Logo>,
    /// How much the public may book.
    pub booking_caps: BookingCaps,
    /// Whom it does not serve.
    pub blocked: Blocked,
}

impl OrganizationSpec {
    /// An organization with a name and nothing else.
    pub fn named(name: Name) -> Self {
        let (booking_caps, blocked) = (BookingCaps::default(), Blocked::default());
        Self { name, accent: None, logo: None, booking_caps, blocked }
    }
}

/// An organization, as its operators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationProfile {
    /// Its id.
    pub id: OrganizationId,
    /// Its part of every address; it never changes.
    pub slug: Slug,
    /// How it shows itself.
    pub spec: OrganizationSpec,
    /// When it was made and changed.
    pub stamp: Stamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_comes_back_as_it_was_written_but_for_its_case() {
        assert_eq!(Accent::parse("#2F6f6d").map(|accent| accent.to_string()), Ok("#2f6f6d".to_owned()));
        assert_eq!(Accent::parse("#000000"), Ok(Accent::new(0, 0, 0)));
        for wrong in ["", "#", "2f6f6d", "#2f6f6", "#2f6f6d0", "#2f6f6g", "#+12345", "#äää", "red", " #2f6f6d"] {
            assert!(Accent::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_image_says_itself_of_which_kind_it_is() {
        for (bytes, kind) in [
            (b"\x89PNG\r\n\x1a\n...".as_slice(), ImageKind::Png),
            (b"\xff\xd8\xff\xe0...", ImageKind::Jpeg),
            (b"RIFF\x10\0\0\0WEBPVP8 ", ImageKind::Webp),
        ] {
            assert_eq!(Logo::parse(bytes.to_vec()).map(|logo| logo.kind()), Ok(kind));
        }
        for wrong in
            [b"".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\x89PNG", b"RIFF1234WAVE"]
        {
            assert!(Logo::parse(wrong.to_vec()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_image_is_small() {
        let image = |bytes: usize| [b"\xff\xd8\xff".as_slice(), &vec![0; bytes - 3]].concat();
        assert!(Logo::parse(image(limits::LOGO_BYTES)).is_ok());
        assert!(Logo::parse(image(limits::LOGO_BYTES + 1)).is_err());
    }
}
