//! Frames of an event stream (HTML, 9.2): whole events, or the pieces of a long one.

use booking_client::{CallError, CallStream};
use bytes::{BufMut, Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde::Serialize;

use crate::http::model::problem::Problem;

/// Frames: whole events, or a long one's pieces one after the other.
pub type Frames = BoxStream<'static, Bytes>;

/// One event.
pub fn frame(event: &str, data: &impl Serialize) -> Bytes {
    let mut frame = BytesMut::with_capacity(256);
    frame.put_slice(b"event: ");
    frame.put_slice(event.as_bytes());
    frame.put_slice(b"\ndata: ");
    let mut writer = frame.writer();
    // Our own values always have a JSON form, and it has no line breaks.
    _ = serde_json::to_writer(&mut writer, data);
    let mut frame = writer.into_inner();
    frame.put_slice(b"\n\n");
    frame.freeze()
}

/// What the component tells, as frames. Why the caller may not listen any more is the last of them, `problem`; a stream that broke
/// ends without a word, and whoever listened comes back.
pub fn frames<T: 'static>(told: CallStream<T>, show: impl Fn(T) -> Bytes + Send + 'static) -> Frames {
    let shown = told.map(move |told| match told {
        Ok(told) => Some(show(told)),
        Err(CallError::Refused(refusal)) => Some(frame("problem", &Problem::from(&refusal))),
        Err(_) => None,
    });
    shown.take_while(|frame| std::future::ready(frame.is_some())).filter_map(std::future::ready).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_an_event_with_one_line_of_data() {
        assert_eq!(frame("slot", &[1, 2]), "event: slot\ndata: [1,2]\n\n");
        assert_eq!(frame("x", &"two\nlines"), "event: x\ndata: \"two\\nlines\"\n\n");
    }
}
