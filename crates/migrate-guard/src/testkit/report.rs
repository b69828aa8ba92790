use std::fmt;

use super::{Outcome, POINTS, Point};
use crate::MigrationLinter;

/// All promises with their outcomes; its `Display` is a table.
#[derive(Debug, Clone)]
pub struct Report {
    lines: Vec<(Point, Outcome)>,
}

/// Puts all promises to the test, one after the other.
pub fn report(linter: &dyn MigrationLinter) -> Report {
    Report { lines: POINTS.iter().map(|point| (*point, point.check(linter))).collect() }
}

impl Report {
    /// Whether no promise was broken.
    pub fn is_sound(&self) -> bool {
        self.broken().is_empty()
    }

    /// The numbers of the promises that were broken.
    pub fn broken(&self) -> Vec<usize> {
        let broken = self.lines.iter().filter(|(_, outcome)| outcome.is_broken());
        broken.map(|(point, _)| point.number).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.lines.iter();
        lines.try_for_each(|(point, outcome)| {
            writeln!(f, "{}  {:<34}  {outcome}", point.number, point.promise)
        })
    }
}
