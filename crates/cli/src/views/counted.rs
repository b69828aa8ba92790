use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{HealthProbe, Healthy, ProbeError};
use handover_monitor::{LatencySink as _, Outcome, Series};
use tokio::time::Instant;

/// What is counted at each view, by its name.
pub(super) type Books = BTreeMap<String, Arc<Series>>;

/// A probe whose every check is a sample in the monitor: how long it took, and whether it was good.
#[derive(Debug)]
pub(super) struct Counted<P> {
    probe: P,
    series: Arc<Series>,
}

impl<P> Counted<P> {
    /// Counts the checks of `probe`.
    pub(super) const fn new(probe: P, series: Arc<Series>) -> Self {
        Self { probe, series }
    }
}

/// A check that is dropped was given up by whoever asked.
struct Sample<'a> {
    series: &'a Series,
    began: Instant,
    outcome: Outcome,
}

impl Drop for Sample<'_> {
    fn drop(&mut self) {
        self.series.record(self.began.elapsed(), self.outcome);
    }
}

#[async_trait]
impl<P: HealthProbe> HealthProbe for Counted<P> {
    async fn check(&self, deadline: Duration) -> Result<Healthy, ProbeError> {
        let mut sample = Sample { series: &self.series, began: Instant::now(), outcome: Outcome::Cancelled };
        let answer = self.probe.check(deadline).await;
        sample.outcome = if answer.is_ok() { Outcome::Ok } else { Outcome::Error };
        answer
    }
}

#[cfg(test)]
mod tests {
    use handover_health::{ProbeClass, probe_fn};
    use tokio::time::sleep;

    use super::*;

    /// Answers after so long, if at all.
    fn taking(millis: u64, well: bool) -> impl HealthProbe {
        probe_fn(move || async move {
            sleep(Duration::from_millis(millis)).await;
            if well { Ok(()) } else { Err(ProbeError::new(ProbeClass::Refused, "")) }
        })
    }

    #[tokio::test(start_paused = true)]
    async fn each_check_is_a_sample_with_its_time_and_its_end() {
        let series = Arc::new(Series::new());
        let deadline = Duration::from_secs(1);
        for (millis, well) in [(10, true), (20, false), (5_000, true)] {
            let _ = Counted::new(taking(millis, well), series.clone()).check(deadline).await;
        }
        let dropped = Counted::new(taking(500, true), series.clone());
        let _ = tokio::time::timeout(Duration::from_millis(100), dropped.check(deadline)).await;
        let totals = series.totals();
        let counts = [&totals.ok, &totals.errors, &totals.cancelled].map(handover_monitor::Histogram::count);
        assert_eq!(counts, [1, 2, 1]);
        // A deadline that passes is a failure that took as long.
        let slowest = totals.errors.value(1.0).unwrap();
        assert!((990..=1_040).contains(&slowest.as_millis()), "{slowest:?}");
    }
}
