use crate::histogram::Histogram;

/// A reading of a [`Series`](crate::Series); subtract an earlier one to get what happened between the two.
///
/// Each counter is read once, while others may be counting: a sample is in this reading or in the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Latencies of answered requests.
    pub ok: Histogram,
    /// Latencies of failed requests.
    pub errors: Histogram,
    /// How long the client waited before it gave up.
    pub cancelled: Histogram,
}

impl Totals {
    /// Requests that ended with an answer or a failure; those given up by the client are not in it.
    pub fn count(&self) -> u64 {
        self.ok.count().saturating_add(self.errors.count())
    }

    /// Latencies of answered and failed requests together.
    pub fn completed(&self) -> Histogram {
        Histogram::sum([&self.ok, &self.errors])
    }

    /// What was counted since `earlier`, an older reading of the same series.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut left = self.clone();
        left.ok.subtract(&earlier.ok);
        left.errors.subtract(&earlier.errors);
        left.cancelled.subtract(&earlier.cancelled);
        left
    }
}
