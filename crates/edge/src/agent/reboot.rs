//! What follows from a restart of the machine: every process is gone, whatever the state says.
//!
//! Only stable is launched again. A run in progress counts as rolled back: nobody can tell what its candidate did
//! when the machine went down, so its driver ends it on that note.

use handover_core::{OpId, Slot};

use super::Core;
use crate::process::boot_id;
use crate::state::{AgentState, StateError, StoredRun};

/// Brings the state in line with this boot, if it is another one than the state's.
pub(super) async fn take_up(core: &Core) -> Result<(), StateError> {
    let boot = boot_id();
    let state = core.state.get();
    if state.boot == boot {
        return Ok(());
    }
    tracing::warn!("the machine was restarted: only the stable release is launched again");
    let back = stable_slot(&state);
    if let (Some(run), Some(stable)) = (unguarded(&state), back) {
        core.guard.take_back_for(run, stable, "the machine was restarted during the run".to_owned()).await;
    } else if let Some(stable) = back.filter(|slot| core.proxy.route().split.sole() != Some(*slot)) {
        // The other slot is empty now: its share would get no answer.
        core.switcher.panic_to(stable, OpId::new(format!("boot/{boot}"))).await;
    }
    let forget = move |state: &mut AgentState| {
        forget_processes(state, boot);
        Ok(())
    };
    core.state.change(forget).await
}

fn stable_slot(state: &AgentState) -> Option<Slot> {
    let settled = state.stable.as_ref().map(|(slot, _)| *slot);
    settled.or(state.run.as_ref().and_then(|run| run.request.stable))
}

fn unguarded(state: &AgentState) -> Option<&StoredRun> {
    state.run.as_ref().filter(|run| run.guard.is_none())
}

fn forget_processes(state: &mut AgentState, boot: String) {
    let stable = stable_slot(state);
    for slot in Slot::BOTH {
        if Some(slot) != stable {
            state.slots[slot] = None;
        }
    }
    state.lease = None;
    state.boot = boot;
}
