//! The files of the web app, carried in the binary; a debug build reads them from where they were built.

mod encoding;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::request::is_known;
use encoding::{Encoding, accepted};

/// What `npm run build` left.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Below which path files carry a hash of what is in them in their names.
pub const HASHED: &str = "assets/";

/// The text of a file.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(Dist::get(name)?.data.into_owned()).ok()
}

/// A file in the form in which it is sent.
pub struct Asset<'a> {
    name: &'a str,
    /// The media type of what is in it, however it is encoded.
    kind: String,
    encoding: Option<Encoding>,
    file: EmbeddedFile,
}

impl<'a> Asset<'a> {
    /// The file of this name in the best form that lies ready and is accepted.
    pub fn find(name: &'a str, headers: &HeaderMap) -> Option<Self> {
        if Encoding::ALL.iter().any(|encoding| name.ends_with(encoding.ending())) {
            return None;
        }
        let plain = Dist::get(name)?;
        let mut kind = plain.metadata.mimetype().to_owned();
        // Else a page in another encoding would read its letters wrong.
        if kind.starts_with("text/") {
            kind.push_str("; charset=utf-8");
        }
        let encoded = accepted(headers)
            .into_iter()
            .find_map(|encoding| Some((Some(encoding), Dist::get(&format!("{name}{}", encoding.ending()))?)));
        let (encoding, file) = encoded.unwrap_or((None, plain));
        Some(Self { name, kind, encoding, file })
    }

    /// Names these very bytes, so each form of a file has its own.
    fn tag(&self) -> String {
        format!("\"{:.24}\"", hex::encode(self.file.metadata.sha256_hash()))
    }

    /// The file, or that the browser has it already.
    pub fn respond(self, headers: &HeaderMap) -> Response {
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
