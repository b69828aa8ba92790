//! Everything with real sockets, in one binary.

mod agent;
mod proxy;
mod standalone;
