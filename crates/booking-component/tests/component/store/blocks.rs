//! Blocks: what is closed is found where it overlaps, however long it lasts.

use booking_component::store::{Conflict, StoreError, blocks, resources};
use booking_domain::block::{Block, BlockSpec};
use booking_domain::id::{BlockId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::request::BlockRef;
use booking_domain::text::{Name, Prose};

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, at, name, span, stamp, uuid};

on_each_store! {
    what_is_closed_is_found_where_it_overlaps_and_nowhere_else,
    a_block_comes_back_as_it_was_and_as_it_was_changed,
    an_external_id_is_taken_once_in_an_organization,
    blocks_of_one_source_are_those_that_begin_in_the_window,
    blocks_go_with_their_resource,
}

fn block(n: u64, resource: ResourceId, time: Interval) -> Block {
    let spec = BlockSpec { time, reason: Prose::default(), external_id: None };
    Block { id: BlockId::new(uuid(n)), resource_id: resource, source: None, spec, stamp: stamp() }
}

fn named(external_id: &str, block: Block) -> Block {
    Block { spec: BlockSpec { external_id: Some(name(external_id)), ..block.spec }, ..block }
}

async fn what_is_closed_is_found_where_it_overlaps_and_nowhere_else(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let [a, b] = studio.rooms;
    // A minute, some that touch and overlap, a night, three weeks, and a year.
    let times = [(100, 101), (101, 163), (120, 180), (1_380, 1_560), (2_000, 32_240), (-500_000, 25_600)];
    let all: Vec<Block> = (1..).zip(times).map(|(n, (from, to))| block(n, a, span(from, to))).collect();
    blocks::insert(&mut tx, studio.organization, &all).await.unwrap();
    blocks::insert(&mut tx, studio.organization, &[block(50, b, span(0, 60))]).await.unwrap();
    let other = block(60, neighbour.rooms[0], span(0, 60));
    blocks::insert(&mut tx, neighbour.organization, &[other]).await.unwrap();
    let ends = times.iter().flat_map(|(from, to)| [*from, *to]);
    let edges: Vec<i64> = ends.flat_map(|at| [at - 1, at, at + 1]).collect();
    for from in &edges {
        for to in edges.iter().filter(|to| *to > from) {
            let asked = span(*from, *to);
            let found = blocks::busy(&mut tx, studio.organization, &[(a, asked)]).await.unwrap();
            let overlapping = all.iter().map(|block| block.spec.time).filter(|time| time.overlaps(asked));
            let mut expected: Vec<_> = overlapping.map(|time| (a, time)).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{from} to {to}");
        }
    }
    let both = [(a, span(0, 50)), (b, span(0, 50)), (b, span(20, 90))];
    let found = blocks::busy(&mut tx, studio.organization, &both).await.unwrap();
    assert_eq!(found, [(a, span(-500_000, 25_600)), (b, span(0, 60))], "each once");
    assert_eq!(blocks::busy(&mut tx, studio.organization, &[]).await.unwrap(), []);
    assert_eq!(blocks::count(&mut tx, studio.organization, a).await.unwrap(), all.len());
}

async fn a_block_comes_back_as_it_was_and_as_it_was_changed(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let (of, room) = (studio.organization, studio.rooms[0]);
    let mut first = named("a", block(1, room, span(60, 90)));
    (first.source, first.spec.reason) = (Some(name("calendar")), Prose::parse("The tuner").unwrap());
    blocks::insert(&mut tx, of, std::slice::from_ref(&first)).await.unwrap();
    let at_it = BlockRef { resource_id: room, id: first.id };
    assert_eq!(blocks::find(&mut tx, of, at_it).await.unwrap().as_ref(), Some(&first));
    first.spec = BlockSpec { time: span(30, 3_000), reason: Prose::default(), external_id: None };
    (first.stamp.version, first.stamp.updated_at) = (2, at(7));
    blocks::update(&mut tx, of, std::slice::from_ref(&first)).await.unwrap();
    assert_eq!(blocks::find(&mut tx, of, at_it).await.unwrap().as_ref(), Some(&first));
    assert_eq!(blocks::busy(&mut tx, of, &[(room, span(2_999, 3_100))]).await.unwrap(), [(room, span(30, 3_000))]);
    let wrong = [BlockRef { resource_id: studio.rooms[1], ..at_it }, BlockRef { id: BlockId::new(uuid(9)), ..at_it }];
    for wrong in wrong {
        assert_eq!(blocks::find(&mut tx, of, wrong).await.unwrap(), None);
    }
    let stranger = Studio::new(NEIGHBOUR).organization;
    blocks::delete(&mut tx, stranger, &[first.id]).await.unwrap();
    assert!(blocks::find(&mut tx, of, at_it).await.unwrap().is_some(), "another tenant deletes nothing");
    blocks::delete(&mut tx, of, &[first.id]).await.unwrap();
    assert_eq!(blocks::find(&mut tx, of, at_it).await.unwrap(), None);
}

async fn an_external_id_is_taken_once_in_an_organization(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let neighbour = Studio::insert(NEIGHBOUR, &mut tx).await;
    let [a, b] = studio.rooms;
    let first = named("a", block(1, a, span(0, 60)));
    let others = [first.clone(), block(2, a, span(0, 60)), block(3, b, span(0, 60))];
    blocks::insert(&mut tx, studio.organization, &others).await.unwrap();
    let theirs = named("a", block(4, neighbour.rooms[0], span(0, 60)));
    blocks::insert(&mut tx, neighbour.organization, &[theirs]).await.unwrap();
    let asked: [Name; 2] = [name("a"), name("b")];
    assert_eq!(blocks::find_by_external_ids(&mut tx, studio.organization, asked.iter()).await.unwrap(), [first]);
    let taken = blocks::insert(&mut tx, studio.organization, &[named("a", block(5, b, span(90, 95)))]).await;
    let is_taken = |name: &str| name == "blocks_external_id";
    assert!(matches!(&taken, Err(StoreError::Conflict(Conflict::Taken(name))) if is_taken(name)), "{taken:?}");
}

async fn blocks_of_one_source_are_those_that_begin_in_the_window(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let (of, room) = (studio.organization, studio.rooms[0]);
    let by = |source: &str, block: Block| Block { source: Some(name(source)), ..block };
    let all = [
        by("calendar", block(1, room, span(-30, 30))),
        by("calendar", block(2, room, span(0, 30))),
        by("calendar", block(3, room, span(59, 90))),
        by("calendar", block(4, room, span(60, 90))),
        by("another", block(5, room, span(10, 20))),
        block(6, room, span(10, 20)),
        by("calendar", block(7, studio.rooms[1], span(10, 20))),
    ];
    blocks::insert(&mut tx, of, &all).await.unwrap();
    let found = blocks::of_source(&mut tx, of, (room, &name("calendar"), span(0, 60))).await.unwrap();
    assert_eq!(found, all[1..3]);
}

async fn blocks_go_with_their_resource(place: Place) {
    let mut tx = place.write().await;
    let studio = Studio::insert(STUDIO, &mut tx).await;
    let of = studio.organization;
    let (alone, id) = (ResourceId::new(uuid(77)), BlockId::new(uuid(1)));
    resources::insert(&mut tx, of, &crate::support::studio::resource(alone)).await.unwrap();
    blocks::insert(&mut tx, of, &[block(1, alone, span(0, 60))]).await.unwrap();
    assert!(resources::delete(&mut tx, of, alone).await.unwrap());
    assert_eq!(blocks::find(&mut tx, of, BlockRef { resource_id: alone, id }).await.unwrap(), None);
    let missing = blocks::insert(&mut tx, of, &[block(2, alone, span(0, 60))]).await;
    assert!(matches!(missing, Err(StoreError::Conflict(Conflict::Missing))), "{missing:?}");
}
