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
    /// What is kept, and how full the disk may become.
    pub keeping: Keeping,
}

/// What is kept, and how full the disk may become.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keeping {
    /// Bookings that ended so many days ago are erased; none when absent.
    pub ended_days: Option<u32>,
    /// While less than so many bytes are free where an embedded store lies, the public's writes are refused; 0 for never.
    pub free_disk_bytes: u64,
}
