use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::{Level, PgVersion};

/// What a verdict depends on besides the migrations.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LintContext {
    /// The server's version.
    pub pg: PgVersion,
    /// The session's time zone, which decides whether `timestamp` to `timestamptz` is a rewrite.
    pub time_zone: TimeZone,
    /// What bounds the wait for a lock besides the file: the role's or the runner's setting, in words.
    pub lock_timeout: Option<String>,
    /// Which files are one release.
    pub baseline: Baseline,
    /// What is there before the first file, from a live database.
    pub catalog: Option<Catalog>,
    /// The level of a rule, where it is not the rule's own.
    pub levels: BTreeMap<String, Level>,
    /// Findings below this level are not made.
    pub least: Level,
    /// Today, for suppressions that expire. Passed in: a report depends on nothing that is not here.
    pub today: jiff::civil::Date,
}

impl Default for LintContext {
    /// PostgreSQL 15, a time zone that is not known, each file a release of its own.
    fn default() -> Self {
        Self {
            pg: PgVersion::default(),
            time_zone: TimeZone::default(),
            lock_timeout: None,
            baseline: Baseline::default(),
            catalog: None,
            levels: BTreeMap::new(),
            least: Level::Error,
            today: jiff::civil::Date::constant(1970, 1, 1),
        }
    }
}

impl LintContext {
    /// The level of a rule here.
    pub fn level_of(&self, rule: &crate::rules::Rule) -> Level {
        self.levels.get(rule.id).copied().unwrap_or(rule.level)
    }

    /// Whether the rule has anything to say here.
    pub fn wants(&self, rule: &crate::rules::Rule) -> bool {
        let level = self.level_of(rule);
        level != Level::Off && level >= self.least
    }
}

/// The session's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeZone {
    /// UTC, or another that never differs from it.
    Utc,
    /// Another.
    Other,
    /// Not known: a verdict says that it depends on it.
    #[default]
    Unknown,
}

/// Which files are one release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Baseline {
    /// Each file is judged as if it were deployed alone, after all before it.
    #[default]
    EachFile,
    /// The files from this place on are one release; those before are applied and not judged.
    From(usize),
}
