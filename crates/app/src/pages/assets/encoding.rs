//! Which of the encodings that lie ready a browser is sent.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// How a file lies ready, and how it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Smallest.
    Brotli,
    /// For those who know no better.
    Gzip,
}

impl Encoding {
    /// Best first.
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// Its name in headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the build adds to the name of the file.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The encodings that the request accepts, in the order in which they are tried: as it weighs them, else best first.
/// Those that it likes less than the file as it is are left out (RFC 9110, section 12.5.3).
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let said: Vec<(&str, u16)> = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(weighed)
        .collect();
    let weight = |name: &str| said.iter().find(|(said, _)| said.eq_ignore_ascii_case(name)).map(|(_, weight)| *weight);
    let anything = weight("*");
    let plain = weight("identity").unwrap_or(0);
    let mut accepted: Vec<(u16, Encoding)> = Encoding::ALL
        .into_iter()
        .filter_map(|encoding| Some((weight(encoding.name()).or(anything)?, encoding)))
        .filter(|(weight, _)| *weight > 0 && *weight >= plain)
        .collect();
    accepted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    accepted.into_iter().map(|(_, encoding)| encoding).collect()
}

/// A name and its weight in thousandths. What cannot be read weighs nothing.
fn weighed(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = quality.map_or(Some(1.0), |quality| quality.trim().parse::<f32>().ok());
    let weight = weight.filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 1000")]
    Some((name, (weight * 1_000.0).round() as u16))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn names(said: &str) -> Vec<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(said).unwrap());
        accepted(&headers).into_iter().map(Encoding::name).collect()
    }

    #[test]
    fn the_smallest_comes_first_unless_the_browser_weighs_otherwise() {
        for (said, tried) in [
            ("gzip, deflate, br, zstd", vec!["br", "gzip"]),
            ("gzip", vec!["gzip"]),
            ("br;q=0.5, gzip;q=0.9", vec!["gzip", "br"]),
            ("GZIP;Q=1, BR ; q=0.2", vec!["gzip", "br"]),
            ("*", vec!["br", "gzip"]),
            ("br;q=0, *", vec!["gzip"]),
        ] {
            assert_eq!(names(said), tried, "{said}");
        }
    }

    #[test]
    fn nothing_is_encoded_for_those_who_do_not_ask_for_it() {
        assert!(accepted(&HeaderMap::new()).is_empty());
        for said in ["", "identity", "deflate, zstd", "gzip;q=0, br;q=0", "gzip;q=x", "gzip;q=0.5, identity", ",;,"] {
            assert!(names(said).is_empty(), "{said}");
        }
    }
}
