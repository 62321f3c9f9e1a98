//! A page that falls over tells the operator: in the log, and in a count; and whoever sends it can do no more than that.

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::program::Program;
use crate::test_server::{Answered, TestServer, answered, client};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

fn fallen() -> Value {
    json!({"page": "booking", "name": "RangeError", "message": "Invalid time value", "at": "assets/index-B1.js:1:4711"})
}

/// The field of a report, changed.
fn with(field: &str, value: Value) -> Value {
    let mut report = fallen();
    report[field] = value;
    report
}

/// As `sendBeacon` sends a text.
async fn told(server: &TestServer, body: String, from: &str) -> Answered {
    let request = server.request(Method::POST, "page-errors").header("Content-Type", "text/plain;charset=UTF-8");
    answered(request.header("User-Agent", FIREFOX).header("X-Forwarded-For", from).body(body)).await
}

async fn tell(server: &TestServer, report: Value) -> Answered {
    told(server, report.to_string(), "").await
}

/// What is counted, without what is 0.
async fn counted(server: &TestServer) -> Vec<String> {
    let metrics = server.get("/metrics").await.text;
    let counts = metrics.lines().filter_map(|line| line.strip_prefix("holdfast_page_errors_total"));
    counts.filter(|count| !count.ends_with(" 0")).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_broke_is_counted_by_page_and_engine() {
    let server = TestServer::open().await;
    assert_eq!(counted(&server).await, [""; 0]);
    assert_eq!(tell(&server, fallen()).await.status, 204);
    assert_eq!(tell(&server, fallen()).await.status, 204);
    assert_eq!(tell(&server, json!({"page": "manage", "name": "Error", "message": ""})).await.status, 204);
    assert_eq!(counted(&server).await, [r#"{page="booking",engine="gecko"} 2"#, r#"{page="manage",engine="gecko"} 1"#]);
}

#[tokio::test]
async fn the_labels_are_known_words_whatever_is_sent() {
    let server = TestServer::open().await;
    let series = async || server.get("/metrics").await.text.matches("holdfast_page_errors_total{").count();
    let before = series().await;
    for page in ["", "nowhere", "x\"} 1\nholdfast_forged 1", "Booking"] {
        assert_eq!(tell(&server, with("page", json!(page))).await.status, 204);
    }
    let request =
        server.request(Method::POST, "page-errors").header("User-Agent", "a\"b{engine=\"x\"}").json(&fallen());
    assert_eq!(answered(request).await.status, 204);
    assert_eq!(series().await, before);
    assert_eq!(counted(&server).await, [r#"{page="booking",engine="other"} 1"#, r#"{page="other",engine="gecko"} 4"#]);
    assert!(!server.get("/metrics").await.text.contains("forged"));
}

#[tokio::test]
async fn what_is_too_large_or_malformed_is_refused_and_not_counted() {
    let server = TestServer::open().await;
    let large = tell(&server, with("message", json!("m".repeat(3000)))).await;
    assert_eq!((large.status, large.code(), large.wrong()), (413, "invalid_argument", vec!["body"]));
    for (report, field) in [
        (with("message", json!("m".repeat(301))), "message"),
        (with("name", json!("n".repeat(65))), "name"),
        (with("name", json!("Type Error\n")), "name"),
        (with("name", Value::Null), "name"),
        (with("at", json!("https://book.example.org/bookings/1#token=2")), "at"),
        (with("at", json!(7)), "at"),
        (with("url", json!("/bookings/1")), "url"),
        (json!([]), "body"),
    ] {
        let answer = tell(&server, report.clone()).await;
        assert_eq!((answer.status, answer.wrong()), (400, vec![field]), "{report}");
    }
    assert_eq!(told(&server, "{".to_owned(), "").await.status, 400);
    assert_eq!(counted(&server).await, [""; 0]);
}

#[tokio::test]
async fn a_flood_is_turned_away_and_concerns_nobody_else() {
    let server = TestServer::with(&["--rate-limit", "0", "--trusted-proxies", "127.0.0.0/8"]).await;
    let from = async |address: String| told(&server, fallen().to_string(), &address).await;
    for _ in 0..10 {
        assert_eq!(from("203.0.113.1".to_owned()).await.status, 204);
    }
    let refused = from("203.0.113.1".to_owned()).await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limited"));
    assert_eq!(from("203.0.113.2".to_owned()).await.status, 204, "others are heard");
    let mut heard = 0;
    for last in 0..200 {
        heard += usize::from(from(format!("198.51.100.{last}")).await.status == 204);
    }
    assert!((80..150).contains(&heard), "there is a bound for all together: {heard}");
    assert_eq!(server.get("public/default/event-types").await.status, 200);
}

#[tokio::test]
async fn the_log_has_one_line_of_each_into_which_nothing_can_be_written() {
    let folder = tempdir().unwrap();
    for format in ["json", "text"] {
        let mut program = Program::logging(folder.path(), format);
        let forged = "a\n2026-01-01T00:00:00Z ERROR forged engine=\"x\" \u{1b}[31m for ada@example.org at +49301234567";
        let report = with("message", json!(forged)).to_string();
        let request = client().post(format!("{}/api/v1/page-errors", program.url));
        let answer = request.header("User-Agent", FIREFOX).body(report).send().await.unwrap();
        assert_eq!(answer.status(), 204);
        assert!(program.end("-TERM").success());
        let lines = program.logged();
        let lines: Vec<_> = lines.iter().filter(|line| line.contains("a page fell over")).collect();
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(line.contains("RangeError") && line.contains("assets/index-B1.js:1:4711"), "{line}");
        assert!(!line.contains("ada@") && !line.contains("+49") && !line.contains('\u{1b}'), "{line}");
        if format == "json" {
            let line: Value = serde_json::from_str(line).unwrap();
            let said = "a … ERROR forged engine=\"x\" [31m for … at …";
            assert_eq!((&line["level"], &line["said"]), (&json!("WARN"), &json!(said)));
            assert_eq!(
                (&line["engine"], &line["version"], &line["page"]),
                (&json!("gecko"), &json!(153), &json!("booking"))
            );
        } else {
            assert!(line.contains(r#"engine=\"x\""#) && line.contains(r#" engine="gecko""#), "{line}");
        }
    }
}
