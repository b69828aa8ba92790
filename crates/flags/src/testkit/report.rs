use std::fmt;

use super::{Outcome, POINTS, Point, Subject};

/// All ten promises with their outcomes; its `Display` is a table.
#[derive(Debug, Clone)]
pub struct Report {
    lines: Vec<(Point, Outcome)>,
}

/// Puts all ten promises to the test, one after the other, on the same subject.
pub async fn report(subject: &dyn Subject) -> Report {
    let mut lines = Vec::with_capacity(POINTS.len());
    for point in POINTS {
        lines.push((point, point.check(subject).await));
    }
    Report { lines }
}

impl Report {
    /// Whether no promise was broken. Points not claimed do not count against a store.
    pub fn is_sound(&self) -> bool {
        self.lines.iter().all(|(_, outcome)| !outcome.is_broken())
    }

    /// Each point with its outcome, in the order of the contract.
    pub fn lines(&self) -> impl Iterator<Item = (Point, &Outcome)> {
        self.lines.iter().map(|(point, outcome)| (*point, outcome))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (point, outcome) in self.lines() {
            writeln!(f, "{:>2}  {:<24}  {outcome}", point.number(), point.promise())?;
        }
        Ok(())
    }
}
