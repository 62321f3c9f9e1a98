//! The client against small fake services, in process and over a socket.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where something is not as it says")]

mod fake;

use std::net::IpAddr;
use std::time::Duration;

use booking_client::{
    ApiKey, BookingApi, CallError, HeartbeatRequest, SlotChange, SlotRequest, SlotsRequest, Transport, connect,
    make_booking_api,
};
use booking_domain::allow::Allow;
use booking_domain::hold::{SessionId, Standing};
use booking_domain::id::{BookingId, EventTypeId};
use booking_domain::refusal::Refusal;
use booking_domain::text::Slug;
use booking_domain::{DateTime, Utc};
use futures::{FutureExt, StreamExt, stream};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use uuid::Uuid;

use crate::fake::{Fake, Script};

fn in_process(script: Script) -> BookingApi<Routes> {
    make_booking_api(Fake(script).routes()).with_key(ApiKey::parse("key").unwrap())
}

/// The fake on a port of its own; it ends with the tasks.
async fn over_a_socket(script: Script, tasks: &mut JoinSet<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    serve(script, listener, tasks);
    url
}

fn serve(script: Script, listener: TcpListener, tasks: &mut JoinSet<()>) {
    let served = Server::builder().add_routes(Fake(script).routes()).serve_with_incoming(TcpIncoming::from(listener));
    tasks.spawn(async move { served.await.unwrap() });
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_804_593_600, 0).unwrap()
}

fn slots() -> SlotsRequest {
    SlotsRequest {
        moving: None,
        event_type_id: EventTypeId::new(Uuid::from_u128(1)),
        from: "2027-03-01".parse().unwrap(),
        to: "2027-03-31".parse().unwrap(),
        duration_minutes: None,
        time_zone: None,
        resource_id: None,
    }
}

fn slot() -> SlotRequest {
    let event_type_id = slots().event_type_id;
    SlotRequest { event_type_id, start: start(), duration_minutes: Some(30), resource_id: None }
}

fn heartbeat() -> HeartbeatRequest {
    HeartbeatRequest {
        lease_seconds: None,
        moving: None,
        allow: Allow::NOTHING,
        slot: slot(),
        session_id: SessionId::parse("7d444840-9dc0-41d1-b245-5ffdce74fad2").unwrap(),
        data: None,
    }
}

async fn check_calls<C: Transport>(api: &BookingApi<C>) {
    assert_eq!(api.list_slots(&slots()).await.unwrap(), fake::slots());
    let told: Vec<_> = api.watch_slots(&slots()).await.unwrap().collect().await;
    let [first, second] = [SlotChange::Snapshot(fake::slots()), SlotChange::Slot(fake::slots()[0])].map(Ok);
    assert_eq!(told, [first, second]);
    let batches = stream::iter([vec![heartbeat()], vec![heartbeat(), heartbeat()]]);
    let answered: Vec<_> = api.keep_alive(batches).await.unwrap().collect().await;
    let lengths: Vec<_> = answered.into_iter().map(|updates| updates.unwrap().len()).collect();
    assert_eq!(lengths, [1, 2]);
}

#[tokio::test]
async fn calls_work_in_process_without_a_socket() {
    check_calls(&in_process(Script::Answers)).await;
}

#[tokio::test]
async fn calls_work_over_a_socket() {
    let mut tasks = JoinSet::new();
    let url = over_a_socket(Script::Answers, &mut tasks).await;
    check_calls(&make_booking_api(connect(&url).unwrap()).with_key(ApiKey::parse("key").unwrap())).await;
}

#[tokio::test]
async fn a_heartbeat_answers_a_place_in_domain_types() {
    let place = in_process(Script::Answers).heartbeat(&heartbeat()).await.unwrap();
    assert_eq!((place.room.slot.start(), place.standing), (start(), Standing::Waiting { position: 1 }));
}

#[tokio::test]
async fn every_call_says_who_asks() {
    let (organization, address) = (Slug::parse("studio").unwrap(), IpAddr::from([192, 0, 2, 7]));
    let api = in_process(Script::Answers).on_behalf_of(Some(organization), Some(address));
    let told = api.explain_slot(&slot().into()).await.unwrap().findings;
    assert_eq!(told[0].detail, "Bearer key, studio, 192.0.2.7");
    assert!(!format!("{api:?}").contains("\"key\""), "a key is shown: {api:?}");
    let anonymous = make_booking_api(Fake(Script::Answers).routes());
    assert_eq!(anonymous.list_slots(&slots()).await, Err(CallError::Refused(Refusal::Unauthenticated)));
}

#[tokio::test]
async fn a_refusal_comes_back_as_it_was() {
    let refusal = Refusal::SlotHeld { held_until: start(), alternatives: vec![fake::slots()[0].interval] };
    let api = in_process(Script::Refuses(refusal.clone()));
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Refused(refusal.clone())));
    assert_eq!(api.watch_slots(&slots()).await.err(), Some(CallError::Refused(refusal)));
}

#[tokio::test]
async fn a_failure_names_its_request() {
    let failed = in_process(Script::Fails).list_slots(&slots()).await;
    assert_eq!(failed, Err(CallError::Failed { request_id: Some("request-7".to_owned()) }));
}

#[tokio::test]
async fn a_malformed_answer_is_a_failure() {
    let api = in_process(Script::Babbles);
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Failed { request_id: None }));
    let told: Vec<_> = api.watch_slots(&slots()).await.unwrap().collect().await;
    assert_eq!(told, [Err(CallError::Failed { request_id: None })], "nothing comes after an error");
}

#[tokio::test]
async fn a_call_that_takes_too_long_ends() {
    let api = in_process(Script::Sleeps).with_timeout(Duration::from_millis(50));
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Unreachable));
    assert_eq!(api.watch_slots(&slots()).await.err(), Some(CallError::Unreachable));
    let mut tasks = JoinSet::new();
    let url = over_a_socket(Script::Sleeps, &mut tasks).await;
    let api = make_booking_api(connect(&url).unwrap()).with_timeout(Duration::from_millis(50));
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Unreachable));
}

#[tokio::test]
async fn a_component_that_is_not_there_is_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let api = make_booking_api(connect(&format!("http://{closed}")).unwrap());
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Unreachable));
    let id = BookingId::new(Uuid::from_u128(2));
    assert_eq!(api.get_booking(id, None).await, Err(CallError::Unreachable));
}

#[tokio::test]
async fn a_channel_connects_again_when_the_component_comes_back() {
    let mut tasks = JoinSet::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::builder().add_routes(Fake(Script::Answers).routes());
    let served = server.serve_with_incoming_shutdown(TcpIncoming::from(listener), stopped.map(drop));
    tasks.spawn(async move { served.await.unwrap() });

    let url = format!("http://{address}");
    let api = make_booking_api(connect(&url).unwrap()).with_key(ApiKey::parse("key").unwrap());
    assert!(api.list_slots(&slots()).await.is_ok());
    stop.send(()).unwrap();
    tasks.join_next().await.unwrap().unwrap();
    assert_eq!(api.list_slots(&slots()).await, Err(CallError::Unreachable));

    serve(Script::Answers, TcpListener::bind(address).await.unwrap(), &mut tasks);
    let back = async {
        while api.list_slots(&slots()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(2), back).await.expect("no rest is longer than 2 seconds");
}

#[tokio::test]
async fn only_an_http_url_can_be_connected_to() {
    for wrong in ["", "127.0.0.1:50051", "https://example.org", "/socket", "http://"] {
        assert!(connect(wrong).is_err(), "{wrong}");
    }
}
