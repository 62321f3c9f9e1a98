//! How often one address may ask, and who says which address that is.

use reqwest::Method;

use crate::house::{House, KEY, answered};

#[tokio::test]
async fn a_flood_from_one_address_is_turned_away_and_told_when_to_come_back() {
    let house = House::with(&["--rate-limit", "1", "--trusted-proxies", "127.0.0.0/8"]).await;
    let from = async |address: &str| {
        let request = house.request(Method::GET, "public/default/event-types");
        answered(request.header("X-Forwarded-For", address)).await
    };
    for _ in 0..5 {
        assert_eq!(from("1.2.3.4, 203.0.113.1").await.status, 200);
    }
    let refused = from("5.6.7.8, 203.0.113.1").await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limited"));
    assert_eq!(refused.header("retry-after"), refused.json["retry_after"].to_string());
    assert_eq!(from("203.0.113.2").await.status, 200, "others are not concerned");
    let keyed = house.request(Method::GET, "resources").bearer_auth(KEY).header("X-Forwarded-For", "203.0.113.1");
    assert_eq!(answered(keyed).await.status, 200, "nor is an operator");
    assert_eq!(house.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_else_says_the_address() {
    let house = House::with(&["--rate-limit", "1"]).await;
    let mut statuses = Vec::new();
    for i in 0..7 {
        let request = house.request(Method::GET, "public/default/event-types");
        statuses.push(answered(request.header("X-Forwarded-For", format!("203.0.113.{i}"))).await.status);
    }
    assert!(statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn who_guesses_keys_is_turned_away() {
    let house = House::with(&["--rate-limit", "1"]).await;
    let guess = async || answered(house.request(Method::GET, "resources").bearer_auth("hf_guess")).await.status;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(guess().await);
    }
    assert!(statuses.starts_with(&[401; 5]) && statuses.ends_with(&[429]), "{statuses:?}");
    assert_eq!(house.get("public/default/event-types").await.status, 200);
}
