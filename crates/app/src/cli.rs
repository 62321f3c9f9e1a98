//! The command line: every flag, its environment variable and its default.

pub mod demo;
pub mod descriptors;
pub mod export_import;
pub mod failure;
pub mod keys;
pub mod logging;
pub mod serve;
pub mod signals;

use std::path::PathBuf;

use booking_component::config::Keeping;
use booking_domain::hold::HoldRules;
use booking_domain::limits;
use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

/// The longest lease and deadline that make sense, in milliseconds: a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The longest retention that makes sense, in days: a hundred years.
const MAX_RETAIN_DAYS: i64 = 36_525;
/// What is kept free, in MiB, unless said otherwise: room for a write-ahead log, for operators' changes, and to clean up in.
const MIN_FREE_DISK_MB: u32 = 256;

/// A self-hosted booking engine whose holds are real
#[derive(Debug, Parser)]
#[command(name = "holdfast", version)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: CliCommand,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Serve pages, the HTTP interface and gRPC
    Serve(Box<Serve>),
    /// Bring the database up to date, and nothing else
    Migrate(Database),
    /// Make, list and revoke API keys
    Keys(Keys),
    /// Write an organization to a file, or to standard output: to move it to another database, or to keep it
    Export(Export),
    /// Read an organization that was exported into this database
    Import(Import),
    /// Print the OpenAPI document
    Openapi,
}

/// Where the database is.
#[derive(Debug, Args)]
pub struct Database {
    // Checked by whoever opens it: an error of the command line would show the password.
    /// The database: `sqlite:` or `postgres:`
    #[arg(long, env = "HOLDFAST_DATABASE_URL", default_value = "sqlite://data/holdfast.db", hide_env_values = true)]
    pub database_url: String,
}

/// How the component serves, with a front or alone.
#[derive(Debug, Args)]
pub struct ComponentArgs {
    /// Where gRPC is served
    #[arg(long, env = "HOLDFAST_GRPC_ADDR", default_value = "127.0.0.1:50051")]
    pub grpc_addr: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented where it is defined")]
    pub database: Database,
    /// The API key to install for the organization `default`, of 20 characters at least; without it, the first start makes one and prints it once
    #[arg(long, env = "HOLDFAST_ADMIN_KEY", hide_env_values = true, hide = true)]
    pub admin_key: Option<String>,
    /// How long a presence lives without a heartbeat, in milliseconds
    #[arg(
        long,
        env = "HOLDFAST_HOLD_TTL_MS",
        default_value_t = 12_500,
        value_parser = clap::value_parser!(u64).range(1..=DAY_MS)
    )]
    pub hold_ttl_ms: u64,
    /// How long a hold lives in all, in milliseconds
    #[arg(
        long,
        env = "HOLDFAST_HOLD_DEADLINE_MS",
        default_value_t = 600_000,
        value_parser = clap::value_parser!(u64).range(1..=DAY_MS)
    )]
    pub hold_deadline_ms: u64,
    /// Most live presences of one client address; 0 is no cap
    #[arg(long, env = "HOLDFAST_MAX_PRESENCES_PER_ADDRESS", default_value_t = limits::PRESENCES_PER_ADDRESS)]
    pub max_presences_per_address: u32,
    /// Most sessions of one client address that wait in one line; 0 is no cap [default: 3, and no cap where presences have none]
    #[arg(long, env = "HOLDFAST_MAX_WAITING_PER_ADDRESS")]
    pub max_waiting_per_address: Option<u32>,
    /// Most connections of one client address at once, on both ports together; 0 is no cap. 256 unless said; none with --rate-limit 0,
    /// by which one address is a whole crowd
    #[arg(long, env = "HOLDFAST_MAX_CONNECTIONS_PER_ADDRESS")]
    pub max_connections_per_address: Option<u32>,
    /// Erase bookings that ended so many days ago, with all that was kept of them; without it, they are kept
    #[arg(
        long,
        env = "HOLDFAST_RETAIN_ENDED_DAYS",
        value_parser = clap::value_parser!(u32).range(1..=MAX_RETAIN_DAYS)
    )]
    pub retain_ended_days: Option<u32>,
    /// While less is free on the disk of an SQLite file, in MiB, the public cannot hold or book; 0 is never
    #[arg(long, env = "HOLDFAST_MIN_FREE_DISK_MB", default_value_t = MIN_FREE_DISK_MB)]
    pub min_free_disk_mb: u32,
}

impl ComponentArgs {
    /// What is kept, and how full the disk may become.
    pub fn keeping(&self) -> Keeping {
        Keeping { ended_days: self.retain_ended_days, free_disk_bytes: u64::from(self.min_free_disk_mb) * 1024 * 1024 }
    }

    /// The hold protocol's settings. Where an address has no cap on presences it is a whole crowd, as in a load test: unless said
    /// otherwise, it may fill a line, too.
    pub fn hold_rules(&self) -> HoldRules {
        let presences_per_address = cap(self.max_presences_per_address);
        let usual = presences_per_address.map_or(0, |_| limits::WAITING_PER_ADDRESS);
        HoldRules {
            ttl: ms(self.hold_ttl_ms),
            deadline: ms(self.hold_deadline_ms),
            presences_per_address,
            waiting_per_address: cap(self.max_waiting_per_address.unwrap_or(usual)),
            ..HoldRules::default()
        }
    }
}

fn ms(ms: u64) -> TimeDelta {
    TimeDelta::milliseconds(i64::try_from(ms).unwrap_or(i64::MAX / 1_000))
}

/// 0 is no cap.
pub fn cap(number: u32) -> Option<u32> {
    Some(number).filter(|number| *number > 0)
}

/// The component alone, without a front
#[derive(Debug, Parser)]
#[command(name = "booking-component", version)]
pub struct Alone {
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented where it is defined")]
    pub component: ComponentArgs,
    /// How the log is written
    #[arg(long, env = "HOLDFAST_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where pages and the HTTP interface are served
    #[arg(long, env = "HOLDFAST_HTTP_ADDR", default_value = "127.0.0.1:3000")]
    pub http_addr: String,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented where it is defined")]
    pub component: ComponentArgs,
    /// Serve only the front, and speak gRPC to a component elsewhere
    #[arg(long, env = "HOLDFAST_COMPONENT_URL", requires = "front_key", conflicts_with = "demo")]
    pub component_url: Option<String>,
    /// The `front` key for a component elsewhere
    #[arg(long, env = "HOLDFAST_FRONT_KEY", hide_env_values = true)]
    pub front_key: Option<String>,
    /// The address that people see, for links
    #[arg(long, env = "HOLDFAST_PUBLIC_URL", default_value = "http://localhost:3000", value_parser = public_url)]
    pub public_url: String,
    /// Fill an empty database with a small studio
    #[arg(long, env = "HOLDFAST_DEMO", value_parser = clap::builder::BoolishValueParser::new())]
    pub demo: bool,
    /// Public requests a second of one client address, with bursts of five seconds' worth; 0 is no cap
    #[arg(long, env = "HOLDFAST_RATE_LIMIT", default_value_t = 200)]
    pub rate_limit: u32,
    /// Where metrics are served, for Prometheus; off for nowhere. 127.0.0.1:9464 unless said, and nowhere if that is taken
    #[arg(long, env = "HOLDFAST_METRICS_ADDR")]
    pub metrics_addr: Option<String>,
    /// Most live streams of one client address at once; 0 is no cap. 30 unless said; none with --rate-limit 0, by which one address
    /// is a whole crowd
    #[arg(long, env = "HOLDFAST_MAX_STREAMS_PER_ADDRESS")]
    pub max_streams_per_address: Option<u32>,
    /// The networks of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "HOLDFAST_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// The sites that may show the pages in a frame, as in a content security policy; none unless said, in the demo its own
    #[arg(long, env = "HOLDFAST_FRAME_ANCESTORS", value_parser = frame_ancestors)]
    pub frame_ancestors: Option<String>,
    /// Where to report a fault in security, for /.well-known/security.txt: a `mailto:`, `https:` or `tel:` address
    #[arg(long, env = "HOLDFAST_SECURITY_CONTACT", value_parser = security_contact)]
    pub security_contact: Option<String>,
    // Checked by whoever uses it: an error of the command line would show a secret in it.
    /// A hook that is asked, by POST, before the public may hold or book: see docs/operations.md
    #[arg(long, env = "HOLDFAST_CHECK_URL", hide_env_values = true)]
    pub check_url: Option<String>,
    /// How the log is written
    #[arg(long, env = "HOLDFAST_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// What is exported, and where to.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented where it is defined")]
    pub database: Database,
    /// The organization's slug
    #[arg(long, default_value = "default")]
    pub organization: String,
    /// The file to write, which must not be there yet; standard output without it
    #[arg(long)]
    pub output: Option<PathBuf>,
}

/// What is imported.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented where it is defined")]
    pub database: Database,
    /// The file to read; standard input without it
    #[arg(long)]
    pub input: Option<PathBuf>,
}

/// API keys.
#[derive(Debug, Args)]
pub struct Keys {
    /// What to do with them
    #[command(subcommand)]
    pub action: KeysAction,
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum KeysAction {
    /// Make a key, and print it this once
    Create {
        #[command(flatten)]
        #[expect(missing_docs, reason = "documented where it is defined")]
        database: Database,
        /// What the key is for
        #[arg(long)]
        name: String,
        /// What the key allows
        #[arg(long, value_enum, default_value_t = KeyRole::Admin)]
        role: KeyRole,
        /// The slug of the organization that an admin key belongs to
        #[arg(long, default_value = "default")]
        organization: String,
    },
    /// List the keys, without their secrets
    List(Database),
    /// Let nobody in with a key any more
    Revoke {
        #[command(flatten)]
        #[expect(missing_docs, reason = "documented where it is defined")]
        database: Database,
        /// The key's id, as the list shows it
        id: String,
    },
}

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeyRole {
    /// Everything in one organization
    Admin,
    /// To be an HTTP front
    Front,
}

fn public_url(text: &str) -> Result<String, String> {
    let url: http::Uri = text.parse().map_err(|_| "must be a URL such as https://book.example.org".to_owned())?;
    let known = matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some_and(|host| !host.is_empty());
    let bare = url.path_and_query().is_none_or(|rest| rest.as_str() == "/");
    match (known, bare) {
        (true, true) => Ok(text.trim_end_matches('/').to_owned()),
        (true, false) => Err("must have no path: the pages are at its root".to_owned()),
        _ => Err("must be a URL such as https://book.example.org".to_owned()),
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let single = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| single()).map_err(|_| "must be a network such as 10.0.0.0/8".to_owned())
}

fn security_contact(text: &str) -> Result<String, String> {
    let is_known =
        ["mailto:", "https:", "tel:"].iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    if is_known && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("must be an address such as mailto:security@example.org or https://example.org/report".to_owned())
    }
}

fn frame_ancestors(text: &str) -> Result<String, String> {
    let plain =
        !text.trim().is_empty() && text.bytes().all(|b| (b.is_ascii_graphic() || b == b' ') && !b";,".contains(&b));
    if plain {
        Ok(text.trim().to_owned())
    } else {
        Err("must be sources such as 'none' or https://example.org".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    fn hold_rules(flags: &[&str]) -> HoldRules {
        let cli = Cli::try_parse_from(["holdfast", "serve"].iter().chain(flags)).unwrap();
        let CliCommand::Serve(serve) = cli.command else { panic!("it serves") };
        serve.component.hold_rules()
    }

    #[test]
    fn a_line_has_no_cap_where_an_address_has_none_unless_one_is_asked_for() {
        assert_eq!(hold_rules(&[]).waiting_per_address, Some(3));
        assert_eq!(hold_rules(&["--max-presences-per-address", "0"]).waiting_per_address, None);
        let both = ["--max-presences-per-address", "0", "--max-waiting-per-address", "7"];
        assert_eq!(hold_rules(&both).waiting_per_address, Some(7));
        assert_eq!(hold_rules(&["--max-waiting-per-address", "0"]).waiting_per_address, None);
    }

    #[test]
    fn wrong_values_are_refused() {
        for wrong in [
            ["--hold-ttl-ms", "0"],
            ["--hold-deadline-ms", "0"],
            ["--public-url", "localhost:3000"],
            ["--public-url", "https://example.org/booking"],
            ["--trusted-proxies", "10.0.0.0/33"],
            ["--frame-ancestors", "'self'; script-src *"],
            ["--log-format", "xml"],
            ["--security-contact", "security@example.org"],
            ["--security-contact", "mailto:a@example.org\nContact: mailto:b@example.org"],
            ["--retain-ended-days", "0"],
        ] {
            assert!(Cli::try_parse_from(["holdfast", "serve"].into_iter().chain(wrong)).is_err(), "{wrong:?}");
        }
        assert!(Cli::try_parse_from(["holdfast", "serve", "--trusted-proxies", "10.0.0.0/8, ::1"]).is_ok());
    }
}
