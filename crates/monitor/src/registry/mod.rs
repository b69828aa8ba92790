//! Series by route and release, so many and no more.
//!
//! A raw path as a name is how a scanner fills a metrics server: every path it tries is a series for ever. Here the
//! names are the route templates that the service has, registered before the first request. What matches none of them
//! is counted in one series, and the few that come most often are remembered by name.

mod table;
mod top;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Clock;

use crate::series::{LatencySink, Outcome, Series};
use crate::sync::{AtomicU32, Ordering};
use crate::windows::Windows;

use table::Table;
use top::Top;

pub use top::Frequent;

/// Where the samples of one route go, whatever release is live. Cheap to copy; valid at the registry that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeriesHandle(u32);

/// Which release a sample belongs to: a number below the registry's number of releases, such as 0 for blue and 1 for
/// green. A slot is used again by a later release, which [`begin`](Registry::begin) starts with empty windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReleaseIndex(u32);

/// Says which routes there are, before the first request.
#[derive(Debug, Clone)]
pub struct RegistryBuilder {
    routes: Vec<String>,
    releases: NonZeroU32,
    bound: u32,
    last: Option<NonZeroU32>,
}

/// Why there is no registry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// More series than were allowed; a template may hold something that is different in each request.
    TooMany {
        /// Routes times releases.
        series: u64,
        /// The most there may be.
        bound: u32,
    },
    /// The same template twice.
    Twice(String),
}

/// A [`Series`] and its [`Windows`] for each route and release, and for what matched no route.
///
/// One store moves all that is counted from now on to another release: [`cut_over`](Self::cut_over).
pub struct Registry {
    routes: Table,
    releases: u32,
    current: AtomicU32,
    /// By route, then by release, as the next.
    series: Box<[Arc<Series>]>,
    windows: Box<[Windows]>,
    unmatched: Top,
    other: Top,
}

impl ReleaseIndex {
    /// The release with this number.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }
}

impl RegistryBuilder {
    /// How many series there may be unless told otherwise, the two for what matches no route not counted.
    pub const BOUND: u32 = 256;

    /// Adds the template of a route, as the router knows it: `/orders/{id}`.
    #[must_use]
    pub fn route(mut self, template: impl Into<String>) -> Self {
        self.routes.push(template.into());
        self
    }

    /// How many releases are told apart; 2 by default, the live one and the other.
    #[must_use]
    pub const fn releases(mut self, releases: NonZeroU32) -> Self {
        self.releases = releases;
        self
    }

    /// Allows so many series; [`BOUND`](Self::BOUND) by default. Each takes some 7 KiB before its first sample.
    #[must_use]
    pub const fn bound(mut self, series: u32) -> Self {
        self.bound = series;
        self
    }

    /// Every series keeps its last requests: see [`Series::keeping_last`].
    #[must_use]
    pub const fn keeping_last(mut self, requests: NonZeroU32) -> Self {
        self.last = Some(requests);
        self
    }

    /// All series, empty, with their windows beginning now; samples go to release 0 first.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] where there are more series than allowed, or a template comes twice.
    pub fn build(self, clock: Arc<dyn Clock>) -> Result<Registry, RegistryError> {
        let series = self.routes.len() as u64 * u64::from(self.releases.get());
        if series > u64::from(self.bound) {
            return Err(RegistryError::TooMany { series, bound: self.bound });
        }
        let routes = Table::new(self.routes).map_err(RegistryError::Twice)?;
        let releases = self.releases.get();
        // Two more than there are routes: what is unmatched, and what is unknown.
        let series: Box<[_]> =
            (0..(routes.len() + 2) * releases).map(|_| series_keeping(self.last)).collect();
        let windows = series.iter().map(|series| Windows::new(clock.clone(), series.clone())).collect();
        // Only clones of it are left.
        drop(clock);
        Ok(Registry {
            routes,
            releases,
            current: AtomicU32::new(0),
            series,
            windows,
            unmatched: Top::default(),
            other: Top::default(),
        })
    }
}

impl Registry {
    /// A registry without routes yet.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder {
            routes: Vec::new(),
            releases: NonZeroU32::MIN.saturating_add(1),
            bound: RegistryBuilder::BOUND,
            last: None,
        }
    }

    /// The series of a route, to be found once and kept; `None` where it was not registered.
    #[inline]
    pub fn find(&self, template: &str) -> Option<SeriesHandle> {
        self.routes.find(template).map(SeriesHandle)
    }

    /// The series of requests that match no route.
    pub const fn unmatched(&self) -> SeriesHandle {
        SeriesHandle(self.routes.len())
    }

    /// The series of routes that were not registered.
    pub const fn other(&self) -> SeriesHandle {
        SeriesHandle(self.routes.len() + 1)
    }

    /// Counts a request of the release that is current.
    #[expect(clippy::inline_always, reason = "as `Series::record`, which it is little more than")]
    #[inline(always)]
    pub fn record(&self, handle: SeriesHandle, took: Duration, outcome: Outcome) {
        self.series[self.place(handle, self.current())].record(took, outcome);
    }

    /// Counts a request by the template of its route, which costs finding it. One that was not registered is counted
    /// as [`other`](Self::other), and remembered if it comes often.
    #[inline]
    pub fn record_route(&self, template: &str, took: Duration, outcome: Outcome) {
        let handle = self.find(template).unwrap_or_else(|| self.unknown(template));
        self.record(handle, took, outcome);
    }

    /// Counts a request that matched no route, and remembers its path if it comes often.
    pub fn record_unmatched(&self, path: &str, took: Duration, outcome: Outcome) {
        self.unmatched.note(path);
        self.record(self.unmatched(), took, outcome);
    }

    /// The release that samples are counted for.
    #[inline]
    pub fn current(&self) -> ReleaseIndex {
        ReleaseIndex(self.current.load(Ordering::Relaxed))
    }

    /// From now on samples belong to this release: one store. A request under way counts for the release that is
    /// current when it ends; where that matters, count at the [`series`](Self::series) of the one that answered.
    pub fn cut_over(&self, release: ReleaseIndex) {
        self.current.store(release.0 % self.releases, Ordering::Relaxed);
    }

    /// Another release takes this number: its windows begin anew, as if nothing had been counted.
    pub fn begin(&self, release: ReleaseIndex) {
        for route in 0..self.routes.len() + 2 {
            self.windows(SeriesHandle(route), release).begin_anew();
        }
    }

    /// Ticks all windows; for once a second.
    pub fn tick(&self) {
        self.windows.iter().for_each(Windows::tick);
    }

    /// The series of a route and a release.
    pub fn series(&self, handle: SeriesHandle, release: ReleaseIndex) -> &Arc<Series> {
        &self.series[self.place(handle, release)]
    }

    /// The windows of a route and a release.
    pub fn windows(&self, handle: SeriesHandle, release: ReleaseIndex) -> &Windows {
        &self.windows[self.place(handle, release)]
    }

    /// The registered routes in the order of registration, then `unmatched` and `other`.
    pub fn routes(&self) -> impl Iterator<Item = (&str, SeriesHandle)> {
        let names = self.routes.names().chain(["unmatched", "other"]);
        names.zip((0..).map(SeriesHandle))
    }

    /// The paths that came most often of those that matched no route, most frequent first.
    pub fn frequent_unmatched(&self) -> Vec<Frequent> {
        self.unmatched.all()
    }

    /// The templates that came most often of those that were not registered, most frequent first.
    pub fn frequent_other(&self) -> Vec<Frequent> {
        self.other.all()
    }

    /// A handle or a release of another registry is counted as [`other`](Self::other), of the release that it is
    /// modulo the number of them.
    #[inline]
    fn place(&self, handle: SeriesHandle, release: ReleaseIndex) -> usize {
        let release = if release.0 < self.releases { release.0 } else { release.0 % self.releases };
        let route = handle.0.min(self.other().0);
        (route * self.releases + release) as usize
    }

    #[cold]
    fn unknown(&self, template: &str) -> SeriesHandle {
        self.other.note(template);
        self.other()
    }
}

fn series_keeping(last: Option<NonZeroU32>) -> Arc<Series> {
    Arc::new(last.map_or_else(Series::new, |last| Series::new().keeping_last(last)))
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Registry");
        shown.field("routes", &self.routes.names().collect::<Vec<_>>());
        shown.field("releases", &self.releases).field("current", &self.current()).finish_non_exhaustive()
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { series, bound } => write!(
                f,
                "routes times releases make {series} series, more than {bound}: register templates, not paths, or raise the bound"
            ),
            Self::Twice(template) => write!(f, "the route {template} is registered twice"),
        }
    }
}

impl std::error::Error for RegistryError {}

#[cfg(test)]
mod tests;
