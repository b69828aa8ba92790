//! A run on the simulated world, with everything to look at afterwards.

use std::sync::Arc;
use std::time::Duration;

use handover_core::Fence;
use handover_rollout::{Outcome, Plan, Story, World, program};
use handover_runbook::{
    Body, Engine, InMemoryJournal, InMemoryLease, Journal as _, Order, Orders as _, Record,
};

use crate::sim::Sim;

/// A run carried out to its end, with everything to look at afterwards.
pub(crate) struct Run {
    pub(crate) journal: Arc<InMemoryJournal>,
    pub(crate) plan: Plan,
}

impl Run {
    pub(crate) async fn sealed(plan: Plan) -> Self {
        let journal = Arc::new(InMemoryJournal::new());
        let body = Body::Sealed { plan: plan.seal().unwrap() };
        journal.append(&plan.run, 0, Fence::ZERO, body).await.unwrap();
        Self { journal, plan }
    }

    pub(crate) async fn drive(&self, sim: &Sim) -> Outcome {
        self.drive_in(&sim.world()).await
    }

    pub(crate) async fn drive_in(&self, world: &World) -> Outcome {
        let lease = Arc::new(InMemoryLease::new("driver"));
        let engine = Engine::new(self.journal.clone(), lease, self.journal.clone());
        engine.run(&self.plan.run, &program(&self.plan, world)).await.unwrap();
        self.outcome().await
    }

    pub(crate) async fn outcome(&self) -> Outcome {
        Outcome::of(&self.journal.read(&self.plan.run, 0).await.unwrap())
    }

    pub(crate) async fn story(&self) -> Story {
        Story::of(&self.journal.read(&self.plan.run, 0).await.unwrap())
    }

    pub(crate) async fn records(&self) -> Vec<Record> {
        self.journal.read(&self.plan.run, 0).await.unwrap()
    }

    pub(crate) async fn order(&self, order: Order) {
        self.journal.give(&self.plan.run, order, "operator").await.unwrap();
    }

    /// Waits until the journal shows this step as watched.
    pub(crate) async fn until_watching(&self, step: &str) {
        loop {
            let records = self.journal.read(&self.plan.run, 0).await.unwrap();
            if records.iter().any(|r| matches!(&r.body, Body::Watching { step: s } if s.as_str() == step)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

pub(crate) async fn run(plan: Plan, sim: &Sim) -> (Outcome, Story) {
    let run = Run::sealed(plan).await;
    let outcome = run.drive(sim).await;
    (outcome, run.story().await)
}
