//! The sealed plan: everything a driver needs to know, fixed before the first effect.

use std::path::PathBuf;
use std::time::Duration;

use handover_core::{ReleaseId, RunId, ServiceName, Slot};
use handover_traffic::{Capabilities, Route, Split};
use serde::{Deserialize, Serialize};

use crate::{FlagChange, FlagStoreAt, JudgeSpec, MigrationCheck, PlanError, ViewsSpec};

/// The version of the plan's own format.
const FORMAT: u32 = 1;

/// What kind of run a plan describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A release is launched and takes over.
    Deploy,
    /// A release that still runs warm in its slot takes over again.
    Return,
}

/// A share of traffic the candidate holds for a while before the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The candidate's share in basis points, 1..10,000.
    pub weight_bps: u16,
    /// At least this long.
    pub min_time: Duration,
    /// At least this many requests answered by the candidate.
    pub min_requests: u64,
    /// After this long without proof a person is asked.
    pub max_time: Duration,
}

/// One request that must be answered as expected before the candidate gets a user's request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmokeSpec {
    /// For messages; the path where nothing better is given.
    pub name: String,
    /// An absolute path.
    pub path: String,
    /// How it is asked.
    #[serde(default, skip_serializing_if = "SmokeMethod::is_get")]
    pub method: SmokeMethod,
    /// The status expected.
    pub expect: u16,
    /// For the whole request.
    pub timeout: Duration,
}

/// How a smoke test asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum SmokeMethod {
    /// Without a body, and without an effect.
    #[default]
    Get,
    /// Without a body; the service does something and looks at it itself.
    Post,
}

impl SmokeMethod {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_get(&self) -> bool {
        *self == Self::Get
    }
}

impl SmokeSpec {
    /// `/path = 200`, with the method where it is no GET.
    pub(crate) fn wanted(&self) -> String {
        let method = if self.method.is_get() { "" } else { "POST " };
        format!("{method}{} = {}", self.path, self.expect)
    }
}

/// Commands run at fixed places of a run, each once per operation id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hooks {
    /// Before the candidate is launched; a failure refuses the run.
    pub before_launch: Option<String>,
    /// After smoke, before the candidate's first traffic; a failure refuses the run.
    pub before_shift: Option<String>,
    /// After the candidate became stable; a failure is recorded.
    pub after_promote: Option<String>,
    /// After traffic was taken back; a failure is recorded.
    pub on_rollback: Option<String>,
    /// At the end of any run that did not promote; a failure is recorded.
    pub on_failure: Option<String>,
    /// Where they are run.
    pub folder: PathBuf,
    /// For each command.
    pub limit: Duration,
}

/// One run, sealed: what is rolled out, over which stages, judged how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The plan's own format.
    pub format: u32,
    /// Which service.
    pub service: ServiceName,
    /// The run's name.
    pub run: RunId,
    /// Launch a release, or return to a warm one.
    pub kind: Kind,
    /// The release being rolled out.
    pub candidate: ReleaseId,
    /// The slot it runs in.
    pub slot: Slot,
    /// The release to go back to; `None` for a first deployment.
    pub stable: Option<ReleaseId>,
    /// What the candidate's slot holds now and loses.
    pub evict: Option<ReleaseId>,
    /// Shares before 100 %, ascending; none for blue-green.
    pub stages: Vec<Stage>,
    /// How long the candidate may take until it is ready.
    pub start_limit: Duration,
    /// How long 100 % is watched.
    pub bake: Duration,
    /// How long the old release stays warm.
    pub retain: Duration,
    /// How long the old release may finish what it began.
    pub drain: Duration,
    /// Requests through the pin before any user's.
    pub smoke: Vec<SmokeSpec>,
    /// From where the service is watched from outside, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<ViewsSpec>,
    /// Flags that belong to the run: each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<FlagChange>,
    /// Where they are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag_store: Option<FlagStoreAt>,
    /// What was found in the migrations that go with it, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrations: Option<MigrationCheck>,
    /// The limits of the judge.
    pub judge: JudgeSpec,
    /// Commands at fixed places.
    pub hooks: Hooks,
    /// Who asked.
    pub by: String,
}

impl Plan {
    /// The format this version writes.
    pub const FORMAT: u32 = FORMAT;

    /// Reads a plan back from the journal.
    ///
    /// # Errors
    ///
    /// [`PlanError::Newer`] for a format this version does not know, [`PlanError::Unreadable`] otherwise.
    pub fn from_sealed(sealed: &serde_json::Value) -> Result<Self, PlanError> {
        let format = sealed.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format > u64::from(FORMAT) {
            return Err(PlanError::Newer { found: format, known: FORMAT });
        }
        serde_json::from_value(sealed.clone()).map_err(|source| PlanError::Unreadable { source })
    }

    /// The form the journal keeps.
    ///
    /// # Errors
    ///
    /// [`PlanError::Unreadable`] if a value cannot be expressed as JSON; none of the plan's own can fail so.
    pub fn seal(&self) -> Result<serde_json::Value, PlanError> {
        serde_json::to_value(self).map_err(|source| PlanError::Unreadable { source })
    }

    /// The slot to go back to, where there is a release to go back to.
    pub fn stable_slot(&self) -> Option<Slot> {
        self.stable.as_ref().map(|_| self.slot.other())
    }

    /// The split that gives the candidate this share; above the whole counts as the whole.
    pub fn split(&self, candidate_bps: u16) -> Split {
        Split::from_bps(self.slot, candidate_bps).unwrap_or(Split::all(self.slot))
    }

    /// Every split the plan will ask for, in order.
    pub fn splits(&self) -> impl Iterator<Item = Split> + '_ {
        let stages = self.effective_stages().iter().map(|stage| self.split(stage.weight_bps));
        stages.chain([Split::all(self.slot)])
    }

    /// The stages in force: a first deployment has nobody to share with, so it has none.
    pub fn effective_stages(&self) -> &[Stage] {
        if self.stable.is_some() { &self.stages } else { &[] }
    }

    /// Refuses a plan that makes no sense or that the backend cannot carry out, before anything is done.
    ///
    /// # Errors
    ///
    /// [`PlanError::Stage`] names the stage at fault, [`PlanError::Unsupported`] the missing capability,
    /// [`PlanError::SameRelease`] a candidate that is stable already, [`PlanError::FlagTwice`] a flag that is set twice,
    /// [`PlanError::Migrations`] findings that nobody accepted.
    pub fn check(&self, backend: &Capabilities) -> Result<(), PlanError> {
        if self.stable.as_ref() == Some(&self.candidate) {
            return Err(PlanError::SameRelease { release: self.candidate.clone() });
        }
        self.check_stages()?;
        self.check_flags()?;
        self.check_migrations()?;
        match self.splits().find_map(|split| backend.missing_for(&Route::serve(split))) {
            Some(feature) => Err(PlanError::Unsupported { feature }),
            None => Ok(()),
        }
    }

    /// One change per flag: of two, nobody could say which one somebody else has come between.
    fn check_flags(&self) -> Result<(), PlanError> {
        let twice = self
            .flags
            .iter()
            .enumerate()
            .find(|(at, change)| self.flags[..*at].iter().any(|earlier| earlier.flag == change.flag));
        twice.map_or(Ok(()), |(_, change)| Err(PlanError::FlagTwice { flag: change.flag.clone() }))
    }

    /// Of what was found in migrations, somebody has to have accepted all that is an error.
    fn check_migrations(&self) -> Result<(), PlanError> {
        let refused = self.migrations.iter().flat_map(|check| &check.refused).cloned().collect::<Vec<_>>();
        if refused.is_empty() { Ok(()) } else { Err(PlanError::Migrations { refused }) }
    }

    fn check_stages(&self) -> Result<(), PlanError> {
        let mut before = 0;
        for (at, stage) in self.stages.iter().enumerate() {
            let refuse = |because| Err(PlanError::Stage { number: at + 1, because });
            if stage.weight_bps == 0 || stage.weight_bps >= Split::WHOLE {
                return refuse("its weight is not between 0 % and 100 %");
            }
            if stage.weight_bps <= before {
                return refuse("its weight is not above the one before");
            }
            if stage.max_time < stage.min_time {
                return refuse("its max_time is below its min_time");
            }
            before = stage.weight_bps;
        }
        Ok(())
    }
}
