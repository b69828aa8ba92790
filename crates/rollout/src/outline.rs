//! The steps of a plan by name and purpose, without a world: what `handover plan` prints, and the one list from
//! which the program is built, so that the two cannot differ.

use handover_runbook::StepName;
use serde::Serialize;

use crate::flags::OnRollback;
use crate::steps::FlagJob;
use crate::words::words;
use crate::{FlagChange, FlagMoment, Kind, Plan, SmokeSpec, Stage};

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepOutline {
    /// Its name in the journal.
    pub name: StepName,
    /// What it does, for a person.
    pub does: String,
    /// In the way back: the forward step without which it is skipped.
    pub only_after: Option<StepName>,
    /// What the program builds from it.
    #[serde(skip)]
    pub(crate) job: Job,
}

impl StepOutline {
    /// Whether it waits and judges, so that a person may end it early. Proofs are never ended early.
    pub const fn can_be_ended_early(&self) -> bool {
        matches!(self.job, Job::Judge(_) | Job::Bake)
    }
}

/// Which step to build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Job {
    Migrations,
    Evict,
    Hook { name: &'static str, command: String, tolerant: bool },
    Launch,
    Health,
    Smoke,
    Views,
    BeginWindows,
    Flags(FlagJob),
    Shift { bps: u16 },
    Verify { bps: u16 },
    Judge(Stage),
    DrainStable,
    Bake,
    Settle,
    Restore,
    VerifyRestored,
    DrainCandidate,
    StopCandidate,
}

/// The way forward and the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outline {
    /// In order.
    pub forward: Vec<StepOutline>,
    /// In order, after a verdict, an order or a failure.
    pub back: Vec<StepOutline>,
}

/// The name of the first step that gives the candidate traffic.
pub(crate) const SHIFT: &str = "shift";
/// The name of the step that looks at the service from outside before the switch.
pub(crate) const VIEWS: &str = "views";
/// The name of the step that takes all traffic back.
pub(crate) const RESTORE: &str = "restore";

impl Plan {
    /// Every step by name, and what it does.
    pub fn outline(&self) -> Outline {
        let mut forward = self.outline_launch();
        forward.extend(self.outline_shifts());
        forward.extend(self.outline_finish());
        let first_shift = forward.iter().find(|s| matches!(s.job, Job::Shift { .. })).map(|s| s.name.clone());
        Outline { back: self.outline_back(first_shift.as_ref()), forward }
    }

    fn outline_launch(&self) -> Vec<StepOutline> {
        let mut steps = Vec::new();
        steps.extend(self.outline_migrations());
        if self.kind == Kind::Deploy {
            if let Some(evicted) = &self.evict {
                steps.push(step(
                    "evict",
                    format!("stop release {evicted}, kept warm in {} until now", self.slot),
                    Job::Evict,
                ));
            }
            steps.extend(hook("before_launch", self.hooks.before_launch.as_ref(), false));
            steps.extend(self.outline_set(FlagMoment::BeforeLaunch));
            steps.push(step(
                "launch",
                format!("launch release {} in {}", self.candidate, self.slot),
                Job::Launch,
            ));
        }
        steps.push(step("health", "wait until every instance is ready".into(), Job::Health));
        if !self.smoke.is_empty() {
            let paths: Vec<_> = self.smoke.iter().map(SmokeSpec::wanted).collect();
            steps.push(step("smoke", format!("through the pin: {}", paths.join(", ")), Job::Smoke));
        }
        steps.extend(hook("before_shift", self.hooks.before_shift.as_ref(), false));
        steps.extend(self.outline_set(FlagMoment::BeforeShift));
        steps.extend(self.outline_views());
        steps.push(step("windows", "begin windows of candidate and stable".into(), Job::BeginWindows));
        steps
    }

    fn outline_migrations(&self) -> Option<StepOutline> {
        let check = self.migrations.as_ref()?;
        Some(step(
            "migrations",
            format!("hold the files to what was judged: {}", check.told()),
            Job::Migrations,
        ))
    }

    /// Only where there is somewhere to go back to, and somebody who would.
    fn outline_views(&self) -> Option<StepOutline> {
        let judges = !self.stages.is_empty() || !self.bake.is_zero();
        let views = self.views.as_ref().filter(|_| self.stable.is_some() && judges)?;
        let (need, of) = (views.need, views.addresses.len());
        let does =
            format!("ask from outside, where {need} of {of} have to see it: {}", views.addresses.join(", "));
        Some(step(VIEWS, does, Job::Views))
    }

    fn outline_set(&self, moment: FlagMoment) -> Option<StepOutline> {
        let said = |change: &FlagChange| format!("{} to {}", change.flag, change.text());
        self.outline_flags(FlagJob::Set(moment), "set ", said)
    }

    /// What must be off goes off whatever the run had come to; the rest is put back once it was set.
    fn outline_flags_back(&self) -> Vec<StepOutline> {
        let kill = self.outline_flags(FlagJob::Kill, "turn off ", |change| change.flag.to_string());
        let back = self.outline_flags(FlagJob::Restore, "as before: ", |change| match change.on_rollback {
            OnRollback::Keep => format!("{} stays as it is", change.flag),
            _ => change.flag.to_string(),
        });
        let moments =
            self.flags.iter().filter(|change| FlagJob::Restore.concerns(change)).map(|change| change.at);
        let first = moments.min().map(FlagMoment::step);
        let back = back.map(|step| StepOutline { only_after: first, ..step });
        kill.into_iter().chain(back).collect()
    }

    fn outline_flags(
        &self,
        job: FlagJob,
        does: &str,
        said: impl Fn(&FlagChange) -> String,
    ) -> Option<StepOutline> {
        let flags: Vec<_> = self.flags.iter().filter(|change| job.concerns(change)).map(said).collect();
        let does = format!("{does}{}", flags.join(", "));
        (!flags.is_empty()).then(|| StepOutline {
            name: job.step(),
            does,
            only_after: None,
            job: Job::Flags(job),
        })
    }

    fn outline_shifts(&self) -> Vec<StepOutline> {
        let mut steps = Vec::new();
        for stage in self.effective_stages() {
            let share = percent(stage.weight_bps);
            steps.extend(shift(stage.weight_bps));
            steps.push(step(
                &format!("judge-{share}"),
                format!(
                    "judge for {} and {} requests, ask a person after {}",
                    words(stage.min_time),
                    stage.min_requests,
                    words(stage.max_time)
                ),
                Job::Judge(stage.clone()),
            ));
        }
        steps.extend(shift(handover_traffic::Split::WHOLE));
        steps.extend(self.outline_set(FlagMoment::AtFull));
        steps
    }

    fn outline_finish(&self) -> Vec<StepOutline> {
        let mut steps = Vec::new();
        let drain = self
            .stable
            .as_ref()
            .map(|old| format!("let {old} finish what it began, at most {}", words(self.drain)));
        match (drain, self.bake.is_zero()) {
            (Some(drain), true) => steps.push(step("drain-stable", drain, Job::DrainStable)),
            (None, true) => {}
            (drain, false) => {
                let beside = drain.map(|drain| format!("; meanwhile {drain}")).unwrap_or_default();
                steps.push(step("bake", format!("judge 100 % for {}{beside}", words(self.bake)), Job::Bake));
            }
        }
        steps.extend(self.outline_set(FlagMoment::AfterBake));
        let keeps = self.stable.as_ref().map(|old| format!(", keep {old} warm for {}", words(self.retain)));
        let does = format!("name {} stable{}", self.candidate, keeps.unwrap_or_default());
        steps.push(step("settle", does, Job::Settle));
        steps.extend(hook("after_promote", self.hooks.after_promote.as_ref(), true));
        steps
    }

    fn outline_back(&self, shifted: Option<&StepName>) -> Vec<StepOutline> {
        let after = |mut step: StepOutline, only_after: Option<&StepName>| {
            step.only_after = only_after.cloned();
            step
        };
        let to =
            self.stable.as_ref().map_or("nothing: there is no former release".into(), ToString::to_string);
        let mut steps = vec![after(step(RESTORE, format!("all traffic to {to}"), Job::Restore), shifted)];
        if self.stable.is_some() {
            steps.push(after(
                step("verify-restored", "probe who answers".into(), Job::VerifyRestored),
                shifted,
            ));
        }
        steps.extend(self.outline_flags_back());
        steps.extend(hook("on_rollback", self.hooks.on_rollback.as_ref(), true).map(|s| after(s, shifted)));
        let drain = format!("let {} finish what it began, at most {}", self.candidate, words(self.drain));
        steps.push(after(step("drain-candidate", drain, Job::DrainCandidate), shifted));
        if self.kind == Kind::Deploy {
            let stop = step("stop-candidate", format!("stop {}", self.candidate), Job::StopCandidate);
            steps.push(after(stop, Some(&StepName::new("launch"))));
        }
        steps.extend(hook("on_failure", self.hooks.on_failure.as_ref(), true));
        steps
    }
}

/// A share of traffic as it appears in step names: `10`, `0.5`.
pub(crate) fn percent(bps: u16) -> String {
    (f64::from(bps) / 100.0).to_string()
}

fn step(name: &str, does: String, job: Job) -> StepOutline {
    StepOutline { name: StepName::new(name), does, only_after: None, job }
}

fn shift(bps: u16) -> [StepOutline; 2] {
    let share = percent(bps);
    [
        step(
            &format!("{SHIFT}-{share}"),
            format!("{share} % of the traffic to the candidate"),
            Job::Shift { bps },
        ),
        step(
            &format!("verify-{share}"),
            "read the split back, probe who answers".into(),
            Job::Verify { bps },
        ),
    ]
}

fn hook(name: &'static str, command: Option<&String>, tolerant: bool) -> Option<StepOutline> {
    command.map(|command| {
        let job = Job::Hook { name, command: command.clone(), tolerant };
        step(&name.replace('_', "-"), format!("run `{command}`"), job)
    })
}
