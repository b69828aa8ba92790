//! Where windows come from.
//!
//! A judge asks nothing about a proxy: it reads [`WindowPair`](crate::WindowPair)s. One trait stands between the two,
//! so that a release is judged alike behind the embedded edge, behind HAProxy, or by what a Prometheus has scraped.
//!
//! What is an error is the same everywhere: a 5xx answer, a connection that failed or broke off, a timeout; never a
//! 4xx, and never a request that the client gave up.

mod error;
#[cfg(feature = "haproxy-source")]
mod haproxy;
mod meters;
#[cfg(feature = "prometheus-source")]
mod prometheus;
mod resolution;
mod watched;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use handover_core::{RunId, Slot};

use crate::Pairs;

pub use error::SourceError;
#[cfg(feature = "haproxy-source")]
pub use haproxy::{HAPROXY_LOG_FORMAT, HaproxyOptions, HaproxySource, HaproxyTally, RuntimeApi};
pub use meters::MeterSource;
#[cfg(feature = "prometheus-source")]
pub use prometheus::{PrometheusOptions, PrometheusSource, SlotQueries, Token};
pub use resolution::Resolution;

/// What a [`WindowSource`] gives: boxed, so that the trait can be a `dyn` one without a macro.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// Windows over the requests of a service's two slots, for the judge of one run at a time.
///
/// # Contract
///
/// 1. **Begin once.** `begin` for the same run, candidate and limit again changes nothing and gives the same epoch;
///    for any other it begins a new epoch, whose windows contain nothing from before.
/// 2. **Nothing twice.** Windows are differences of counters that only grow: each request is in one window at most.
/// 3. **Missing is not healthy.** What could not be read is an error, or it counts as `missed`; no window is ever made
///    of a gap. A window without requests says that there were none.
/// 4. **From the start.** `after(None, ..)` gives what is still kept of the epoch, so that a judge can be rebuilt.
///
/// # Cancellation
///
/// Dropping a returned future loses nothing: the next call gives the same windows.
pub trait WindowSource: fmt::Debug + Send + Sync {
    /// Begins windows for a run, with this slot as the candidate and this limit for what counts as slow.
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64>;

    /// The windows after number `seq`, waiting up to `wait` for the first.
    ///
    /// A reader that names a number not reached yet has it from an earlier epoch: it gets this one's from the start.
    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs>;

    /// Says which share the candidate has from now on, in basis points. A source that sees the split itself does not
    /// listen.
    fn moved(&self, _candidate_bps: u16) {}

    /// How finely its latencies are known.
    fn resolution(&self) -> Resolution {
        Resolution::Codes
    }
}

/// Compiles while the trait can be a `dyn` one.
const _: fn(&dyn WindowSource) -> Resolution = |source| source.resolution();
