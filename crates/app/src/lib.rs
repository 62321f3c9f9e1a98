//! The HTTP front of Holdfast: routes, live streams, the embedded web app, and how it is all put together.
//!
//! ```text
//! main -> cli, serve -> router -> routes -> booking-client          the component is in this process, or far away
//! ```

pub mod address;
pub mod answer;
pub mod assets;
pub mod body;
pub mod browser;
pub mod caller;
pub mod carrier;
pub mod check;
pub mod cli;
pub mod demo;
pub mod descriptors;
pub mod docs_page;
pub mod failure;
pub mod front;
pub mod grpc_port;
pub mod keys;
pub mod listen;
pub mod lists;
pub mod logging;
pub mod metrics;
pub mod model;
pub mod moving;
pub mod openapi;
pub mod pages;
pub mod proxies;
pub mod request;
pub mod router;
pub mod routes;
pub mod serve;
pub mod shares;
pub mod signals;
pub mod sse;
pub mod throttle;
