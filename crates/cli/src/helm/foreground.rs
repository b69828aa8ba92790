//! The driver in this process: the same engine and the same steps as an agent's driver, with the journal's own lease.

use std::sync::Arc;

use handover_core::RunId;
use handover_rollout::local::LocalHooks;
use handover_rollout::{Plan, World, program};
use handover_runbook::{Engine, EngineError, Journal as _, LeaseError};
use handover_traffic::SwitchError;

use super::hosted::Hosted;
use crate::exit::Exit;
use crate::report::Failure;
use crate::{flags, migrate, run, views};

/// Carries out the run to its end, or until this driver may no longer act.
///
/// # Errors
///
/// The run cannot be read, or its end could not be reached or recorded. `handover resume` goes on.
pub(super) async fn drive(hosted: &Hosted, run: &RunId) -> Result<(), Failure> {
    let attempted = || format!("could not carry out run {run}");
    let store = run::open_journal(hosted.state_dir()).await?;
    let records = store.read(run, 0).await.map_err(|e| Failure::of(attempted(), Exit::Refused, &e))?;
    let plan = run::plan_of(&records)?;
    let world = World {
        traffic: Arc::clone(&hosted.traffic),
        launcher: Arc::clone(&hosted.launcher),
        windows: hosted.windows.open(hosted.backend, &plan).await?,
        front: Arc::clone(&hosted.front),
        hooks: Arc::new(LocalHooks::new(hosted.state_dir())),
        outlook: views::outlook(&plan, &records, &hosted.mark)?,
        flags: flags::run_flags(&plan, &records),
        migrations: migrate::files_of(&plan),
    };
    listen_again(&world, &plan).await?;
    let holder = format!("driver of {run} (pid {})", std::process::id());
    let lease = Arc::new(store.lease(holder).above(hosted.fence_in_force().await));
    let engine = Engine::new(run::guarded(store.clone()), lease, store);
    match Box::pin(engine.run(run, &program(&plan, &world))).await {
        // Another driver was faster: the run has what it needs.
        Ok(_)
        | Err(EngineError::Unrecorded { .. } | EngineError::Lease { source: LeaseError::Held(_), .. }) => {
            Ok(())
        }
        Err(error) => Err(Failure::of(attempted(), Exit::Unknown, &error)
            .hint("`handover resume` goes on where it stands; `handover abort` takes it back")),
    }
}

/// What counts requests is part of this process: a driver before this one took its windows along. Beginning the same
/// again is nothing, so a run that has not begun them yet loses nothing either.
async fn listen_again(world: &World, plan: &Plan) -> Result<(), Failure> {
    // Who counts may be out of reach just now: the run's own steps say what that means, and the way back needs nobody.
    if let Err(error) = world.windows.begin(&plan.run, plan.slot, plan.judge.max_p95).await {
        tracing::warn!(%error, "requests cannot be counted yet");
    }
    match world.traffic.observe().await {
        Ok(seen) => world.windows.moved(seen.route.split.bps(plan.slot)),
        // What that means is the steps' to say: a first release comes to where nothing had traffic.
        Err(SwitchError::Elsewhere { .. }) => world.windows.moved(0),
        Err(error) => return Err(Failure::of("could not read the split", Exit::Refused, &error)),
    }
    Ok(())
}
