use std::fmt;
use std::path::PathBuf;

use handover_core::Timestamp;
use handover_migrate_guard::Level;
use serde::{Deserialize, Serialize};

/// What was known of a run's migrations when it was planned; part of the sealed plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationCheck {
    /// Who looked, with its version.
    pub linter: String,
    /// What says which migrations are applied, in words.
    pub base: String,
    /// How many are not, and were judged.
    pub pending: usize,
    /// How many findings there are of the level `error`, accepted ones among them.
    pub errors: usize,
    /// Of the level `warning`.
    pub warnings: usize,
    /// Of the level `note`.
    pub notes: usize,
    /// Findings of the level `error` that nobody accepted. A plan that has some is never sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<FindingLine>,
    /// What somebody accepted, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Acceptance>,
    /// Where the files are.
    pub folders: Vec<PathBuf>,
    /// What they held.
    pub fingerprint: String,
}

/// Findings that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// Of which rule: `L01`; `all` for whatever was found.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Which findings.
    pub findings: Vec<FindingLine>,
}

/// A finding in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingLine {
    /// `L01`.
    pub rule: String,
    /// `index-not-concurrent`.
    pub name: String,
    /// How bad.
    pub level: Level,
    /// In which file.
    pub path: String,
    /// On which line of it, from 1; none for what is said of a file or of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What happens.
    pub message: String,
}

impl FindingLine {
    /// `migrations/2_x.sql:3`.
    pub fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.clone(),
        }
    }
}

impl fmt::Display for FindingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}: {}", self.place(), self.rule, self.name, self.message)
    }
}

impl Acceptance {
    /// In one line, without the findings: `L01 accepted by ann@host: the table is small`.
    pub fn told(&self) -> String {
        let Self { rule, by, reason, findings, .. } = self;
        let what = match (rule.as_str(), findings.len()) {
            ("all", 1) => "1 finding".to_owned(),
            ("all", many) => format!("{many} findings"),
            (rule, 0 | 1) => rule.to_owned(),
            (rule, many) => format!("{rule} ({many} times)"),
        };
        format!("{what} accepted by {by}: {reason}")
    }
}

impl MigrationCheck {
    /// In one line: how many, what was found, and who accepted what.
    pub fn told(&self) -> String {
        let Self { pending, linter, .. } = self;
        let found = self.found();
        let judged = match pending {
            0 => format!("no migration is pending{found}"),
            1 => format!("1 pending migration, judged by {linter}{found}"),
            many => format!("{many} pending migrations, judged by {linter}{found}"),
        };
        let accepted = self.accepted.iter().map(Acceptance::told);
        std::iter::once(judged).chain(accepted).collect::<Vec<_>>().join("; ")
    }

    fn found(&self) -> String {
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let said = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, level)| format!("{count} {level}{}", if *count == 1 { "" } else { "s" }));
        let said: Vec<_> = said.collect();
        match (said.is_empty(), self.pending) {
            (true, 0) => String::new(),
            (true, _) => ": nothing found".into(),
            (false, _) => format!(": {}", said.join(", ")),
        }
    }
}
