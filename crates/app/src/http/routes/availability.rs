//! Which slots are offered, and why not.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use booking_client::{SlotChange, SlotsRequest};
use booking_domain::availability::{Day, Slot};
use booking_domain::id::EventTypeId;
use bytes::Bytes;
use http::HeaderMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::caller::{Mover, Origin, Public, bearer};
use crate::http::channel::Api;
use crate::http::lists::{ListRequest, What};
use crate::http::model::slot::{
    Days, Explanation, NextSlots, NextSlotsQuery, Slot as SlotModel, SlotQuery, Slots, SlotsQuery,
};
use crate::http::model::time::Id;
use crate::http::request::{PathId, QueryParams};
use crate::http::state::SharedState;
use crate::live::frames::{frame, frames};
use crate::live::stream;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new()
        .routes(routes!(list_days))
        .routes(routes!(list_slots))
        .routes(routes!(watch_slots))
        .routes(routes!(list_next_slots))
        .routes(routes!(explain_slot))
}

/// Who asks, and for what.
async fn asked(mover: Mover, what: What, mut request: SlotsRequest) -> HttpResult<(Api, ListRequest)> {
    let api = mover.asks(&mut request.moving).await?.api;
    Ok((api, (what, request)))
}

/// Count the slots of each date
#[utoipa::path(
    get, path = "/event-types/{id}/days", tag = "Availability", security((), ("management_token" = []), ("api_key" = [])),
    params(("id" = Id, Path, description = "The event type"), SlotsQuery),
    responses((status = 200, description = "Every date of the range", body = Days)),
)]
pub async fn list_days(
    State(app): State<SharedState>,
    mover: Mover,
    (PathId(id), QueryParams(query)): (PathId<EventTypeId>, QueryParams<SlotsQuery>),
) -> HttpResult<Response> {
    let (api, question) = asked(mover, What::Days, query.parse(id)?).await?;
    let before = app.lists.find(&question);
    let days = api.list_days_unless(&question.1, before.as_ref().map(|sent| &sent.revision)).await?;
    let show = |days: Vec<Day>| Days { days: days.iter().map(Into::into).collect() };
    Ok(app.lists.answer((question, before), days, show)?)
}

/// List the free and held slots
#[utoipa::path(
    get, path = "/event-types/{id}/slots", tag = "Availability", security((), ("management_token" = []), ("api_key" = [])),
    params(("id" = Id, Path, description = "The event type"), SlotsQuery),
    responses((status = 200, description = "The slots that start in the range, sorted", body = Slots)),
)]
pub async fn list_slots(
    State(app): State<SharedState>,
    mover: Mover,
    (PathId(id), QueryParams(query)): (PathId<EventTypeId>, QueryParams<SlotsQuery>),
) -> HttpResult<Response> {
    let (api, question) = asked(mover, What::Slots, query.parse(id)?).await?;
    let before = app.lists.find(&question);
    let slots = api.list_slots_unless(&question.1, before.as_ref().map(|sent| &sent.revision)).await?;
    let show = |slots: Vec<Slot>| Slots { slots: slots.iter().map(Into::into).collect() };
    Ok(app.lists.answer((question, before), slots, show)?)
}

/// Watch the slots
///
/// Events: `snapshot` with `{slots}`, which replaces all that was told before; `slot` with one slot that changed, whose state
/// may also be `booked` or `absent`; at last `problem`, if a key was shown that was revoked. Comment lines keep the connection alive.
#[utoipa::path(
    get, path = "/event-types/{id}/slots/stream", tag = "Availability", security((), ("management_token" = []), ("api_key" = [])),
    params(("id" = Id, Path, description = "The event type"), SlotsQuery),
    responses((status = 200, description = "A stream of events", body = String, content_type = "text/event-stream")),
)]
pub async fn watch_slots(
    State(app): State<SharedState>,
    mover: Mover,
    (PathId(id), QueryParams(query)): (PathId<EventTypeId>, QueryParams<SlotsQuery>),
    (Origin(origin), headers): (Origin, HeaderMap),
) -> HttpResult<Response> {
    let mut request = query.parse(id)?;
    let api = mover.asks(&mut request.moving).await?.api;
    // Those who watch the same share one stream, whoever they are. Whoever shows a key has one of their own, with the key's bounds,
    // that ends with the key; so has whoever would move a booking.
    let frames = if bearer(&headers).is_some() || request.moving.is_some() {
        frames(api.watch_slots(&request).await?, told)
    } else {
        app.slots.watch(request, origin).await?
    };
    Ok(stream::response(&app, "slots", frames))
}

fn told(change: SlotChange) -> Bytes {
    match change {
        SlotChange::Snapshot(slots) => frame("snapshot", &Slots { slots: slots.iter().map(Into::into).collect() }),
        SlotChange::Slot(slot) => frame("slot", &SlotModel::from(&slot)),
    }
}

/// List the free slots that come next
///
/// Up to the horizon, however much is taken before.
#[utoipa::path(
    get, path = "/event-types/{id}/next", tag = "Availability",
    params(("id" = Id, Path, description = "The event type"), NextSlotsQuery),
    responses((status = 200, description = "The slots, in their order", body = NextSlots)),
)]
pub async fn list_next_slots(
    Public(api): Public,
    PathId(id): PathId<EventTypeId>,
    QueryParams(query): QueryParams<NextSlotsQuery>,
) -> HttpResult<Json<NextSlots>> {
    let next = api.list_next_slots(&query.parse(id)?).await?;
    Ok(Json((&next).into()))
}

/// Say why a slot can or cannot be taken
#[utoipa::path(
    get, path = "/event-types/{id}/explain", tag = "Availability", security((), ("management_token" = []), ("api_key" = [])),
    params(("id" = Id, Path, description = "The event type"), SlotQuery),
    responses((status = 200, description = "Every rule that says no", body = Explanation)),
)]
pub async fn explain_slot(
    mover: Mover,
    PathId(id): PathId<EventTypeId>,
    QueryParams(query): QueryParams<SlotQuery>,
) -> HttpResult<Json<Explanation>> {
    let mut question = query.parse(id)?;
    let api = mover.asks(&mut question.moving).await?.api;
    let explanation = api.explain_slot(&question).await?;
    Ok(Json((&explanation).into()))
}
