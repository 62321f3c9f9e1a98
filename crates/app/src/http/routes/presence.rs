//! Being in a slot's room: holding the slot, or waiting in line for it.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use booking_client::{LiveChange, PlaceChange};
use booking_domain::draft::presence::{HeartbeatDraft, PlaceDraft, ReleaseDraft};
use booking_domain::draft::reader::Draft;
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::{BeaconJson, JsonBody};
use crate::http::caller::{Admin, Mover, Public};
use crate::http::model::page::LongPageQuery;
use crate::http::model::presence::{
    Changed, Heartbeat, HeartbeatRequest, InRoom, LivePresencePage, LivePresences, Release, RoomPresence, RoomQuery,
};
use crate::http::model::problem::Problem;
use crate::http::request::QueryParams;
use crate::http::state::SharedState;
use crate::live::frames::{frame, frames};
use crate::live::stream;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new()
        .routes(routes!(heartbeat))
        .routes(routes!(leave))
        .routes(routes!(release))
        .routes(routes!(extend_hold))
        .routes(routes!(follow_place))
        .routes(routes!(list_presence))
        .routes(routes!(list_live_presence))
        .routes(routes!(watch_live_presence))
}

/// Join a slot's room, or stay in it
///
/// Holds the slot when it is free, and otherwise waits in line. Whoever moves a booking shows its management token.
#[utoipa::path(
    post, path = "/presence/heartbeat", tag = "Presence", security((), ("management_token" = []), ("api_key" = [])), request_body = HeartbeatRequest,
    params(("Check-Token" = Option<String>, Header, description = "What the operator's hook asks for, if it has one, such as a captcha's answer", max_length = 8192)),
    responses((status = 200, description = "Where the session stands", body = Heartbeat)),
)]
pub async fn heartbeat(mover: Mover, JsonBody(given): JsonBody<HeartbeatRequest>) -> HttpResult<Json<Heartbeat>> {
    let mut beat = HeartbeatDraft::from(given).parse()?;
    let asker = mover.asks(&mut beat.moving).await?;
    asker.may_hold(&beat).await?;
    Ok(Json((&asker.api.heartbeat(&beat).await?).into()))
}

/// Leave a room
///
/// Leaving twice, or a room that one never was in, is fine. The body is read as JSON whatever its content type.
#[utoipa::path(
    post, path = "/presence/leave", tag = "Presence", request_body = InRoom,
    responses((status = 204, description = "The session is not in the room")),
)]
pub async fn leave(Public(api): Public, BeaconJson(given): BeaconJson<InRoom>) -> HttpResult<StatusCode> {
    let place = PlaceDraft::from(given).parse()?;
    api.leave(place.room, place.session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End somebody's presence in a room
///
/// Whoever it is is told `hold_lost`, and the next in line holds.
#[utoipa::path(
    post, path = "/presence/release", tag = "Presence", security(("api_key" = [])), request_body = Release,
    responses((status = 204, description = "They are not in the room any more")),
)]
pub async fn release(Admin(api): Admin, JsonBody(given): JsonBody<Release>) -> HttpResult<StatusCode> {
    api.release(&ReleaseDraft::from(given).parse()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keep a hold for five minutes more
///
/// Once, in the last two minutes before its deadline.
#[utoipa::path(
    post, path = "/presence/extend", tag = "Presence", request_body = InRoom,
    responses((status = 200, description = "Where the session stands", body = Heartbeat)),
)]
pub async fn extend_hold(Public(api): Public, JsonBody(given): JsonBody<InRoom>) -> HttpResult<Json<Heartbeat>> {
    let place = PlaceDraft::from(given).parse()?;
    Ok(Json((&api.extend_hold(place.room, place.session_id).await?).into()))
}

/// Follow one's own place, without keeping it alive
///
/// Events: `presence` with what a heartbeat answers, now and after each change; at last `gone` with the problem that says why.
/// With a key that was revoked, the last event is `problem`. The body is read as JSON whatever its content type.
#[utoipa::path(
    post, path = "/presence/stream", tag = "Presence", request_body = InRoom,
    responses((status = 200, description = "A stream of events", body = String, content_type = "text/event-stream")),
)]
pub async fn follow_place(
    State(app): State<SharedState>,
    Public(api): Public,
    BeaconJson(given): BeaconJson<InRoom>,
) -> HttpResult<Response> {
    let place = PlaceDraft::from(given).parse()?;
    let changes = api.follow_place(place.room, place.session_id).await?;
    let told = frames(changes, |change| match change {
        PlaceChange::Place(place) => frame("presence", &Heartbeat::from(&place)),
        PlaceChange::Gone(refusal) => frame("gone", &Problem::from(&refusal)),
    });
    Ok(stream::response(&app, "place", told))
}

/// Show who is in a slot's room
#[utoipa::path(
    get, path = "/presence", tag = "Presence", params(RoomQuery),
    responses((status = 200, description = "Everybody there, in line order", body = RoomPresence)),
)]
pub async fn list_presence(
    Public(api): Public,
    QueryParams(query): QueryParams<RoomQuery>,
) -> HttpResult<Json<RoomPresence>> {
    Ok(Json((&api.get_presence(&query.parse()?).await?).into()))
}

/// Show every presence of the organization
#[utoipa::path(
    get, path = "/presence/live", tag = "Presence", security(("api_key" = [])), params(LongPageQuery),
    responses((status = 200, description = "One page of everybody, room by room", body = LivePresencePage)),
)]
pub async fn list_live_presence(
    Admin(api): Admin,
    QueryParams(query): QueryParams<LongPageQuery>,
) -> HttpResult<Json<LivePresencePage>> {
    Ok(Json((&api.list_live_presence(query.parse()?).await?).into()))
}

/// Watch every presence of the organization
///
/// Events: `snapshot` with `{presences}`, which is everybody; then `presences` with `{presences, departed}` for what is different:
/// whoever came or looks different, as they are now, and the `room` and `who` of whoever is gone. Who only moved up in a line is
/// not named: in each room, those who wait and are not named keep their order, those who are named stand at their `position`, and
/// positions count from 1. At last `problem`, if the key was revoked.
#[utoipa::path(
    get, path = "/presence/live/stream", tag = "Presence", security(("api_key" = [])),
    responses((status = 200, description = "A stream of events", body = String, content_type = "text/event-stream")),
)]
pub async fn watch_live_presence(State(app): State<SharedState>, Admin(api): Admin) -> HttpResult<Response> {
    let changes = api.watch_presence_changes().await?;
    let told = frames(changes, |change| match change {
        LiveChange::Snapshot(everybody) => frame("snapshot", &LivePresences::from(everybody.as_slice())),
        LiveChange::Difference(difference) => frame("presences", &Changed::from(&difference)),
    });
    Ok(stream::response(&app, "presences", told))
}
