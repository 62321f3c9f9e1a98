//! Bookings: made and looked after by their bookers, and by operators.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use booking_client::{BookingRef, CreateBooking, ListBookings, TransitionRequest};
use booking_domain::draft::booking::{BookingDraft, BookingListDraft};
use booking_domain::draft::reader::Draft;
use booking_domain::id::BookingId;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::JsonBody;
use crate::http::caller::{Admin, Asker, Holder};
use crate::http::channel::Api;
use crate::http::model::BASE;
use crate::http::model::booking::asked::{BookingTransition, BookingsQuery, NewBooking, Reschedule};
use crate::http::model::booking::{Booking, Bookings, CreatedBooking, History};
use crate::http::model::page::LongPageQuery;
use crate::http::model::problem::Problem;
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathId, QueryParams};
use crate::http::routes::booking::shown;
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new()
        .routes(routes!(list_bookings, create_booking))
        .routes(routes!(confirm_booking))
        .routes(routes!(decline_booking))
        .routes(routes!(complete_booking))
        .routes(routes!(mark_no_show))
        .routes(routes!(cancel_booking))
        .routes(routes!(reschedule_booking))
        .routes(routes!(list_booking_history))
}

/// A step that an operator asks for: of which booking, as they last saw it, and why.
pub struct OperatorStep(Api, TransitionRequest);

impl FromRequest<SharedState> for OperatorStep {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &SharedState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Admin(api) = Admin::from_request_parts(&mut parts, app).await?;
        let PathId(id) = PathId::from_request_parts(&mut parts, app).await?;
        let IfMatch(version) = IfMatch::from_request_parts(&mut parts, app).await?;
        let JsonBody(given) =
            JsonBody::<BookingTransition>::from_request(Request::from_parts(parts, body), app).await?;
        Ok(Self(api, given.parse(BookingRef { id, management_token: None }, version)?))
    }
}

/// Book a time
///
/// Turns the session's hold into a booking, or takes what nobody holds.
#[utoipa::path(
    post, path = "/bookings", tag = "Bookings",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "The same key and body answer what they answered the first time, for 24 hours", min_length = 1, max_length = 255),
        ("Check-Token" = Option<String>, Header, description = "What the operator's hook asks for, if it has one, such as a captcha's answer", max_length = 8192),
    ),
    request_body = NewBooking,
    responses((status = 201, description = "It is booked", body = CreatedBooking, headers(("Location" = String)))),
)]
pub async fn create_booking(
    State(app): State<SharedState>,
    asker: Asker,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(given): JsonBody<NewBooking>,
) -> HttpResult<Response> {
    let draft = BookingDraft { is_public: asker.is_public(), ..given.into() };
    let asked = CreateBooking { request_id: key, ..draft.parse()? };
    asker.may_book(&asked).await?;
    let created = asker.api.create_booking(&asked).await?;
    let location = HeaderValue::try_from(format!("{BASE}/bookings/{}", created.booking.id)).ok();
    let mut made = CreatedBooking::new(&created, &app.public_url);
    if asker.is_public() {
        made.booking = made.booking.for_booker();
    }
    let mut response = (StatusCode::CREATED, Json(made)).into_response();
    response.headers_mut().extend(location.map(|location| (LOCATION, location)));
    Ok(response)
}

/// List the bookings
#[utoipa::path(
    get, path = "/bookings", tag = "Bookings", security(("api_key" = [])), params(BookingsQuery),
    responses((status = 200, description = "One page of them", body = Bookings)),
)]
pub async fn list_bookings(
    Admin(api): Admin,
    QueryParams(query): QueryParams<BookingsQuery>,
) -> HttpResult<Json<Bookings>> {
    let ListBookings { filter, page } = BookingListDraft::from(query).parse()?;
    let page = api.list_bookings(&filter, page).await?;
    Ok(Json(Bookings { bookings: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}

/// Confirm a pending booking
///
/// Until its start: what nobody has answered by then is declined by itself, with `expired` for a reason.
#[utoipa::path(
    post, path = "/bookings/{uid}/confirm", tag = "Bookings", security(("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Option<BookingTransition>,
    responses((status = 200, description = "The booking, changed", body = Booking)),
)]
pub async fn confirm_booking(OperatorStep(api, step): OperatorStep) -> HttpResult<Json<Booking>> {
    Ok(Json((&api.confirm_booking(&step).await?).into()))
}

/// Decline a pending booking
///
/// Frees its units.
#[utoipa::path(
    post, path = "/bookings/{uid}/decline", tag = "Bookings", security(("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Option<BookingTransition>,
    responses((status = 200, description = "The booking, changed", body = Booking)),
)]
pub async fn decline_booking(OperatorStep(api, step): OperatorStep) -> HttpResult<Json<Booking>> {
    Ok(Json((&api.decline_booking(&step).await?).into()))
}

/// Complete a confirmed booking
///
/// From its start on. It keeps its units until its end.
#[utoipa::path(
    post, path = "/bookings/{uid}/complete", tag = "Bookings", security(("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Option<BookingTransition>,
    responses((status = 200, description = "The booking, changed", body = Booking)),
)]
pub async fn complete_booking(OperatorStep(api, step): OperatorStep) -> HttpResult<Json<Booking>> {
    Ok(Json((&api.complete_booking(&step).await?).into()))
}

/// Say that nobody came to a confirmed booking
///
/// From its start on. It keeps its units until its end.
#[utoipa::path(
    post, path = "/bookings/{uid}/no-show", tag = "Bookings", security(("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Option<BookingTransition>,
    responses((status = 200, description = "The booking, changed", body = Booking)),
)]
pub async fn mark_no_show(OperatorStep(api, step): OperatorStep) -> HttpResult<Json<Booking>> {
    Ok(Json((&api.mark_no_show(&step).await?).into()))
}

/// Cancel a booking
///
/// Frees its units. For the bearer of its management token until its start, or an operator.
#[utoipa::path(
    post, path = "/bookings/{uid}/cancel", tag = "Bookings", security(("management_token" = []), ("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Option<BookingTransition>,
    responses((status = 200, description = "The booking, cancelled", body = Booking)),
)]
pub async fn cancel_booking(
    holder: Holder,
    PathId(id): PathId<BookingId>,
    IfMatch(version): IfMatch,
    JsonBody(given): JsonBody<BookingTransition>,
) -> HttpResult<Json<Booking>> {
    let (api, management_token) = holder.way();
    let step = given.parse(BookingRef { id, management_token }, version)?;
    let cancelled = api.cancel_booking(&step).await?;
    Ok(shown(&cancelled, step.management_token.as_ref()))
}

/// Move a booking to another time
///
/// Its uid stays. For the bearer of its management token until its start, or an operator. Where bookings are confirmed, a booker's move
/// has to be confirmed again.
#[utoipa::path(
    post, path = "/bookings/{uid}/reschedule", tag = "Bookings", security(("management_token" = []), ("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = Reschedule,
    responses((status = 200, description = "The booking, moved", body = Booking)),
)]
pub async fn reschedule_booking(
    holder: Holder,
    PathId(id): PathId<BookingId>,
    IfMatch(version): IfMatch,
    JsonBody(given): JsonBody<Reschedule>,
) -> HttpResult<Json<Booking>> {
    let (api, management_token) = holder.way();
    let step = given.parse(BookingRef { id, management_token }, version)?;
    let moved = api.reschedule_booking(&step).await?;
    Ok(shown(&moved, step.management_token.as_ref()))
}

/// List what happened to a booking
#[utoipa::path(
    get, path = "/bookings/{uid}/history", tag = "Bookings", security(("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), LongPageQuery),
    responses((status = 200, description = "One page of the entries, oldest first", body = History)),
)]
pub async fn list_booking_history(
    Admin(api): Admin,
    PathId(id): PathId<BookingId>,
    QueryParams(query): QueryParams<LongPageQuery>,
) -> HttpResult<Json<History>> {
    let page = api.list_booking_history(id, query.parse()?).await?;
    Ok(Json(History { entries: page.items.iter().map(Into::into).collect(), next_page_token: page.next }))
}
