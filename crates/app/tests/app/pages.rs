//! What is served beside the contract: the document, its page, health, counters, and the web app's headers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_server::{TestServer, answered};

#[tokio::test]
async fn the_document_is_the_one_that_is_committed() {
    let committed = include_str!("../../openapi.json");
    // A comparison of the texts would print both.
    let same = app::http::openapi::text() == committed;
    assert!(same, "the contract's description changed: run `cargo xtask openapi`, and look at what changed");
    let server = TestServer::open().await;
    let served = server.get("/api/v1/openapi.json").await;
    assert_eq!((served.header("content-type"), served.text == committed), ("application/json", true));
    assert_eq!(served.json["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}

#[tokio::test]
async fn every_operation_is_described_whole() {
    let document = app::http::openapi::document();
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
            assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{name}");
            assert!(operation["responses"].get("default").is_some(), "{name}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string() && parameter["schema"].is_object(), "{name} {parameter}");
            }
            let named = path.matches('{').count();
            let described =
                operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path").count();
            assert_eq!(named, described, "{name}");
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (count, 58));
    assert_references(&document, &document);
}

fn assert_references(document: &Value, value: &Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference} is not there");
            }
            object.values().for_each(|each| assert_references(document, each));
        }
        Value::Array(items) => items.iter().for_each(|each| assert_references(document, each)),
        _ => {}
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_what_they_may_not_do() {
    let server = TestServer::with(&[
        "--public-url",
        "https://book.example.org",
        "--frame-ancestors",
        "https://shop.example.org",
    ])
    .await;
    for path in ["/healthz", "/api/v1/nothing", "/api/docs", "/", "public/default/event-types"] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'self'; script-src 'self'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert!(policy.ends_with("frame-ancestors https://shop.example.org"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
    }
    assert_eq!(server.get("public/default/event-types").await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_the_demo_embeds_its_own_pages() {
    let (server, demo) = (TestServer::open().await, TestServer::with(&["--demo"]).await);
    for (server, framed_by, status) in
        [(&server, "frame-ancestors 'none'", 404), (&demo, "frame-ancestors 'self'", 200)]
    {
        assert!(server.get("/healthz").await.header("content-security-policy").ends_with(framed_by));
        for path in ["/embed-example.html", "/embed-example.css", "/embed-example.js"] {
            assert_eq!(server.get(path).await.status, status, "{path}");
        }
    }
    let page = demo.get("/embed-example.html").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.contains(r#"src="/embed.js" data-event="default/live-room""#) && !page.text.contains("style="));
}

#[tokio::test]
async fn the_readable_page_needs_nothing_from_elsewhere() {
    let server = TestServer::open().await;
    let page = server.get("/api/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text.contains("/api/v1/presence/heartbeat") && !page.text.contains("<script"));
    assert!(!page.text.contains("http://") && !page.text.contains("https://"));
    assert_eq!(server.get("/api/docs/style.css").await.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn health_and_counters_are_told() {
    let server = TestServer::open().await;
    assert_eq!(
        (server.get("/healthz").await.text.as_str(), server.get("/readyz").await.text.as_str()),
        ("ok\n", "ready\n")
    );
    server.get("public/default/event-types").await;
    server.get("/api/v1/nothing").await;
    let text = server.get("/metrics").await.text;
    for line in [
        r#"holdfast_http_requests_total{route="/api/v1/public/{org}/event-types",method="GET",status="200"} 1"#,
        r#"holdfast_http_requests_total{route="other",method="GET",status="404"} 1"#,
        "# TYPE holdfast_uptime_seconds gauge",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[tokio::test]
async fn a_missing_asset_is_missing_and_a_page_is_the_app() {
    let server = TestServer::open().await;
    let missing = server.get("/assets/nothing-12345678.js").await;
    assert_eq!((missing.status, missing.code()), (404, "not_found"));
    assert_eq!(answered(server.request(Method::POST, "/default/room")).await.status, 405);
    if !std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/index.html").exists() {
        assert_eq!(server.get("/").await.code(), "not_found");
        return;
    }
    for (page, status) in [
        ("/", 200),
        ("/default", 200),
        ("/bookings/0198c2f0", 200),
        ("/admin/bookings/x", 200),
        ("/default/no-such-thing", 404),
        ("/no-such-page", 404),
        ("/bookings", 404),
        ("/a/b/c", 404),
    ] {
        let answer = server.get(page).await;
        assert_eq!(
            (answer.status, answer.header("content-type"), answer.header("cache-control")),
            (status, "text/html; charset=utf-8", "no-cache"),
            "{page}"
        );
        assert!(answer.text.contains("<title>") && !answer.text.contains("{{"), "{page}");
    }
}

#[tokio::test]
async fn a_page_says_at_once_what_it_shows() {
    let server = TestServer::open().await;
    if entry_script(&server.get("/").await.text).is_none() {
        return;
    }
    server.offer_with("tea", json!({ "title": "Tea & <script>alert(1)</script>" })).await;
    for (page, question) in [("/", "/default/event-types"), ("/default/tea", "/default/event-types/tea")] {
        let document = server.get(page).await.text;
        let (_, rest) = document.split_once(r#"<script id="first-answer" type="application/json">"#).unwrap();
        let (text, rest) = rest.split_once("</script>").unwrap();
        let first: Value = serde_json::from_str(text).unwrap();
        assert_eq!(first["path"], format!("/api/v1/public{question}"));
        assert_eq!(first["body"], server.get(&format!("public{question}")).await.json);
        assert!(!rest.contains("alert(1)</script>"), "{page}: what people write is escaped");
    }
    let page = server.get("/default/tea").await.text;
    assert!(page.contains("<title>Tea &amp; &lt;script&gt;alert(1)&lt;&#x2f;script&gt; · "), "{page}");
}

#[tokio::test]
async fn files_are_sent_in_the_form_that_lies_ready() {
    let server = TestServer::open().await;
    let Some(script) = entry_script(&server.get("/").await.text) else { return };
    let ask = |accept: &'static str| server.request(Method::GET, &script).header("Accept-Encoding", accept);
    let mut tags = Vec::new();
    for (accept, encoding) in [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("identity", "")] {
        let asset = answered(ask(accept)).await;
        assert_eq!((asset.status, asset.header("content-encoding")), (200, encoding), "{accept}");
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(
            (asset.header("content-type"), asset.header("vary")),
            ("text/javascript; charset=utf-8", "accept-encoding")
        );
        let length = asset.header("content-length").to_owned();
        let head = answered(server.request(Method::HEAD, &script).header("Accept-Encoding", accept)).await;
        assert_eq!((head.header("content-length"), head.header("etag")), (length.as_str(), asset.header("etag")));
        let again = answered(ask(accept).header("If-None-Match", asset.header("etag"))).await;
        assert_eq!((again.status, again.header("vary")), (304, "accept-encoding"), "{accept}");
        tags.push((asset.header("etag").to_owned(), length.parse::<u64>().unwrap()));
    }
    assert!(tags.windows(2).all(|pair| pair[0].0 != pair[1].0 && pair[0].1 < pair[1].1), "{tags:?}");
    assert_eq!(server.get(&format!("{script}.br")).await.status, 404);
}

/// The script that starts the web app; none where the web app was not built.
fn entry_script(index: &str) -> Option<String> {
    index.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".js")).map(str::to_owned)
}
