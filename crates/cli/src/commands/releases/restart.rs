use handover_core::{ReleaseId, Slot};
use handover_edge::api::{AgentStatus, InstanceState, RestartRequest};
use serde::Serialize;

use super::VERSION;
use crate::args::Restart;
use crate::commands::by_hand::{ByHand, refuse_run, refused};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run;

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    dry_run: bool,
    release: &'a ReleaseId,
    slot: Slot,
    ready: usize,
    instances: usize,
}

/// Replaces every process of a release, one after the other.
pub(super) async fn run(args: &Restart, context: &Context) -> Result<Exit, Failure> {
    let attempted = format!("could not restart release {}", args.release);
    let reached = run::running_agent(&context.existing_state_dir()?).await?;
    let slot = slot_of(&args.release, &reached.status, &attempted)?;
    refuse_run(&reached.status, &attempted)?;
    refuse_gap(slot, &reached.status, &attempted)?;
    let mut view = reached.status.slots[slot].clone();
    if !args.dry_run {
        let by_hand = ByHand::begin(&reached.client.clone().into(), &attempted).await?;
        let request = RestartRequest { release: args.release.clone(), fence: by_hand.fence() };
        let done = by_hand.during(reached.client.restart_slot(slot, &request)).await;
        by_hand.end().await;
        view = done.map_err(|error| refused(&error, &attempted))?;
    }
    let instances = view.instances.len();
    let ready = view.instances.iter().filter(|instance| instance.state == InstanceState::Ready).count();
    let Restart { release, dry_run } = args;
    let said = if *dry_run {
        format!("would restart {instances} of release {release} in {slot}, one after the other")
    } else {
        format!("restarted release {release} in {slot}: {ready} of {instances} ready")
    };
    let shown = Shown { version: VERSION, dry_run: *dry_run, release, slot, ready, instances };
    context.output.result(said, &shown);
    Ok(Exit::Done)
}

fn slot_of(release: &ReleaseId, status: &AgentStatus, attempted: &str) -> Result<Slot, Failure> {
    let holds = |slot: &Slot| status.slots[*slot].release.as_ref() == Some(release);
    Slot::BOTH.into_iter().find(holds).ok_or_else(|| {
        Failure::new(attempted, Exit::Refused)
            .because(format!("no slot holds release {release}"))
            .hint("`handover status` shows what runs")
    })
}

/// The agent refuses this too; it is said before the lease is taken, and in a dry run.
fn refuse_gap(slot: Slot, status: &AgentStatus, attempted: &str) -> Result<(), Failure> {
    let alone = status.slots[slot].instances.len() == 1;
    if !alone || status.route.route.split.bps(slot) == 0 {
        return Ok(());
    }
    Err(Failure::new(attempted, Exit::Refused)
        .because(format!("{slot} has traffic and a single process: nobody would answer meanwhile"))
        .hint("deploy with `instances = 2` under `[release]`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn a_release_is_found_by_the_slot_it_runs_in() {
        let status = fixtures::idle();
        let found = |id: &str| slot_of(&id.parse().unwrap(), &status, "could not restart release v9");
        assert_eq!(found("v42").unwrap(), Slot::Green);
        insta::assert_snapshot!(found("v9").unwrap_err(), @"
        error: could not restart release v9
          because: no slot holds release v9

        hint: `handover status` shows what runs
        ");
    }
}
