//! What other tools read.
//!
//! A [`Metric`] is one measurement of many series; each format takes it and gives text or bytes, and sends nothing.
//! Every format but HDR groups latencies anew, so each adds an error of its own to that of a
//! [`LatencyCode`](crate::LatencyCode); each says what the two come to.
//!
//! | format | where | feature |
//! |---|---|---|
//! | Prometheus text: histogram with edges, summary | [`prometheus::text`], [`prometheus::summary`] | |
//! | Prometheus native histogram | `prometheus::native` | `prometheus-native` |
//! | OTLP exponential histogram | `otlp` | `otlp` |
//! | DogStatsD distribution | [`dogstatsd`] | |
//! | HDR V2, plain and deflated | `hdr` | `hdr` |

pub mod dogstatsd;
#[cfg(any(feature = "otlp", feature = "prometheus-native"))]
mod exponential;
#[cfg(feature = "hdr")]
pub mod hdr;
mod metric;
#[cfg(feature = "otlp")]
pub mod otlp;
pub mod prometheus;

#[cfg(any(feature = "otlp", feature = "prometheus-native"))]
pub use exponential::Scale;
pub use metric::{Labels, Metric};
