//! Who asks, as the metadata of a call says it: the key, and whom a front asks for.

use std::net::IpAddr;

use booking_domain::refusal::Refusal;
use booking_domain::text::Slug;
use tonic::metadata::{AsciiMetadataValue, MetadataMap};

use booking_domain::secret::ApiKey;

/// Carries `Bearer` and the API key.
pub const AUTHORIZATION: &str = "authorization";
/// From a front: the slug of the organization whose pages its client uses.
pub const ORGANIZATION: &str = "x-holdfast-organization";
/// From a front: the IP address of its client, which caps count.
pub const ADDRESS: &str = "x-holdfast-address";

/// Who asks. Nothing here is verified yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerMetadata {
    /// The API key shown.
    pub key: Option<ApiKey>,
    /// The organization that a front names.
    pub organization: Option<Slug>,
    /// The client's address that a front names.
    pub address: Option<IpAddr>,
}

impl CallerMetadata {
    /// The caller that this metadata names.
    ///
    /// # Errors
    /// Something in it is malformed: a key makes the call unauthenticated, the rest is an invalid argument.
    pub fn read(metadata: &MetadataMap) -> Result<Self, Refusal> {
        let key = read_with(metadata, AUTHORIZATION, bearer).map_err(|_| Refusal::Unauthenticated)?;
        let organization = read_with(metadata, ORGANIZATION, |text| Slug::parse(text).ok())?;
        let address = read_with(metadata, ADDRESS, |text| text.parse().ok())?;
        Ok(Self { key, organization, address })
    }

    /// Names the caller in this metadata.
    pub fn write(&self, metadata: &mut MetadataMap) {
        let authorization = self.key.as_ref().map(|key| format!("Bearer {}", key.expose()));
        set(metadata, AUTHORIZATION, authorization, true);
        set(metadata, ORGANIZATION, self.organization.as_ref().map(Slug::to_string), false);
        set(metadata, ADDRESS, self.address.map(|address| address.to_string()), false);
    }
}

/// The key in an `Authorization` value (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(text: &str) -> Option<ApiKey> {
    let (scheme, key) = text.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { ApiKey::parse(key.trim()).ok() } else { None }
}

fn read_with<T>(
    metadata: &MetadataMap,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    let Some(value) = metadata.get(name) else { return Ok(None) };
    let parsed = value.to_str().ok().and_then(parse);
    parsed.map(Some).ok_or_else(|| Refusal::field(name, "is malformed"))
}

fn set(metadata: &mut MetadataMap, name: &'static str, text: Option<String>, sensitive: bool) {
    // Keys, slugs and addresses are visible ASCII by construction, so nothing is ever left out here.
    if let Some(Ok(mut value)) = text.map(AsciiMetadataValue::try_from) {
        value.set_sensitive(sensitive);
        metadata.insert(name, value);
    }
}
