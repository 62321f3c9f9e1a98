//! Export and import: what leaves one store arrives in another, all of it, or nothing does.

use std::collections::BTreeSet;

use booking_component::store::export_import::tables::TABLES;
use booking_component::store::export_import::{ExportImportError, Summary, export, import};
use booking_component::store::{Store, blocks, bookings, claims, organizations, presences};
use booking_domain::availability::Owner;
use booking_domain::block::{Block, BlockSpec};
use booking_domain::booking::{Actor, HistoryEntry, HistoryKind};
use booking_domain::hold::change::NetChanges;
use booking_domain::id::BlockId;
use booking_domain::request::BlockRef;
use booking_domain::text::Slug;
use sqlx::{Connection, Row, SqliteConnection};

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, history_of, name, prose, span, stamp, uuid};

on_each_store! {
    an_organization_arrives_as_it_left,
    what_is_damaged_changes_nothing,
    an_organization_in_use_is_never_overwritten,
    an_organization_that_was_never_used_gives_way,
    an_export_of_an_older_version_arrives,
}

fn slug(studio: &Studio) -> Slug {
    studio.organization().slug
}

async fn written(store: &Store, slug: &Slug) -> (String, Summary) {
    let mut file = Vec::new();
    let summary = export(store, slug, &mut file).await.unwrap();
    (String::from_utf8(file).unwrap(), summary)
}

/// A studio that was booked, and where somebody holds a time; and another one, which nobody asks about.
async fn busy(place: &Place) -> Studio {
    let mut tx = place.write().await;
    Studio::insert(NEIGHBOUR, &mut tx).await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let booking = studio.booking(1, span(60, 120));
    let (holder, held) = studio.holder(2, span(180, 240), studio.rooms[0]);
    let slot = booking.slot;
    let entry = HistoryEntry {
        at: at(1),
        kind: HistoryKind::Created,
        actor: Actor::Booker,
        slot,
        reason: prose("\"so\" 日本"),
    };
    let net = NetChanges {
        claimed: vec![studio.booked(&booking), held],
        present: vec![holder],
        recorded: vec![(booking.id, entry)],
        made: vec![booking],
        ..NetChanges::default()
    };
    studio.save(&mut tx, &net).await.unwrap();
    blocks::insert(&mut tx, studio.organization, &[closed(&studio)]).await.unwrap();
    tx.commit().await.unwrap();
    studio
}

/// A room that is closed for two hours, as a calendar says.
fn closed(studio: &Studio) -> Block {
    let spec = BlockSpec { time: span(300, 420), reason: prose("The tuner"), external_id: Some(name("tuner")) };
    let (id, resource_id) = (BlockId::new(uuid(1)), studio.rooms[1]);
    Block { id, resource_id, source: Some(name("calendar")), spec, stamp: stamp() }
}

async fn an_organization_arrives_as_it_left(place: Place) {
    let studio = busy(&place).await;
    let (file, summary) = written(&place.store, &slug(&studio)).await;
    assert_eq!(file.lines().count() as u64, summary.rows + 2);
    for other in [Place::sqlite_file().await, Place::postgres().await] {
        assert_eq!(import(&other.store, &mut file.as_bytes()).await.unwrap(), summary);
        assert_eq!(written(&other.store, &slug(&studio)).await, (file.clone(), summary.clone()));
        let (mut before, mut tx) = (place.read().await, other.read().await);
        let (of, id) = (studio.organization, studio.booking_id(1));
        let (day, chosen) = ([(studio.rooms[0], span(0, 1_440))], BTreeSet::new());
        let moved = claims::list(&mut tx, of, (&day, &chosen)).await.unwrap();
        let mut left = claims::list(&mut before, of, (&day, &chosen)).await.unwrap();
        assert_eq!(left.len(), 2);
        left.retain(|(_, claim)| matches!(claim.owner, Owner::Booking(_)));
        assert_eq!(moved, left, "holds stay behind");
        assert_eq!(presences::list_all(&mut tx).await.unwrap(), []);
        let found = bookings::find(&mut tx, of, id).await.unwrap();
        assert!(found.is_some());
        assert_eq!(found, bookings::find(&mut before, of, id).await.unwrap());
        let (block, resource_id) = (closed(&studio), studio.rooms[1]);
        let arrived = blocks::find(&mut tx, of, BlockRef { resource_id, id: block.id }).await.unwrap();
        assert_eq!(arrived, Some(block));
        let history = history_of(&mut tx, of, id).await;
        assert_eq!(history.len(), 1);
        assert_eq!(history, history_of(&mut before, of, id).await);
        assert_eq!(organizations::list(&mut tx).await.unwrap().len(), 1, "the neighbour stays where it is");
    }
}

async fn what_is_damaged_changes_nothing(place: Place) {
    let origin = Place::sqlite_file().await;
    let studio = busy(&origin).await;
    let (file, _) = written(&origin.store, &slug(&studio)).await;
    let lines: Vec<&str> = file.lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
    let last = lines.len() - 1;
    let damaged = [
        String::new(),
        "{}".to_owned(),
        without(0),
        without(last),
        without(last - 1),
        lines[..last / 2].join("\n"),
        file.replacen("Ada Lovelace", "Eve Lovelace", 1),
        file.replacen("\"format\":1", "\"format\":2", 1),
        file.replacen("\"resources\"", "\"sqlite_master\"", 1),
        lines[..last].join("\n") + "\nnot JSON\n",
        file.clone() + lines[1] + "\n",
        file.clone() + &file,
        [&lines[..2], &lines[1..]].concat().join("\n"),
    ];
    for (number, damaged) in damaged.iter().enumerate() {
        assert_ne!(*damaged, file);
        let refused = import(&place.store, &mut damaged.as_bytes()).await;
        assert!(
            matches!(refused, Err(ExportImportError::Line(..) | ExportImportError::Incomplete(_))),
            "{number}: {refused:?}"
        );
        assert_eq!(organizations::list(&mut place.read().await).await.unwrap(), []);
    }
    import(&place.store, &mut file.as_bytes()).await.unwrap();
}

async fn an_organization_in_use_is_never_overwritten(place: Place) {
    let studio = busy(&place).await;
    let (file, summary) = written(&place.store, &slug(&studio)).await;
    let refused = import(&place.store, &mut file.as_bytes()).await;
    assert!(matches!(refused, Err(ExportImportError::InTheWay(_))), "{refused:?}");
    assert_eq!(written(&place.store, &slug(&studio)).await.1, summary);
    let unknown = export(&place.store, &Slug::parse("nobody").unwrap(), &mut Vec::new()).await;
    assert!(matches!(unknown, Err(ExportImportError::NotFound(_))));
}

async fn an_export_of_an_older_version_arrives(place: Place) {
    let old = include_str!("../../fixtures/export-of-0.1.jsonl");
    assert!(!old.contains("booking_caps"), "it was written before there were caps");
    let summary = import(&place.store, &mut old.as_bytes()).await.unwrap();
    assert!(
        old.trim_end().ends_with(&format!(r#"{{"end":{{"rows":{},"sha256":"{}"}}}}"#, summary.rows, summary.sha256))
    );
    let (now, _) = written(&place.store, &Slug::parse("default").unwrap()).await;
    assert_eq!(now.lines().count(), old.lines().count());
    assert!(now.contains(r#""booking_caps":null"#), "{now}");
}

async fn an_organization_that_was_never_used_gives_way(place: Place) {
    let origin = Place::sqlite_file().await;
    let studio = busy(&origin).await;
    let (file, summary) = written(&origin.store, &slug(&studio)).await;
    let mut founded = Studio::new(NEIGHBOUR).organization();
    founded.slug = slug(&studio);
    let mut tx = place.write().await;
    organizations::insert(&mut tx, &founded).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(import(&place.store, &mut file.as_bytes()).await.unwrap(), summary);
    assert!(organizations::find(&mut place.read().await, founded.id).await.unwrap().is_none());
}

/// What stays behind: leases, what the claims of holds say, and what is made anew from what arrives.
const STAY: [&str; 10] = [
    "public_bookings",
    "presence",
    "presence_heartbeats",
    "clock",
    "cooldowns",
    "daily_availability",
    "booking_words",
    "word_suffixes",
    "unindexed_bookings",
    "_sqlx_migrations",
];
const COLUMNS_STAY: [(&str, &str); 2] = [("claims", "presence_id"), ("booking_resources", "status")];

#[tokio::test]
async fn every_column_of_every_table_moves_or_is_known_to_stay() {
    let place = Place::sqlite_file().await;
    let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
    let columns = "SELECT m.name AS name, c.name AS column_name FROM sqlite_master AS m
        JOIN pragma_table_xinfo(m.name) AS c WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'";
    let rows = sqlx::query(columns).fetch_all(&mut connection).await.unwrap();
    let there: BTreeSet<(String, String)> = rows.iter().map(|row| (row.get("name"), row.get("column_name"))).collect();
    let there: BTreeSet<_> = there
        .iter()
        .map(|(table, column)| (table.as_str(), column.as_str()))
        .filter(|(table, column)| !STAY.contains(table) && !COLUMNS_STAY.contains(&(*table, *column)))
        .collect();
    let moves = TABLES.iter().flat_map(|table| table.column_names().map(|column| (table.name, column)));
    assert_eq!(moves.collect::<BTreeSet<_>>(), there);
}
