//! The same calls beside few stored rows and beside many, on both stores.

use std::fs;

use anyhow::Result;
use postgres_cluster::Cluster;

use super::figures::Figures;
use super::measured::{KEY, SETTINGS};
use super::report::{Aim, Figure, Row, Table, grouped};
use crate::fill;
use crate::server::{Server, throw_away_folder};
use crate::{process, repository, tools};

/// Bookings that are stored where there are few.
const FEW: u32 = 1_000;
/// A hold for so many bookings.
const BOOKINGS_PER_HOLD: u32 = 10;
/// Rounds, and calls of each kind in a round.
const ROUNDS: u32 = 7;
const CALLS_A_ROUND: u32 = 12;
/// Beside many rows a call may take so many times as long; a page or a search, so many times.
const CALL: f64 = 1.2;
const PAGE: f64 = 1.5;

/// No stored hold may end while it is measured. One whose event type does not say otherwise ends after a moment: `DEADLINE` of the
/// load.
const LASTING: [(&str, &str); 2] = [("HOLDFAST_HOLD_TTL_MS", "86400000"), ("HOLDFAST_HOLD_DEADLINE_MS", "250")];

/// A kind of call: as the load names it, as the table does, and how many times as long it may take.
type Call = (&'static str, &'static str, f64);

const CALLS: [Call; 25] = [
    ("month_kept", "month of slots, kept list", CALL),
    ("month_changed", "month of slots, right after a change", CALL),
    ("hold", "one hold", CALL),
    ("renew", "renewal", CALL),
    ("wait", "waiting in line", CALL),
    ("extend", "extension", CALL),
    ("leave", "leaving, so that the next one holds", CALL),
    ("book_hold", "a hold that becomes a booking", CALL),
    ("book", "booking of free units", CALL),
    ("move", "moving a booking", CALL),
    ("cancel", "cancelling", CALL),
    ("confirm", "confirming", CALL),
    ("decline", "declining", CALL),
    ("complete", "completing", CALL),
    ("history", "history of a booking", CALL),
    ("page", "page of bookings", PAGE),
    ("page_from_now", "page of bookings from now on", PAGE),
    ("page_of_status", "page of pending bookings", PAGE),
    ("page_of_event_type", "page of an event type's bookings", PAGE),
    ("page_of_resource", "page of a resource's bookings", PAGE),
    ("page_of_email", "page of one booker's bookings", PAGE),
    ("search_title", "search for what many have", PAGE),
    ("search_name", "search for a name that one has", PAGE),
    ("search_address", "search for part of an address", PAGE),
    ("search_nobody", "search for what nobody has", PAGE),
];

/// An embedded store knows when a hold ends; nodes of a shared one look now and then, and whoever wants the slot sees at once.
const EXPIRY: Call = ("expiry", "expiry: from the deadline until the holder is told", CALL);
const TAKE_OVER: Call = ("take_over", "expiry: a hold in place of one that met its deadline", CALL);

/// A store with two databases, one with few rows and one with many.
struct Pair {
    store: &'static str,
    few: String,
    many: String,
    expiry: Call,
}

/// Every call on both stores.
pub(super) fn run(many: u32) -> Result<Table> {
    let mut rows = embedded(many)?;
    rows.extend(shared(many)?);
    Ok(Table {
        title: "Flat",
        method: format!(
            "Two servers with the same offers, each on a database of its own: one with {} stored, the other with {}. They are of the same \
             organization, half of them of the same rooms and event types, and none of these is near. One client, over gRPC but for the \
             months, makes each call on one server and then on the other: the median of {ROUNDS} rounds of {CALLS_A_ROUND} calls; in brackets, the \
             least and the greatest ratio of a round. SQLite was never analyzed; PostgreSQL was, as it is by itself after a minute.",
            stored(FEW),
            stored(many),
        ),
        rows,
    })
}

fn stored(bookings: u32) -> String {
    format!("{} bookings and {} holds", grouped(bookings.into()), grouped((bookings / BOOKINGS_PER_HOLD).into()))
}

fn embedded(many: u32) -> Result<Vec<Row>> {
    let folder = throw_away_folder("flat")?;
    let url = |name: &str| format!("sqlite://{}", folder.join(name).display());
    let pair = Pair { store: "SQLite", few: url("few.db"), many: url("many.db"), expiry: EXPIRY };
    let rows = pair.fill(many).and_then(|()| pair.measure());
    fs::remove_dir_all(folder)?;
    rows
}

fn shared(many: u32) -> Result<Vec<Row>> {
    let cluster = Cluster::start_durable()?;
    let psql = tools::POSTGRES.beside("psql")?;
    let tell =
        |url: &str, what: &str| process::output(&mut process::command(&psql, &["-q", "-d", url, "-c", what])).map(drop);
    let [few, many_url] = ["few", "many"].map(|name| cluster.url(name));
    for name in ["few", "many"] {
        tell(&cluster.url("postgres"), &format!("CREATE DATABASE {name}"))?;
    }
    let pair = Pair { store: "PostgreSQL", few, many: many_url, expiry: TAKE_OVER };
    pair.fill(many)?;
    for url in [&pair.few, &pair.many] {
        tell(url, "VACUUM ANALYZE")?;
    }
    pair.measure()
}

impl Pair {
    fn fill(&self, many: u32) -> Result<()> {
        for (url, bookings) in [(&self.few, FEW), (&self.many, many)] {
            fill::fill("release", url, (bookings, bookings / BOOKINGS_PER_HOLD))?;
        }
        Ok(())
    }

    fn measure(&self) -> Result<Vec<Row>> {
        let holdfast = repository::program("release", "holdfast")?;
        let settings: Vec<_> = SETTINGS.into_iter().chain(LASTING).collect();
        let [few, many] = [&self.few, &self.many].map(|url| Server::start_on(url, &holdfast, &settings));
        let (few, many) = (few?, many?);
        let figures = Figures::of_load(&["flat"], &place(&few, &many))?;
        few.stop()?;
        many.stop()?;
        CALLS.iter().chain([&self.expiry]).map(|call| self.row(call, &figures)).collect()
    }

    fn row(&self, (name, what, most): &Call, figures: &Figures) -> Result<Row> {
        let time = |beside: &str| figures.get(&format!("{name}_{beside}_ns")).map(Figure::Time);
        let ratio = |which: &str| figures.get(&format!("{name}_{which}"));
        Ok(Row {
            what: format!("{}: {what}", self.store),
            ours: time("many")?,
            peer: Some((format!("few stored ({:.2} to {:.2})", ratio("least")?, ratio("most")?), time("few")?)),
            aim: Some(Aim::AtMost(*most)),
        })
    }
}

/// The arguments that tell the load where the two servers are, and how often to call them.
fn place(few: &Server, many: &Server) -> Vec<String> {
    let servers = || [few, many].into_iter();
    let (rounds, calls) = (ROUNDS.to_string(), CALLS_A_ROUND.to_string());
    let mut place = ["--key", KEY, "--rounds", &rounds, "--calls", &calls].map(str::to_owned).to_vec();
    place.extend(servers().flat_map(|server| ["--grpc".to_owned(), format!("http://{}", server.grpc())]));
    place.extend(servers().flat_map(|server| ["--http".to_owned(), server.http().to_string()]));
    place
}
