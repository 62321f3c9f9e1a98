//! Proxies that were forgotten in `--trusted-proxies`: everybody behind one shares one visitor's caps, and nobody would know why.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use ipnet::IpNet;

use crate::http::address::{Peer, Trusted};

/// In which headers proxies say that somebody else asks.
pub const FORWARDING: [&str; 12] = [
    "forwarded",
    "x-forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-client-ip",
    "x-original-host",
    "true-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
    "via",
];
/// Most networks that are told of: an operator has fewer, and whoever sends such a header must not fill the log.
const TOLD: usize = 16;
/// The bits of a network that are told as one, of IPv4 and IPv6.
const NETWORK: (u8, u8) = (24, 56);

/// Whether somebody in between says that somebody else asks.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDING.iter().any(|name| headers.contains_key(*name))
}

/// Whether this may well be the operator's own proxy: an address of no public network.
fn is_near(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The networks that were told of.
#[derive(Default)]
struct Forgotten(Mutex<BTreeSet<IpNet>>);

impl Forgotten {
    /// Whether this peer's network has not been told of, and may be.
    fn is_news(&self, peer: IpAddr) -> Option<IpNet> {
        let bits = if peer.is_ipv4() { NETWORK.0 } else { NETWORK.1 };
        let network = IpNet::new(peer, bits).ok()?.trunc();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (told.len() < TOLD && told.insert(network)).then_some(network)
    }

    fn tell(&self, peer: IpAddr) {
        if let Some(network) = self.is_news(peer) {
            tracing::warn!(
                %network,
                is_public = !is_near(peer),
                "a peer there says for whom it asks, and is not believed: everybody behind it shares one visitor's caps. \
                 If it is your proxy, name it in --trusted-proxies"
            );
        }
    }
}

/// What is known of proxies: those that are named, and those that were told of because nobody named them.
#[derive(Clone)]
pub struct Proxies {
    trusted: Trusted,
    forgotten: Arc<Forgotten>,
}

impl Proxies {
    /// These are named.
    pub fn named(trusted: &Trusted) -> Self {
        Self { trusted: trusted.clone(), forgotten: Arc::default() }
    }
}

/// Tells of peers that say for whom they ask and are not believed: near ones at once, and others when that refuses somebody.
pub async fn noticed(State(proxies): State<Proxies>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|Peer(peer)| peer.ip().to_canonical());
    let says = request.headers().contains_key("x-forwarded-for") || request.headers().contains_key("forwarded");
    let stranger = peer.filter(|peer| says && !proxies.trusted.holds(*peer));
    let near = stranger.filter(|peer| is_near(*peer));
    near.into_iter().for_each(|peer| proxies.forgotten.tell(peer));
    let response = next.run(request).await;
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        stranger.into_iter().for_each(|peer| proxies.forgotten.tell(peer));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_told_of_once_and_few_are() {
        let forgotten = Forgotten::default();
        let news = |text: &str| forgotten.is_news(text.parse().unwrap()).map(|network| network.to_string());
        assert_eq!(news("172.18.0.2").as_deref(), Some("172.18.0.0/24"));
        assert_eq!(news("172.18.0.3"), None);
        assert_eq!(news("fd00:0:0:12::1").as_deref(), Some("fd00::/56"));
        let told = (0..=255).filter(|third| news(&format!("10.0.{third}.1")).is_some()).count();
        assert_eq!(told, TOLD - 2);
    }

    #[test]
    fn what_is_near_is_of_no_public_network() {
        let near = |text: &str| is_near(text.parse().unwrap());
        assert!(
            ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "::1", "fd00::1", "fe80::1"]
                .map(near)
                .iter()
                .all(|near| *near)
        );
        assert!(!near("203.0.113.1") && !near("2001:db8::1"));
    }
}
