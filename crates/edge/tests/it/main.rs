//! Everything with real sockets, in one binary.

mod proxy;
