use std::collections::BTreeMap;
use std::time::Duration;

use crate::fleet::Sums;
use crate::histogram::Histogram;
use crate::interval::wide;

/// The labels of one series, by name. Names and values may be any text; each format replaces what it cannot say.
pub type Labels = BTreeMap<String, String>;

/// One measurement, as histograms of durations, by labels.
///
/// Series come out in the order of their labels, each once, whatever order they went in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    name: String,
    help: String,
    series: BTreeMap<Labels, Histogram>,
}

impl Metric {
    /// A metric without a series. `name` has dots and no unit, as `http.server.request.duration`: formats that want
    /// something else make it of that.
    pub fn new(name: impl Into<String>, help: impl Into<String>) -> Self {
        Self { name: name.into(), help: help.into(), series: BTreeMap::new() }
    }

    /// The requests of many series as `http.server.request.duration`, labelled `release`, `endpoint` and `outcome`
    /// (`ok`, `error`, `cancelled`). Outcomes that did not occur are left out.
    pub fn requests(sums: &Sums) -> Self {
        let mut metric =
            Self::new("http.server.request.duration", "Time to answer a request, by how it ended.");
        for (name, totals) in sums.iter() {
            let rows = [("ok", &totals.ok), ("error", &totals.errors), ("cancelled", &totals.cancelled)];
            for (outcome, latencies) in rows.into_iter().filter(|(_, latencies)| !latencies.is_empty()) {
                let labels = [
                    ("endpoint", name.endpoint.as_str()),
                    ("outcome", outcome),
                    ("release", name.release.as_str()),
                ];
                metric.add(labels, latencies);
            }
        }
        metric
    }

    /// Adds a series; to one with the same labels its samples are added.
    pub fn add<'a>(&mut self, labels: impl IntoIterator<Item = (&'a str, &'a str)>, latencies: &Histogram) {
        let labels = labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.series.entry(labels.collect()).or_default().merge(latencies);
    }

    /// Its name, with dots.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it measures, in a sentence.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// The series, by labels.
    pub fn series(&self) -> impl Iterator<Item = (&Labels, &Histogram)> + '_ {
        self.series.iter()
    }
}

/// All durations of a histogram together, in seconds; each is taken to be the middle of its code.
pub(super) fn sum_of_seconds(latencies: &Histogram) -> f64 {
    latencies.iter().fold(0.0, |sum, (code, count)| sum + seconds(code.value()) * wide(count))
}

pub(super) fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
