use handover_core::{ReleaseId, Slot};
use handover_edge::ReleaseStore;
use handover_edge::api::AgentStatus;
use serde::Serialize;

use super::VERSION;
use crate::args::Prune;
use crate::commands::by_hand::refuse_run;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run;

const ATTEMPTED: &str = "could not remove old releases";

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    dry_run: bool,
    removed: &'a [ReleaseId],
}

/// Removes old releases, never one that a slot holds.
///
/// Only the agent knows what the slots hold, and a run may be about to launch any release: without an agent, and while
/// a run goes on, nothing is removed.
pub(super) async fn run(args: &Prune, context: &Context) -> Result<Exit, Failure> {
    let state_dir = context.existing_state_dir()?;
    let status = run::running_agent(&state_dir).await?.status;
    refuse_run(&status, ATTEMPTED)?;
    let (store, in_slots) = (ReleaseStore::new(&state_dir), in_slots(&status));
    let keep = args.keep.get();
    let removed = if args.dry_run {
        store.list().map(|all| superfluous(all.into_iter().map(|spec| spec.id), keep, &in_slots))
    } else {
        store.prune(keep, &in_slots)
    };
    let removed = removed.map_err(|error| Failure::of(ATTEMPTED, Exit::Refused, &error))?;
    let shown = Shown { version: VERSION, dry_run: args.dry_run, removed: &removed };
    context.output.result(said(&removed, args.dry_run), &shown);
    Ok(Exit::Done)
}

/// What the slots hold, and what would be gone back to.
fn in_slots(status: &AgentStatus) -> Vec<ReleaseId> {
    let held = Slot::BOTH.into_iter().filter_map(|slot| status.slots[slot].release.clone());
    held.chain(status.stable.clone().map(|(_, release)| release)).collect()
}

/// The same choice as [`ReleaseStore::prune`] makes.
fn superfluous(all: impl Iterator<Item = ReleaseId>, keep: usize, in_slots: &[ReleaseId]) -> Vec<ReleaseId> {
    all.skip(keep).filter(|id| !in_slots.contains(id)).collect()
}

fn said(removed: &[ReleaseId], dry_run: bool) -> String {
    let names: Vec<_> = removed.iter().map(ReleaseId::as_str).collect();
    match (names.join(", "), dry_run) {
        (none, _) if none.is_empty() => "nothing to remove".into(),
        (names, true) => format!("would remove {names}"),
        (names, false) => format!("removed {names}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn a_dry_run_names_exactly_what_is_removed_then() {
        let dir = tempfile::tempdir().unwrap();
        let (state, files) = (dir.path().join("state"), dir.path().join("files"));
        std::fs::create_dir(&files).unwrap();
        let store = ReleaseStore::new(&state);
        for id in ["v40", "v41", "v42", "v43"] {
            store
                .freeze(&handover_edge::ArtifactSource::Directory(files.clone()), fixtures::spec(id))
                .unwrap();
        }
        let in_slots = in_slots(&fixtures::idle());
        let all = store.list().unwrap().into_iter().map(|spec| spec.id);
        let would = superfluous(all, 1, &in_slots);
        assert_eq!(store.prune(1, &in_slots).unwrap(), would);
        assert!(!would.iter().any(|id| ["v41", "v42"].contains(&id.as_str())), "{would:?}");
    }

    #[test]
    fn what_was_removed_is_named() {
        let removed = ["v43".parse().unwrap(), "v40".parse().unwrap()];
        assert_eq!(said(&removed, false), "removed v43, v40");
        assert_eq!(said(&removed, true), "would remove v43, v40");
        assert_eq!(said(&[], true), "nothing to remove");
    }
}
