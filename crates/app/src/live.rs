//! Server-sent events: one stream of frames for each who watches.

pub mod fanout;
pub mod frames;
pub mod stream;
