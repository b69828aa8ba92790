//! What the demo measured.

use std::time::Duration;

use handover_core::Timestamp;
use handover_rollout::{Outcome, Story};
use handover_runbook::Body;
use serde::Serialize;

use crate::exit::Exit;
use crate::follow::Followed;
use crate::load::LoadReport;
use crate::output::{count, percent_of, short_duration};
use crate::text::one_line;

/// The version of the JSON form.
const VERSION: u32 = 1;

/// The release that misbehaves.
const BAD: &str = "v3";

/// What is shown at the end, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Shown {
    version: u32,
    /// Sent by the users.
    requests: u64,
    /// Without an answer, or with an error that no release gave.
    failed: u64,
    /// Answered with an error by the bad release.
    harmed: u64,
    /// From the bad release's first bad answer until probes proved that it had no traffic.
    detect_to_zero_ms: Option<u64>,
    releases: Vec<Act>,
}

/// One release and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Act {
    id: String,
    outcome: Outcome,
    #[serde(skip)]
    why: Option<String>,
}

impl Act {
    fn of(run: &Followed) -> Self {
        let id = run.plan.candidate.to_string();
        Self { id, outcome: run.outcome, why: Story::of(&run.records).why }
    }

    fn surprise(&self) -> String {
        let why = self.why.as_deref().map(one_line).unwrap_or_default();
        format!(
            "otherwise than meant, on this machine now: {} was {}: {why}\n",
            self.id,
            self.outcome.as_str()
        )
    }

    fn as_meant(&self) -> bool {
        let meant = if self.id == BAD { Outcome::RolledBack } else { Outcome::Promoted };
        self.outcome == meant
    }
}

impl Shown {
    /// Reads the figures from what the users saw and what the journal says.
    pub(super) fn of(load: &LoadReport, runs: &[Followed]) -> Self {
        let first_bad = load.releases.get(BAD).and_then(|release| release.first_bad);
        let back = runs.iter().find(|run| run.plan.candidate.as_str() == BAD).and_then(proven_back);
        let took = first_bad.zip(back).map(|(bad, back)| back.since(bad).as_millis());
        Self {
            version: VERSION,
            requests: load.requests,
            failed: load.failed,
            harmed: load.harmed,
            detect_to_zero_ms: took.and_then(|ms| u64::try_from(ms).ok()),
            releases: runs.iter().map(Act::of).collect(),
        }
    }

    /// Whether everything went as it has to. A lost request is a bug; a release judged otherwise than meant is an
    /// honest verdict on a machine that was busy.
    pub(super) fn exit(&self) -> Exit {
        match (self.failed, self.releases.iter().all(Act::as_meant)) {
            (0, true) => Exit::Done,
            (0, false) => Exit::RolledBack,
            _ => Exit::Bug,
        }
    }

    /// What went otherwise than meant, and why.
    fn surprises(&self) -> String {
        let surprising = self.releases.iter().filter(|act| !act.as_meant());
        let lines: Vec<_> = surprising.map(Act::surprise).collect();
        lines.concat()
    }

    /// The figures and what to type next.
    pub(super) fn text(&self) -> String {
        let took = self
            .detect_to_zero_ms
            .map_or_else(|| "never".into(), |ms| short_duration(Duration::from_millis(ms)));
        let outcomes: Vec<_> =
            self.releases.iter().map(|act| format!("{} {}", act.id, act.outcome.as_str())).collect();
        format!(
            "\n{outcomes}\n{surprises}\n\
             {requests:>9}  requests sent\n\
             {failed:>9}  failed: no answer, or an error that no release gave\n\
             {harmed:>9}  harmed by {BAD}: {share} of all\n\
             {took:>9}  from its first bad answer until it provably had no traffic\n\n\
             Next, in the folder of your service:\n  \
             handover init     writes a commented handover.toml\n  \
             handover doctor   says what is still missing\n  \
             handover deploy   does for it what you just saw",
            outcomes = outcomes.join(", "),
            surprises = self.surprises(),
            requests = count(self.requests),
            failed = count(self.failed),
            harmed = count(self.harmed),
            share = percent_of(self.harmed, self.requests),
        )
    }
}

/// When probes proved that the release before answers everything again.
fn proven_back(run: &Followed) -> Option<Timestamp> {
    let proven = run.records.iter().find(
        |record| matches!(&record.body, Body::Proceeded { step, .. } if step.as_str() == "verify-restored"),
    );
    proven.map(|record| record.at)
}
