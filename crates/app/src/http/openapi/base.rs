//! What the document says before its routes.

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, OpenApi};

use crate::http::model::problem::{Problem, ProblemCode, ReasonCode};

/// What the document says before its routes.
pub fn base() -> OpenApi {
    #[derive(utoipa::OpenApi)]
    #[openapi(
        info(
            title = "Holdfast",
            version = "1.0.0",
            description = "Booking with holds that are real: who chooses a time has it, everyone else sees it held, and the hold becomes the booking.",
            license(name = "Apache-2.0", identifier = "Apache-2.0"),
        ),
        servers((url = "/", description = "This server")),
        tags(
            (name = "Booking pages", description = "What an organization offers, for everybody"),
            (name = "Availability", description = "Which times are free, and why not, for everybody"),
            (name = "Presence", description = "Holding a time, or waiting in line for it"),
            (name = "Bookings", description = "Made and looked after by bookers and operators"),
            (name = "Event types", description = "What is offered, for operators"),
            (name = "Organization", description = "The name, colour and logo of the pages, for operators"),
            (name = "Resources", description = "The bookable things, for operators"),
            (name = "Schedules", description = "When things are open, for operators"),
            (name = "Operations", description = "For those who run the server"),
        ),
        components(schemas(Problem, ProblemCode, ReasonCode)),
    )]
    struct Base;
    let mut api = <Base as utoipa::OpenApi>::openapi();
    let components = api.components.get_or_insert_with(Components::new);
    for (name, description) in [
        ("api_key", "An API key of an operator"),
        ("management_token", "The token that a booking was answered with; it lets its bearer look after that booking"),
    ] {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some(description.to_owned());
        components.add_security_scheme(name, SecurityScheme::Http(scheme));
    }
    api
}
