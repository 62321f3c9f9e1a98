//! Over HTTP: connections, what is taken from a request and how it is answered, the models on the wire, and every route.

pub mod address;
pub mod answer;
pub mod body;
pub mod browser;
pub mod caller;
pub mod channel;
pub mod check;
pub mod docs_page;
pub mod grpc_port;
pub mod json;
pub mod listen;
pub mod lists;
pub mod metrics;
pub mod model;
pub mod openapi;
pub mod proxies;
pub mod request;
pub mod router;
pub mod routes;
pub mod shares;
pub mod state;
pub mod throttle;
