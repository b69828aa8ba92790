//! The embedded default: a reverse proxy, the release supervisor, and the agent that holds both.
//!
//! Start at [`proxy::Proxy`] to embed the data plane, at [`agent`] for the long-lived process, at
//! [`client`] to talk to one.

pub mod api;
