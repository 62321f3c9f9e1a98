//! Which engine a browser has, and how old it is: a few known words and a number, whatever its `User-Agent` says.

use http::HeaderMap;
use http::header::USER_AGENT;

/// The engines that pages are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserEngine {
    /// Of Chromium, and all that are made of it.
    Blink,
    /// Of Firefox.
    Gecko,
    /// Of Safari, and of every browser on an iPhone.
    Webkit,
    /// None of these, or none that is told.
    Other,
}

impl BrowserEngine {
    /// Every engine, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Blink, Self::Gecko, Self::Webkit, Self::Other];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blink => "blink",
            Self::Gecko => "gecko",
            Self::Webkit => "webkit",
            Self::Other => "other",
        }
    }
}

/// An engine and the major version of the browser around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// Which engine.
    pub engine: BrowserEngine,
    /// Which version: of Chromium, Firefox, Safari or iOS. 0 where it is not told.
    pub version: u16,
}

/// By which words an engine is told, the surest first: each claims to be those after it. The versions of those browsers on an
/// iPhone that are not Safari are the system's.
const MARKS: [(BrowserEngine, &str, &str); 5] = [
    (BrowserEngine::Webkit, "iPhone OS ", "iPhone OS "),
    (BrowserEngine::Webkit, "CPU OS ", "CPU OS "),
    (BrowserEngine::Gecko, "Firefox/", "Firefox/"),
    (BrowserEngine::Blink, "Chrome/", "Chrome/"),
    (BrowserEngine::Webkit, "AppleWebKit/", "Version/"),
];

impl Browser {
    /// The browser that sends these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((engine, _, version)) = MARKS.into_iter().find(|(_, mark, _)| agent.contains(mark)) else {
            return Self { engine: BrowserEngine::Other, version: 0 };
        };
        Self { engine, version: number_after(agent, version).unwrap_or(0) }
    }
}

fn number_after(text: &str, mark: &str) -> Option<u16> {
    let (_, rest) = text.split_once(mark)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(agent: &str) -> (&'static str, u16) {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, agent.parse().unwrap());
        let Browser { engine, version } = Browser::of(&headers);
        (engine.as_str(), version)
    }

    #[test]
    fn engines_are_told_from_those_whom_they_claim_to_be() {
        for (agent, engine, version) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "blink",
                156,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0 Safari/537.36 Edg/125.0",
                "blink",
                125,
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "gecko", 153),
            (
                "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "webkit",
                17,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile/15E148",
                "webkit",
                18,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 FxiOS/130.0 Mobile/15E148",
                "webkit",
                17,
            ),
            ("curl/8.5.0", "other", 0),
            ("Firefox/99999999999", "gecko", 0),
            ("", "other", 0),
        ] {
            assert_eq!(told(agent), (engine, version), "{agent}");
        }
        assert_eq!(Browser::of(&HeaderMap::new()), Browser { engine: BrowserEngine::Other, version: 0 });
    }
}
