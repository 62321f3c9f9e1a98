//! Where to report a fault in security.

use crate::test_server::TestServer;

#[tokio::test]
async fn who_finds_a_fault_is_told_where_to_report_it_if_the_operator_says_so() {
    let contact = ["--security-contact", "mailto:security@example.org", "--public-url", "https://book.example.org"];
    let answer = TestServer::with(&contact).await.get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    let fields: Vec<_> = answer.text.lines().map(|line| line.split_once(": ").unwrap()).collect();
    assert_eq!(fields[0], ("Contact", "mailto:security@example.org"));
    assert_eq!(fields[2], ("Canonical", "https://book.example.org/.well-known/security.txt"));
    let date = booking_domain::DateTime::parse_from_rfc2822(answer.header("date")).unwrap();
    let expires = booking_domain::DateTime::parse_from_rfc3339(fields[1].1).unwrap();
    assert_eq!(fields[1].0, "Expires");
    assert!((89..=91).contains(&(expires - date).num_days()), "{expires}");
}

#[tokio::test]
async fn without_a_contact_there_is_no_such_file() {
    assert_eq!(TestServer::open().await.get("/.well-known/security.txt").await.status, 404);
}
