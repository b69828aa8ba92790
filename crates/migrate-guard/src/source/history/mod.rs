//! What a runner recorded when it applied migrations, and how files compare with it.

mod checksum;
mod compare;

use super::{Layout, layouts};
pub(super) use checksum::Checksum;

/// Where a runner records what it applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its name, unless the runner was told another.
    pub(super) name: &'static str,
    /// What to select: the columns of [`Applied`], in order.
    pub(super) columns: &'static str,
    /// Which rows, and in which order.
    pub(super) rest: &'static str,
}

/// How to ask a database what a runner applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryQuery(Table);

impl HistoryQuery {
    /// The name of the table, unless the runner was told another. Without it nothing is applied.
    pub const fn table(&self) -> &'static str {
        self.0.name
    }

    /// The statement, for the runner's own table or another. Its rows are those of [`Applied`], column by column: text,
    /// text or null, and three booleans.
    pub fn sql(&self, table: Option<&str>) -> String {
        format!("SELECT {} FROM {} {}", self.0.columns, table.unwrap_or(self.0.name), self.0.rest)
    }
}

impl Layout {
    /// How to ask a database what the runner applied; `None` where no runner is known.
    pub fn history(self) -> Option<HistoryQuery> {
        layouts::of(self).history.map(HistoryQuery)
    }
}

/// One thing that a runner recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The version of the migration.
    pub version: String,
    /// What it recorded of the content.
    pub checksum: Option<String>,
    /// Whether it came to its end.
    pub finished: bool,
    /// Whether it was taken back.
    pub rolled_back: bool,
    /// Whether all migrations before it are applied too, or are not wanted.
    pub all_before: bool,
}

impl Applied {
    /// A migration that was applied to its end.
    pub fn finished(version: impl Into<String>) -> Self {
        Self { version: version.into(), finished: true, ..Self::default() }
    }

    /// The row of a [`HistoryQuery`].
    pub const fn row(
        version: String,
        checksum: Option<String>,
        finished: bool,
        rolled_back: bool,
        all_before: bool,
    ) -> Self {
        Self { version, checksum, finished, rolled_back, all_before }
    }
}

#[cfg(test)]
mod tests;
