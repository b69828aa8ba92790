//! Probes of what a service depends on, each behind a feature of its name.
//!
//! They keep to a deadline themselves and sort what goes wrong into classes; what others say goes into the detail. None
//! prints an address, a name or a secret.

#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod lookup;

#[cfg(feature = "http")]
pub use self::http::HttpProbe;
