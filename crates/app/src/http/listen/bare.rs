//! Answers that hyper makes by itself to what it cannot read: without a body, unlike every other error. They are given theirs.

use bytes::Bytes;

use crate::http::model::problem::Problem;

/// What is written instead of these bytes, if they are such an answer.
pub(super) fn with_problem(bytes: &[u8]) -> Option<Bytes> {
    let head = str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let (line, fields) = head.split_once("\r\n")?;
    let status = line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let (part, message) = match status {
        400 => ("request", "must be HTTP/1.1 or HTTP/2"),
        414 => ("path", "must be shorter"),
        431 => ("headers", "must be at most 32 KiB, and a hundred of them"),
        _ => return None,
    };
    let named = |field: &str, name: &str| field.split_once(':').is_some_and(|(is, _)| is.eq_ignore_ascii_case(name));
    if fields.split("\r\n").any(|field| named(field, "content-type")) {
        return None;
    }
    let body = serde_json::to_string(&Problem::of_request(status, part, message)).ok()?;
    let kept: String =
        fields.split("\r\n").filter(|field| !named(field, "content-length")).map(|f| format!("{f}\r\n")).collect();
    let own = "content-type: application/problem+json\r\ncache-control: no-store\r\nx-content-type-options: nosniff";
    Some(format!("{line}\r\n{kept}{own}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_body_is_given_one() {
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        let told = String::from_utf8(with_problem(bare).unwrap().to_vec()).unwrap();
        let (head, body) = told.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains("connection: close\r\n") && head.contains(&format!("content-length: {}", body.len())),
            "{head}"
        );
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((&problem["status"], &problem["errors"][0]["field"]), (&431.into(), &"headers".into()));
    }

    #[test]
    fn every_other_answer_stays_as_it_is() {
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 5\r\n\r\nhello",
            "anything",
        ] {
            assert_eq!(with_problem(other.as_bytes()), None, "{other}");
        }
    }
}
