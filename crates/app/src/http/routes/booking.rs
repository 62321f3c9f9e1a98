//! One booking, beside its steps: corrected, given another link, and put into a calendar.

use std::time::SystemTime;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use booking_client::{BookingRef, ManagementToken, RenewManagementToken};
use booking_domain::booking;
use booking_domain::id::BookingId;
use chrono::{DateTime, Utc};
use http::HeaderName;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answer::HttpResult;
use crate::http::body::JsonBody;
use crate::http::caller::{Admin, Holder};
use crate::http::model::booking::change::BookingPatch;
use crate::http::model::booking::{Booking, CreatedBooking, manage_url};
use crate::http::model::calendar;
use crate::http::model::problem::Problem;
use crate::http::model::time::Id;
use crate::http::request::{IdempotencyKey, IfMatch, PathId};
use crate::http::state::SharedState;

/// The routes.
pub fn routes() -> OpenApiRouter<SharedState> {
    OpenApiRouter::new()
        .routes(routes!(get_booking, update_booking))
        .routes(routes!(renew_management_token))
        .routes(routes!(get_booking_calendar))
}

/// The booking, as the bearer of its token sees it or, without one, as an operator does.
pub fn shown(booking: &booking::Booking, token: Option<&ManagementToken>) -> Json<Booking> {
    let booking = Booking::from(booking);
    Json(if token.is_some() { booking.for_booker() } else { booking })
}

/// Show a booking
///
/// To whom shows its management token or an API key of its organization; to others there is none.
#[utoipa::path(
    get, path = "/bookings/{uid}", tag = "Bookings", security(("management_token" = []), ("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking")),
    responses((status = 200, description = "The booking", body = Booking)),
)]
pub async fn get_booking(holder: Holder, PathId(id): PathId<BookingId>) -> HttpResult<Json<Booking>> {
    let (booking, token) = seen(holder, id).await?;
    Ok(shown(&booking, token.as_ref()))
}

/// Correct what a booking says
///
/// What is not given stays; `null` takes away what may be absent. The bearer of its management token may change the booker's name, phone
/// and notes, and answers, which are held against the event type's questions.
#[utoipa::path(
    patch, path = "/bookings/{uid}", tag = "Bookings", security(("management_token" = []), ("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking"), ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes")),
    request_body = BookingPatch,
    responses((status = 200, description = "The booking, corrected", body = Booking)),
)]
pub async fn update_booking(
    holder: Holder,
    PathId(id): PathId<BookingId>,
    IfMatch(version): IfMatch,
    JsonBody(given): JsonBody<BookingPatch>,
) -> HttpResult<Json<Booking>> {
    let (api, management_token) = holder.way();
    let asked = given.parse(BookingRef { id, management_token }, version)?;
    let corrected = api.update_booking(&asked).await?;
    Ok(shown(&corrected, asked.management_token.as_ref()))
}

/// Which booking gets another link, as its operator last saw it.
pub struct LinkRenewal(RenewManagementToken);

impl<S: Send + Sync> FromRequestParts<S> for LinkRenewal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PathId(id) = PathId::from_request_parts(parts, state).await?;
        let IfMatch(version) = IfMatch::from_request_parts(parts, state).await?;
        let IdempotencyKey(request_id) = IdempotencyKey::from_request_parts(parts, state).await?;
        Ok(Self(RenewManagementToken { id, version, request_id }))
    }
}

/// Give a booking another link
///
/// The management token before it ends at once.
#[utoipa::path(
    post, path = "/bookings/{uid}/management-token", tag = "Bookings", security(("api_key" = [])),
    params(
        ("uid" = Id, Path, description = "The booking"),
        ("If-Match" = Option<String>, Header, description = "The version that was read, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key answers what it answered the first time, for 24 hours", min_length = 1, max_length = 255),
    ),
    responses((status = 200, description = "The booking, with its new link", body = CreatedBooking)),
)]
pub async fn renew_management_token(
    State(app): State<SharedState>,
    Admin(api): Admin,
    LinkRenewal(asked): LinkRenewal,
) -> HttpResult<Json<CreatedBooking>> {
    let renewed = api.renew_management_token(&asked).await?;
    Ok(Json(CreatedBooking::new(&renewed, &app.public_url)))
}

/// What tells a browser that this is a file for a calendar.
type FileHeaders = [(HeaderName, String); 2];

/// A booking, for a calendar
///
/// As iCalendar (RFC 5545). A later file takes the place of an earlier one: its UID stays, and its SEQUENCE grows.
#[utoipa::path(
    get, path = "/bookings/{uid}/calendar.ics", tag = "Bookings", security(("management_token" = []), ("api_key" = [])),
    params(("uid" = Id, Path, description = "The booking")),
    responses((status = 200, description = "The file", body = String, content_type = "text/calendar")),
)]
#[expect(clippy::disallowed_methods, reason = "the file says when it was made, and nothing is decided by it")]
pub async fn get_booking_calendar(
    State(app): State<SharedState>,
    holder: Holder,
    PathId(id): PathId<BookingId>,
) -> HttpResult<(FileHeaders, String)> {
    let (booking, token) = seen(holder, id).await?;
    let url = manage_url(&app.public_url, id, token.as_ref());
    let kind = format!("text/calendar; charset=utf-8; method={}", calendar::method(booking.status));
    let name = "attachment; filename=\"booking.ics\"".to_owned();
    let file = calendar::file(&booking, &url, DateTime::<Utc>::from(SystemTime::now()));
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], file))
}

/// The booking, and the token that showed it, if one did.
async fn seen(holder: Holder, id: BookingId) -> HttpResult<(booking::Booking, Option<ManagementToken>)> {
    match holder {
        Holder::Bearer(_, token, booking) => Ok((*booking, Some(token))),
        Holder::Operator(api) => Ok((api.get_booking(id, None).await?, None)),
    }
}
