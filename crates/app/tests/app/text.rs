//! What people write, on its way into other formats: it stays in its field, whatever its characters mean to whoever reads it there.

use reqwest::Method;
use serde_json::{Value, json};

use crate::day::at;
use crate::test_server::{KEY, TestServer, session};

/// What some reader takes for the end of a line, of a text, or of a direction.
const ODD: [&str; 9] = ["\r", "\n", "\r\n", "\u{85}", "\0", "\u{2028}", "\u{2029}", "\u{202e}", "\u{2066}"];

/// A text that would be something else on a line of its own.
fn forged(odd: &str) -> String {
    format!("a{odd}event: forged{odd}data: {{}}{odd}{odd}Set-Cookie: x=y{odd}<script>alert(1)</script>")
}

#[tokio::test]
async fn a_name_is_one_line_without_control_characters() {
    let server = TestServer::open().await;
    for odd in ODD {
        let resource = json!({ "name": forged(odd), "kind": "room", "time_zone": "UTC" });
        let answer = server.admin(Method::POST, "resources", resource).await;
        let is_control = odd.chars().any(char::is_control);
        assert_eq!(answer.status, if is_control { 400 } else { 201 }, "{odd:?}: {}", answer.text);
        assert!(!is_control || answer.wrong() == ["name"], "{odd:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn no_text_begins_an_event_of_its_own() {
    let server = TestServer::open().await;
    let event_type = server.offer("room").await;
    for (hour, odd) in (9..).zip(ODD) {
        let text = forged(odd);
        let beat = json!({
            "event_type_id": event_type, "start": at(&format!("{hour:02}:00")), "duration_minutes": 30,
            "session_id": session(), "data": { "t": text },
        });
        let place = server.post("presence/heartbeat", beat).await;
        assert_eq!(place.status, 200, "{odd:?}: {}", place.text);
        let request = server.request(Method::GET, "presence/live/stream").bearer_auth(KEY);
        let mut stream = request.send().await.unwrap();
        let mut sent = String::new();
        while !sent.contains("\n\n") {
            sent.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
        }
        let lines: Vec<&str> = sent.split(['\r', '\n']).filter(|line| !line.is_empty()).collect();
        let fields: Vec<&str> = lines.iter().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(fields, ["event", "data"], "{odd:?}: {sent}");
        assert!(!lines[0].contains("forged"), "{sent}");
        let told: Value = serde_json::from_str(lines[1].strip_prefix("data: ").unwrap()).unwrap();
        assert!(told.to_string().contains(&json!(text).to_string()), "{odd:?}: {told}");
    }
}

#[tokio::test]
async fn no_text_begins_a_header_or_an_element_of_its_own() {
    let server = TestServer::open().await;
    let odd = ODD.into_iter().filter(|odd| !odd.contains(['\0', '\u{85}']));
    for (number, odd) in odd.enumerate() {
        let (slug, text) = (format!("room-{number}"), forged(odd));
        let title = if odd.contains(char::is_control) { "A room" } else { &text };
        server.offer_with(&slug, json!({ "title": title, "description": text })).await;
        let page = server.get(&format!("/default/{slug}")).await;
        assert_eq!(page.header("set-cookie"), "");
        assert!(!page.text.contains("<script>alert(1)"), "{odd:?}");
        let shown = server.get(&format!("public/default/event-types/{slug}")).await;
        assert_eq!(shown.json["event_type"]["description"], text, "{odd:?}");
    }
}
