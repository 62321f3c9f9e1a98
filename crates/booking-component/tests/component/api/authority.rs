//! Authority: what is open with a key ends with the key, wherever it is revoked.

use std::time::Duration;

use booking_client::{ApiKey, CallError, CallStream};
use booking_component::keyring::Scope;
use booking_component::open_keyring;
use booking_domain::id::ApiKeyId;
use booking_domain::refusal::Refusal;
use booking_domain::text::{Name, Slug};
use futures::{FutureExt, StreamExt, future, stream};
use tokio::time::timeout;

use super::on_both_ways;
use super::world::{Api, World, beat, session, that_day};

/// How soon a stream ends after its key.
const SOON: Duration = Duration::from_millis(1_000);

on_both_ways! {
    every_stream_ends_within_a_second_of_its_keys_revocation_by_another_process
    a_key_that_is_revoked_here_ends_its_streams_at_once
}

/// A key that an operator made, and the calls with it.
async fn another_key(world: &World) -> (ApiKeyId, Api) {
    let keyring = world.component.keyring();
    let organization = keyring.organization(&Slug::parse("default").unwrap()).await.unwrap();
    let made = keyring.create(Scope::Admin(organization), Name::parse("another").unwrap()).await.unwrap();
    (made.0, world.api.with_key(ApiKey::parse(&made.1).unwrap()))
}

/// How a stream ends, whatever it told before.
async fn end<T>(mut told: CallStream<T>) -> Option<Refusal> {
    loop {
        match told.next().await? {
            Ok(_) => {}
            Err(CallError::Refused(refusal)) => return Some(refusal),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn every_stream_ends_within_a_second_of_its_keys_revocation_by_another_process(world: &World) {
    let studio = world.studio().await.id;
    let (key, api) = another_key(world).await;
    let who = session();
    let room = world.beat(studio, 9, who).await.unwrap().room;
    let alive = stream::iter([vec![beat(studio, 10, session())]]).chain(stream::pending());
    let ends = [
        end(api.watch_slots(&that_day(studio)).await.unwrap()).boxed(),
        end(api.watch_presence().await.unwrap()).boxed(),
        end(api.follow_place(room, who).await.unwrap()).boxed(),
        end(api.keep_alive(alive).await.unwrap()).boxed(),
    ];
    let mut others = world.api.watch_slots(&that_day(studio)).await.unwrap();
    others.next().await.unwrap().unwrap();
    let elsewhere = open_keyring(&world.url()).await.unwrap();
    elsewhere.revoke(key).await.unwrap();
    elsewhere.close().await;
    // By itself the place would end, and its stream with it, a second after this.
    world.beat(studio, 9, who).await.unwrap();
    let ended = timeout(SOON, future::join_all(ends)).await.expect("they end within a second");
    assert_eq!(ended, vec![Some(Refusal::Unauthenticated); 4]);
    world.book(studio, 20, None).await.unwrap();
    assert!(timeout(SOON, others.next()).await.unwrap().unwrap().is_ok(), "another key's stream goes on");
}

async fn a_key_that_is_revoked_here_ends_its_streams_at_once(world: &World) {
    let (key, api) = another_key(world).await;
    let mut seen = api.watch_presence().await.unwrap();
    seen.next().await.unwrap().unwrap();
    world.component.keyring().revoke(key).await.unwrap();
    assert_eq!(timeout(SOON, end(seen)).await.unwrap(), Some(Refusal::Unauthenticated));
}
