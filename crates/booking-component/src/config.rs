//! What an operator sets.

use booking_domain::hold::HoldRules;

/// The component's settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the store is: `sqlite:` or `postgres:`.
    pub database_url: String,
    /// The hold protocol's settings.
    pub hold_rules: HoldRules,
    /// What the organization `default` is called when it is made.
    pub organization_name: &'static str,
    /// The API key to install as `admin` of the organization `default`, if one was chosen.
    pub admin_key: Option<String>,
}
