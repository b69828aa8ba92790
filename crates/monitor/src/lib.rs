//! Windows over a release's requests, and the judges that read them.
//!
//! Requests go in through a [`Meter`] (a proxy: it also knows who is still waiting) or a [`Series`] (anything with a
//! duration and an outcome); a [`Registry`] keeps a series for each route and release. They come out as [`Reading`]s
//! for people, through [`Windows`], or as [`WindowPair`]s for a judge, cut by a [`PairCutter`] and kept in a
//! [`PairRing`]. An [`Analysis`] turns pairs into a [`Verdict`]: [`SequentialAnalysis`] by evidence, right at any moment,
//! and [`ThresholdAnalysis`] by plain limits. A [`DecisionMatrix`] says what is done about what was found.
//!
//! Writers only increment counters that never go back; every window is a difference of two readings. Where requests are
//! counted elsewhere, a [`source::WindowSource`] brings the windows. Without features nothing here does I/O or reads a
//! clock that was not passed in.
//!
//! Instances of one service add up in a [`fleet`]; other tools read what [`export`] writes.
//!
//! | feature | adds |
//! |---|---|
//! | `dashboard` | dashboards for Grafana and Datadog, as JSON |
//! | `haproxy-source` | windows from HAProxy's log, in [`source`] |
//! | `hdr` | HDR histograms, in `export::hdr` |
//! | `otlp` | OpenTelemetry's exponential histogram, in `export::otlp` |
//! | `prometheus-native` | Prometheus' native histogram, in [`export::prometheus`] |
//! | `prometheus-source` | windows from the counters in a Prometheus, in [`source`] |
//! | `redis` | Redis as the way between instances, in `fleet::redis` |
//! | `tower` | a layer that records a service's requests, in `tower` |
//!
//! Not for: storing what was measured, drawing, or acting on a verdict.

mod code;
mod cut;
#[cfg(feature = "dashboard")]
mod dashboard;
#[cfg(any(feature = "dashboard", feature = "prometheus-source"))]
mod edge_names;
pub mod export;
pub mod fleet;
mod histogram;
mod in_flight;
mod interval;
mod limit;
mod matrix;
mod meter;
mod pair;
mod registry;
mod ring;
mod say;
mod sequential;
mod series;
pub mod source;
mod sync;
mod threshold;
#[cfg(feature = "tower")]
pub mod tower;
mod verdict;
mod windows;

pub use code::{LatencyCode, NoSuchCode};
pub use cut::{CutRules, PairCutter};
#[cfg(feature = "dashboard")]
pub use dashboard::Dashboard;
pub use histogram::{Bounds, Histogram};
pub use limit::LimitError;
pub use matrix::{Condition, DecisionMatrix, Facts, Rule};
pub use meter::{Meter, MeterTotals, Started};
pub use pair::{ArmWindow, Pairs, WindowPair};
pub use registry::{Frequent, Registry, RegistryBuilder, RegistryError, ReleaseIndex, SeriesHandle};
pub use ring::PairRing;
pub use sequential::{SequentialAnalysis, SequentialLimits, least_candidate_requests, least_requests};
pub use series::{LatencySink, Outcome, Series, Totals};
pub use threshold::{ThresholdAnalysis, ThresholdLimits};
pub use verdict::{Action, Analysis, Evidence, Metric, Odds, Verdict};
pub use windows::{Latest, Mark, NotKept, Reading, Window, WindowView, Windows};
