//! Turns the outline of a plan into steps that act on a world.

use std::sync::Arc;

use handover_runbook::{Action, Program, Step};

use crate::outline::Job;
use crate::steps::{
    Bake, Before, BeginWindows, Bench, Drain, Evict, FlagJob, Flags, Health, Hook, Judge, Launch, Migrations,
    Restore, Settle, Shift, Smoke, Stop, Verify,
};
use crate::{Plan, StepOutline, World};

/// The program of `plan` on `world`. The same plan gives the same step names, so a resumed run finds its place.
pub fn program(plan: &Plan, world: &World) -> Program {
    let bench = Bench::new(&plan.judge);
    let builder = Builder { plan: Arc::new(plan.clone()), world: world.clone(), bench };
    let outline = plan.outline();
    Program {
        forward: outline.forward.into_iter().map(|step| builder.step(step)).collect(),
        back: outline.back.into_iter().map(|step| builder.step(step)).collect(),
    }
}

struct Builder {
    plan: Arc<Plan>,
    world: World,
    /// Where all stages judge.
    bench: Bench,
}

impl Builder {
    fn step(&self, outline: StepOutline) -> Step {
        // A hook, a flag, a drain or a stop that fails must not keep traffic from being back where it belongs.
        let may_fail = matches!(
            outline.job,
            Job::Hook { .. } | Job::Flags(_) | Job::DrainCandidate | Job::StopCandidate
        );
        // Where the candidate keeps the traffic, what must be off on the way back must be off all the more.
        let even_if_stuck = outline.job == Job::Flags(FlagJob::Kill);
        let action = self.action(outline.job);
        Step { name: outline.name, undoes: outline.only_after, may_fail, even_if_stuck, action }
    }

    fn action(&self, job: Job) -> Action {
        let (plan, world, bench) = (Arc::clone(&self.plan), self.world.clone(), self.bench.clone());
        match job {
            Job::Migrations => watch(Migrations { plan, world }),
            Job::Evict => effect(Evict { plan, world }),
            Job::Hook { name, command, tolerant } => effect(Hook { plan, world, name, command, tolerant }),
            Job::Launch => effect(Launch { plan, world }),
            Job::Health => watch(Health { plan, world }),
            Job::Smoke => watch(Smoke { plan, world }),
            Job::Views => watch(Before { world }),
            Job::BeginWindows => watch(BeginWindows { plan, world }),
            Job::Flags(job) => effect(Flags::new(plan, world, job)),
            Job::Shift { bps } => effect(Shift { plan, world, bps }),
            Job::Verify { bps } => {
                let (split, answers) = (plan.split(bps), plan.candidate.clone());
                watch(Verify { world, split, answers, slot: plan.slot })
            }
            Job::Judge(stage) => watch(Judge::stage(plan, world, bench, &stage)),
            Job::Bake => {
                let drain = drain_stable(&plan, &world);
                watch(Bake { judge: Judge::bake(plan, world, bench), drain })
            }
            Job::DrainStable => watch(Drain { slot: plan.slot.other(), limit: plan.drain, world }),
            Job::Settle => effect(Settle { plan, world }),
            Job::Restore => effect(Restore { plan, world }),
            Job::VerifyRestored => watch(Verify::restored(&plan, world)),
            Job::DrainCandidate => watch(Drain { slot: plan.slot, limit: plan.drain, world }),
            Job::StopCandidate => effect(Stop { plan, world }),
        }
    }
}

fn drain_stable(plan: &Plan, world: &World) -> Option<Drain> {
    plan.stable_slot().map(|slot| Drain { slot, limit: plan.drain, world: world.clone() })
}

fn effect(effect: impl handover_runbook::Effect + 'static) -> Action {
    Action::Effect(Box::new(effect))
}

fn watch(watch: impl handover_runbook::Watch + 'static) -> Action {
    Action::Watch(Box::new(watch))
}
