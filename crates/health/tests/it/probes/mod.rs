//! Probes of dependencies, on real ones.

#[cfg(feature = "http")]
mod http;
