//! The web app, carried in the binary; a debug build reads it from where it was built.

mod encoding;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use booking_domain::code::Code;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::model::problem::Problem;
use crate::request::is_known;
use encoding::{Encoding, accepted};

/// What `npm run build` left.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
/// Files whose names carry a hash of what is in them.
const HASHED: &str = "assets/";
/// Below which paths pages may be of any depth.
const CONSOLE: &str = "admin";

/// What a browser asks for that no route serves: a file, or the page that the web app shows there.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::new(Code::NotFound, "there is no such path").into_response();
    }
    if !matches!(method, Method::GET | Method::HEAD) {
        return ([(ALLOW, "GET,HEAD")], StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    let name = if path.is_empty() { INDEX } else { path };
    if let Some(asset) = Asset::find(name, &headers) {
        return asset.respond(&headers);
    }
    match (is_page(path), Asset::find(INDEX, &headers)) {
        (_, None) if !looks_like_file(path) => {
            Problem::new(Code::NotFound, "this build has no web app in it").into_response()
        }
        (true, Some(index)) => index.respond(&headers),
        (false, Some(index)) if !looks_like_file(path) => {
            // The web app says it in the reader's language.
            let mut response = index.respond(&HeaderMap::new());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        _ => Problem::new(Code::NotFound, "there is no such file").into_response(),
    }
}

fn looks_like_file(path: &str) -> bool {
    path.starts_with(HASHED) || path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// The pages are `/`, `/{org}`, `/{org}/{slug}`, `/bookings/{uid}` and the console.
fn is_page(path: &str) -> bool {
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    !looks_like_file(path) && (segments.len() <= 2 || segments.first() == Some(&CONSOLE))
}

/// A file in the form in which it is sent.
struct Asset<'a> {
    name: &'a str,
    /// The media type of what is in it, however it is encoded.
    kind: String,
    encoding: Option<Encoding>,
    file: EmbeddedFile,
}

impl<'a> Asset<'a> {
    /// The file of this name in the best form that lies ready and is accepted.
    fn find(name: &'a str, headers: &HeaderMap) -> Option<Self> {
        if Encoding::ALL.iter().any(|encoding| name.ends_with(encoding.ending())) {
            return None;
        }
        let plain = Dist::get(name)?;
        let kind = plain.metadata.mimetype().to_owned();
        let encoded = accepted(headers)
            .into_iter()
            .find_map(|encoding| Some((Some(encoding), Dist::get(&format!("{name}{}", encoding.ending()))?)));
        let (encoding, file) = encoded.unwrap_or((None, plain));
        Some(Self { name, kind, encoding, file })
    }

    /// Names these very bytes, so each form of a file has its own.
    fn tag(&self) -> String {
        let hash: String = self.file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        format!("\"{hash}\"")
    }

    fn respond(self, headers: &HeaderMap) -> Response {
        let about = self.headers();
        let mut response = if is_known(headers, &self.tag()) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(self.file.data))
        };
        response.headers_mut().extend(about);
        response
    }

    fn headers(&self) -> HeaderMap {
        let keep = if self.name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let mut headers = HeaderMap::from_iter([
            (CACHE_CONTROL, HeaderValue::from_static(keep)),
            (VARY, HeaderValue::from_static("accept-encoding")),
        ]);
        headers.extend(self.encoding.map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding.name()))));
        headers.extend(HeaderValue::try_from(&self.kind).ok().map(|kind| (CONTENT_TYPE, kind)));
        headers.extend(HeaderValue::try_from(self.tag()).ok().map(|tag| (ETAG, tag)));
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_files() {
        for page in ["", "default", "default/live-room", "default/live-room/", "bookings/0198", "admin/bookings/1"] {
            assert!(is_page(page), "{page}");
        }
        for other in ["assets/x.js", "assets/x", "robots.txt", "a/b/c"] {
            assert!(!is_page(other), "{other}");
        }
    }
}
