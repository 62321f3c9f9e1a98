//! How an organization shows itself: its name, its colour and its logo.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::at;
use crate::test_server::{KEY, TestServer, answered};

/// Nothing but the signature of a PNG.
const LOGO: &str = "data:image/png;base64,iVBORw0KGgo=";
const BYTES: &[u8] = b"\x89PNG\r\n\x1a\n";

#[tokio::test]
async fn an_operator_gives_the_pages_a_name_a_colour_and_a_logo() {
    let server = TestServer::open().await;
    let before = server.admin(Method::GET, "organization", Value::Null).await;
    assert_eq!(
        (&before.json["slug"], &before.json["accent"], &before.json["logo"]),
        (&json!("default"), &Value::Null, &Value::Null)
    );
    let shown = server.get("public/default/event-types").await.json;
    assert_eq!(shown["organization"], json!({"slug": "default", "name": "Holdfast", "accent": null, "logo_url": null}));
    assert_eq!(server.get("public/default/logo").await.code(), "not_found");

    let change = json!({"name": "Atelier", "accent": "#2F6F6D", "logo": LOGO});
    let changed = server.admin(Method::PATCH, "organization", change).await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"2\""), "{}", changed.text);
    assert_eq!((&changed.json["accent"], &changed.json["logo"]), (&json!("#2f6f6d"), &json!(LOGO)));
    assert_eq!(server.admin(Method::GET, "organization", Value::Null).await.json, changed.json);

    server.offer("room").await;
    for path in ["public/default/event-types", "public/default/event-types/room"] {
        let whose = server.get(path).await.json["organization"].clone();
        let url = "/api/v1/public/default/logo?version=2";
        assert_eq!(
            whose,
            json!({"slug": "default", "name": "Atelier", "accent": "#2f6f6d", "logo_url": url}),
            "{path}"
        );
    }

    let cleared = server.admin(Method::PATCH, "organization", json!({"logo": null})).await.json;
    assert_eq!((&cleared["logo"], &cleared["accent"]), (&Value::Null, &json!("#2f6f6d")), "what is not given stays");
}

#[tokio::test]
async fn a_logo_is_sent_once_and_only_as_an_image() {
    let server = TestServer::open().await;
    server.admin(Method::PATCH, "organization", json!({"logo": LOGO})).await;
    let response = server.request(Method::GET, "public/default/logo?version=2").send().await.unwrap();
    let header = |name| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-type"), header("x-content-type-options")),
        ("image/png".to_owned(), "nosniff".to_owned())
    );
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    let tag = header("etag");
    assert_eq!(response.bytes().await.unwrap(), BYTES);
    for (path, keep) in
        [("", "no-cache"), ("?version=1", "no-cache"), ("?version=2", "public, max-age=31536000, immutable")]
    {
        let request = server.request(Method::GET, &format!("public/default/logo{path}")).header("If-None-Match", &tag);
        let again = answered(request).await;
        assert_eq!((again.status, again.header("cache-control")), (304, keep), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_colour_and_no_small_picture_is_refused() {
    let server = TestServer::open().await;
    let svg = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=";
    let large = format!("data:image/png;base64,iVBORw0KGgo{}", "A".repeat(44_001));
    for (change, field) in [
        (json!({"name": " "}), "name"),
        (json!({"accent": "teal"}), "accent"),
        (json!({"accent": "#12345"}), "accent"),
        (json!({"logo": "https://example.org/logo.png"}), "logo"),
        (json!({"logo": svg}), "logo"),
        (json!({"logo": large}), "logo"),
        (json!({"slug": "other"}), "slug"),
    ] {
        let refused = server.admin(Method::PATCH, "organization", change.clone()).await;
        assert_eq!((refused.status, refused.wrong()), (400, vec![field]), "{change}");
    }
    let after = server.admin(Method::GET, "organization", Value::Null).await.json;
    assert_eq!(after["version"], 1, "nothing was changed");
}

#[tokio::test]
async fn a_stale_change_of_the_organization_is_a_conflict() {
    let server = TestServer::open().await;
    assert_eq!(server.admin(Method::PATCH, "organization", json!({"name": "A", "version": 1})).await.status, 200);
    let stale = server.admin(Method::PATCH, "organization", json!({"name": "B", "version": 1})).await;
    assert_eq!((stale.status, stale.code()), (409, "conflict"));
    let request = server.request(Method::PATCH, "organization").bearer_auth(KEY).header("If-Match", "\"1\"");
    assert_eq!(answered(request.json(&json!({"name": "B"}))).await.status, 409);
}

#[tokio::test]
async fn an_operator_says_how_much_the_public_may_book() {
    let server = TestServer::open().await;
    let usual = json!({
        "per_email": {"open": 50, "made_in_a_day": 60}, "per_address": {"open": 100, "made_in_a_day": 200},
    });
    assert_eq!(server.admin(Method::GET, "organization", Value::Null).await.json["booking_caps"], usual);
    let caps = json!({
        "per_email": {"open": 1, "made_in_a_day": null}, "per_address": {"open": null, "made_in_a_day": null},
    });
    let changed = server.admin(Method::PATCH, "organization", json!({"booking_caps": caps})).await;
    assert_eq!((changed.status, &changed.json["booking_caps"]), (200, &caps), "{}", changed.text);
    let event_type = server.offer("room").await;
    let booking = |time: &str| {
        let booker = json!({"name": "Ada", "email": "ada@example.org"});
        json!({"event_type_id": event_type, "start": at(time), "booker": booker})
    };
    assert_eq!(server.post("bookings", booking("10:00")).await.status, 201);
    let refused = server.post("bookings", booking("11:00")).await;
    assert_eq!((refused.status, refused.code()), (429, "too_many_bookings"), "{}", refused.text);
    assert_eq!(server.admin(Method::POST, "bookings", booking("11:00")).await.status, 201, "operators are not counted");
    for (wrong, field) in [
        (json!({"booking_caps": null}), "booking_caps"),
        (json!({"booking_caps": {"per_email": null}}), "booking_caps"),
        (
            json!({"booking_caps": {"per_email": {"open": 0, "made_in_a_day": 1},
            "per_address": {"open": 1, "made_in_a_day": 1}}}),
            "booking_caps.per_email.open",
        ),
    ] {
        let refused = server.admin(Method::PATCH, "organization", wrong.clone()).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.wrong().iter().all(|at| at.starts_with(field)), "{}", refused.text);
    }
}

#[tokio::test]
async fn whom_an_organization_does_not_serve_is_known_to_its_operators_alone() {
    let server = TestServer::open().await;
    let event_type = server.offer("room").await;
    let blocked = json!({"addresses": ["127.0.0.0/8"], "emails": ["@trash.example"]});
    let changed = server.admin(Method::PATCH, "organization", json!({"blocked": blocked})).await;
    assert_eq!((changed.status, &changed.json["blocked"]), (200, &blocked), "{}", changed.text);
    let beat = json!({"event_type_id": event_type, "start": at("10:00"), "session_id": crate::test_server::session()});
    let refused = server.post("presence/heartbeat", beat).await;
    assert_eq!((refused.status, refused.code()), (403, "permission_denied"));
    for path in ["public/default/event-types", "public/default/event-types/room"] {
        assert!(!server.get(path).await.text.contains("127.0.0.0"), "{path}");
    }
    for (wrong, field) in [
        (json!({"addresses": ["127.0.0.0/33"]}), "blocked.addresses[0]"),
        (json!({"emails": ["@a.example", "no"]}), "blocked.emails[1]"),
        (json!({"emails": vec!["@a.example"; 501]}), "blocked.emails"),
    ] {
        let refused = server.admin(Method::PATCH, "organization", json!({"blocked": wrong})).await;
        assert_eq!((refused.status, refused.wrong()), (400, vec![field]));
    }
}
