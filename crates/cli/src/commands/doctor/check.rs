//! One thing looked at, and the list of them.

use std::fmt;

use handover_traffic::doctor::Verdict;
use serde::Serialize;

use crate::report::Failure;
use crate::text::one_line;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// How it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Finding {
    /// As it should.
    Ok,
    /// A deployment works, but not as well as it could.
    Warn,
    /// A deployment would fail.
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    name: &'static str,
    finding: Finding,
    found: String,
    /// What to type or to mend.
    next: Option<String>,
}

impl Check {
    /// As it should be.
    pub(super) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, finding: Finding::Ok, found: found.into(), next: None }
    }

    /// Not as good as it could be.
    pub(super) fn warn(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, finding: Finding::Warn, found: found.into(), next: Some(next.into()) }
    }

    /// A deployment would fail on this.
    pub(super) fn fail(name: &'static str, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { name, finding: Finding::Fail, found: found.into(), next: Some(next.into()) }
    }

    /// A failure of another verb's kind; `otherwise` is the next step where it knows none.
    pub(super) fn failed(name: &'static str, failure: &Failure, otherwise: &str) -> Self {
        Self::fail(name, failure.causes().join(": "), failure.next_step().unwrap_or(otherwise))
    }
}

impl From<handover_traffic::doctor::Finding> for Check {
    fn from(found: handover_traffic::doctor::Finding) -> Self {
        let finding = match found.verdict {
            Verdict::Ok => Finding::Ok,
            Verdict::Warn => Finding::Warn,
            Verdict::Refuse => Finding::Fail,
        };
        Self { name: found.name, finding, found: found.found, next: found.next }
    }
}

/// Everything that was looked at; also the `--json` form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Checks {
    version: u32,
    checks: Vec<Check>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { version: VERSION, checks: Vec::new() }
    }
}

impl Checks {
    pub(super) fn add(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// Adds what could be looked at at all.
    pub(super) fn add_some(&mut self, check: Option<Check>) {
        self.checks.extend(check);
    }

    /// Whether nothing would fail.
    pub(super) fn all_good(&self) -> bool {
        self.count(Finding::Fail) == 0
    }

    fn count(&self, finding: Finding) -> usize {
        self.checks.iter().filter(|check| check.finding == finding).count()
    }
}

impl fmt::Display for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Check { name, finding, found, next } in &self.checks {
            let word = match finding {
                Finding::Ok => "ok",
                Finding::Warn => "warn",
                Finding::Fail => "FAIL",
            };
            writeln!(f, "{word:<4}  {name:<13} {}", one_line(found))?;
            if let Some(next) = next {
                writeln!(f, "{:20}next: {}", "", one_line(next))?;
            }
        }
        let [ok, warn, fail] = [Finding::Ok, Finding::Warn, Finding::Fail].map(|finding| self.count(finding));
        write!(f, "\n{ok} ok, {warn} to look at, {fail} that would fail")
    }
}
