//! The HTTP front of Holdfast: routes, live streams, the embedded web app, and how it is all put together.
//!
//! ```text
//! main -> cli, serve -> router -> routes -> booking-client          the component is in this process, or far away
//! ```

pub mod cli;
pub mod http;
pub mod live;
pub mod pages;
