//! The web app, carried in the binary; a debug build reads it from where it was built.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use booking_domain::code::Code;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::model::problem::Problem;

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
    if let Some(file) = Dist::get(name) {
        return respond(&headers, name, file);
    }
    match (is_page(path), Dist::get(INDEX)) {
        (_, None) if !looks_like_file(path) => {
            Problem::new(Code::NotFound, "this build has no web app in it").into_response()
        }
        (true, Some(index)) => respond(&headers, INDEX, index),
        (false, Some(index)) if !looks_like_file(path) => {
            // The web app says it in the reader's language.
            let mut response = respond(&HeaderMap::new(), INDEX, index);
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

fn respond(headers: &HeaderMap, name: &str, file: EmbeddedFile) -> Response {
    let tag: String = file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    // Weak, because the bytes may be compressed on the way.
    let tag = format!("W/\"{tag}\"");
    let is_known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|known| known.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(file.data));
        let kind = HeaderValue::try_from(file.metadata.mimetype());
        response.headers_mut().extend(kind.ok().map(|kind| (CONTENT_TYPE, kind)));
        response
    };
    let keep = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response.headers_mut().extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
    response
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
