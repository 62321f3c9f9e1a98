//! What a database does when it cannot go on, and what is left afterwards: a connection is given back clean, or thrown away.

use std::time::Duration;

use booking_component::store::{Tx, organizations};
use booking_domain::hold::change::NetChanges;
use sqlx::query;

use crate::support::stores::Place;
use crate::support::studio::{NEIGHBOUR, STUDIO, Studio, span};

on_each_store! {
    a_write_after_a_commit_that_was_refused_succeeds,
    a_write_after_one_that_was_given_up_anywhere_succeeds,
    a_write_after_a_panic_succeeds,
    a_touch_lasts_and_changes_nothing,
}

/// Writes something that was not there.
async fn writes(place: &Place, base: u64) {
    let mut tx = place.write().await;
    Studio::insert(base, &mut tx).await;
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_write_after_one_that_the_database_ended_by_itself_succeeds() {
    let place = Place::sqlite_file().await;
    writes(&place, STUDIO).await;
    let mut tx = place.write().await;
    let Tx::Sqlite(ended) = &mut tx else { panic!("an SQLite URL opens SQLite") };
    // What SQLite does when the disk is full or fails, too.
    let twice = "INSERT OR ROLLBACK INTO organizations SELECT * FROM organizations";
    query(twice).execute(&mut **ended).await.unwrap_err();
    drop(tx);
    writes(&place, NEIGHBOUR).await;
}

async fn a_write_after_a_commit_that_was_refused_succeeds(place: Place) {
    writes(&place, STUDIO).await;
    let studio = Studio::new(STUDIO);
    let (_, claim) = studio.holder(1, span(0, 60), studio.rooms[0]);
    let mut tx = place.write().await;
    // A claim of nobody: that is checked by the commit.
    studio.save(&mut tx, &NetChanges { claimed: vec![claim], ..NetChanges::default() }).await.unwrap();
    assert!(tx.commit().await.is_err());
    writes(&place, NEIGHBOUR).await;
}

async fn a_write_after_one_that_was_given_up_anywhere_succeeds(place: Place) {
    writes(&place, STUDIO).await;
    for micros in (0..4_000).step_by(80) {
        let writing = async {
            let mut tx = place.write().await;
            Studio::insert(NEIGHBOUR, &mut tx).await;
            drop(tx);
        };
        _ = tokio::time::timeout(Duration::from_micros(micros), writing).await;
    }
    writes(&place, NEIGHBOUR).await;
}

#[allow(clippy::disallowed_methods, reason = "the panic has to be another task's")]
async fn a_write_after_a_panic_succeeds(place: Place) {
    let store = place.store.clone();
    let panicking = tokio::spawn(async move {
        let mut tx = store.write().await.unwrap();
        Studio::insert(STUDIO, &mut tx).await;
        panic!("in the middle of it");
    });
    assert!(panicking.await.unwrap_err().is_panic());
    writes(&place, STUDIO).await;
}

async fn a_touch_lasts_and_changes_nothing(place: Place) {
    writes(&place, STUDIO).await;
    let before = organizations::list(&mut place.read().await).await.unwrap();
    for _ in 0..3 {
        place.store.touch().await.unwrap();
    }
    assert_eq!(organizations::list(&mut place.read().await).await.unwrap(), before);
}
