//! Bookings that are put right: what is said of them, and who has their link.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::at;
use crate::test_server::{Answered, KEY, TestServer, answered, booking};

struct Booked {
    server: TestServer,
    path: String,
    token: String,
}

impl Booked {
    async fn with(more: Value, answers: Value) -> Self {
        let server = TestServer::open().await;
        let id = server.offer_with("room", more).await;
        let mut body = booking(&id, "10:00", None);
        body["answers"] = answers;
        let made = server.post("bookings", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("bookings/{}", made.json["uid"].as_str().unwrap());
        Self { server, path, token: made.json["management_token"].as_str().unwrap().to_owned() }
    }

    async fn plain() -> Self {
        Self::with(json!({}), json!({})).await
    }

    async fn patch(&self, bearer: &str, change: Value) -> Answered {
        answered(self.server.request(Method::PATCH, &self.path).bearer_auth(bearer).json(&change)).await
    }

    async fn get(&self, bearer: &str) -> Answered {
        answered(self.server.request(Method::GET, &self.path).bearer_auth(bearer)).await
    }
}

#[tokio::test]
async fn a_change_names_what_changes_and_null_takes_away() {
    let questions = json!([{"key": "diet", "label": "Diet?", "kind": "text"}, {"key": "why", "label": "Why?", "kind": "text", "required": true}]);
    let booked = Booked::with(json!({ "questions": questions }), json!({"diet": "none", "why": "because"})).await;
    let first = json!({"booker": {"phone": "tel:+49 40 1234"}, "answers": {"diet": "vegan"}});
    let first = booked.patch(&booked.token, first).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let booker = json!({"name": "Ada", "email": "ada@example.org", "phone": "+49 40 1234", "notes": ""});
    assert_eq!(first.json["booker"], booker);
    assert_eq!(first.json["answers"], json!({"diet": "vegan", "why": "because"}));
    let second = json!({"booker": {"phone": null, "notes": "Late by ten"}, "answers": {"diet": null}});
    let second = booked.patch(&booked.token, second).await;
    assert_eq!(
        (&second.json["booker"]["phone"], &second.json["booker"]["notes"]),
        (&json!(null), &json!("Late by ten"))
    );
    assert_eq!(second.json["answers"], json!({"why": "because"}));
    let wrong = json!({"booker": {"name": null}, "answers": {"why": null, "diet": 5}});
    assert_eq!(booked.patch(&booked.token, wrong).await.wrong(), ["booker.name", "answers.diet"]);
    assert_eq!(booked.patch(&booked.token, json!({"answers": {"why": null}})).await.wrong(), ["answers.why"]);
    assert_eq!(booked.patch(&booked.token, json!({"start": "2090-03-06T10:00:00Z"})).await.wrong(), ["start"]);
}

#[tokio::test]
async fn what_staff_note_is_for_operators_alone() {
    let booked = Booked::plain().await;
    let noted = booked.patch(KEY, json!({"staff_notes": "Owes us tea", "booker": {"email": "ada@king.example"}})).await;
    assert_eq!((&noted.json["staff_notes"], noted.status), (&json!("Owes us tea"), 200), "{}", noted.text);
    assert_eq!(booked.get(KEY).await.json["staff_notes"], "Owes us tea");
    let cancel = format!("{}/cancel", booked.path);
    let seen = [
        booked.get(&booked.token).await,
        booked.patch(&booked.token, json!({"booker": {"name": "Ada King"}})).await,
        answered(booked.server.request(Method::POST, &cancel).bearer_auth(&booked.token)).await,
    ];
    for answer in seen {
        assert_eq!((answer.status, answer.json.get("staff_notes")), (200, None), "{}", answer.text);
        assert!(!answer.text.contains("tea"), "{}", answer.text);
    }
    let ours = booked.patch(&booked.token, json!({"staff_notes": "", "booker": {"email": "eve@example.org"}})).await;
    assert_eq!((ours.status, ours.wrong()), (400, vec!["booker.email", "staff_notes"]));
    assert_eq!(booked.patch(KEY, json!({"staff_notes": null})).await.json["staff_notes"], "");
}

#[tokio::test]
async fn a_change_that_changes_nothing_changes_nothing() {
    let booked = Booked::plain().await;
    for change in [json!({}), json!({"booker": {"name": "Ada"}, "staff_notes": ""})] {
        assert_eq!(booked.patch(KEY, change).await.json["version"], 1);
    }
    let request = || booked.server.request(Method::PATCH, &booked.path).bearer_auth(KEY).header("If-Match", "\"1\"");
    let change = json!({"booker": {"name": "Ada King"}});
    assert_eq!(answered(request().json(&change)).await.json["version"], 2);
    let stale = answered(request().json(&change)).await.json;
    assert_eq!((&stale["reason"], &stale["current_version"]), (&json!("stale_version"), &json!(2)));
    let history = booked.server.admin(Method::GET, &format!("{}/history", booked.path), Value::Null).await.json;
    let kinds: Vec<_> = history["entries"].as_array().unwrap().iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["created", "corrected"]);
}

#[tokio::test]
async fn another_link_ends_the_one_before_it() {
    let booked = Booked::plain().await;
    let path = format!("{}/management-token", booked.path);
    assert_eq!(booked.get(&booked.token).await.status, 200);
    let renew = || booked.server.request(Method::POST, &path).bearer_auth(KEY).header("Idempotency-Key", "once");
    let (renewed, again) = (answered(renew()).await, answered(renew()).await);
    assert_eq!((renewed.status, &renewed.json), (200, &again.json), "{}", renewed.text);
    let token = renewed.json["management_token"].as_str().unwrap();
    assert!(renewed.json["manage_url"].as_str().unwrap().ends_with(&format!("#token={token}")));
    assert_eq!(booked.get(&booked.token).await.code(), "not_found");
    assert_eq!(booked.get(token).await.status, 200);
    for refused in
        [booked.server.request(Method::POST, &path), booked.server.request(Method::POST, &path).bearer_auth(token)]
    {
        assert_eq!(answered(refused).await.code(), "unauthenticated");
    }
}

#[tokio::test]
async fn an_operator_needs_no_address_and_no_confirmation() {
    let server = TestServer::open().await;
    let id = server.offer_with("room", json!({"requires_confirmation": true})).await;
    let mut body = booking(&id, "10:00", None);
    body["booker"] = json!({"name": "Ada"});
    let refused = server.post("bookings", body.clone()).await;
    assert_eq!((refused.status, refused.wrong()), (400, vec!["booker.email"]));
    let made = server.made("bookings", body.clone()).await;
    assert_eq!((&made["status"], &made["booker"]["email"]), (&json!("confirmed"), &json!(null)));
    body["start"] = json!(at("11:00"));
    body["status"] = json!("pending");
    assert_eq!(server.made("bookings", body.clone()).await["status"], "pending");
    body["booker"]["email"] = json!("ada@example.org");
    let refused = server.post("bookings", body).await;
    assert_eq!((refused.status, refused.wrong()), (400, vec!["status"]));
    let listed = server.admin(Method::GET, "bookings?q=ada", Value::Null).await.json;
    assert_eq!(listed["bookings"].as_array().unwrap().len(), 2);
}
