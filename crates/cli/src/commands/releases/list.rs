use handover_core::Slot;
use handover_edge::api::{AgentStatus, ReleaseSpec};
use handover_edge::{AgentClient, ReleaseStore};
use serde::Serialize;

use super::VERSION;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, moment, percent_bps};
use crate::report::Failure;

#[derive(Serialize)]
struct Shown {
    version: u32,
    /// Whether an agent said what the slots hold.
    agent: bool,
    releases: Vec<Kept>,
}

#[derive(Debug, Serialize)]
struct Kept {
    slot: Option<Slot>,
    share_bps: Option<u16>,
    stable: bool,
    spec: ReleaseSpec,
}

/// Lists the frozen releases, the newest first.
pub(super) async fn run(context: &Context) -> Result<Exit, Failure> {
    let state_dir = context.existing_state_dir()?;
    let specs = ReleaseStore::new(&state_dir).list();
    let specs = specs.map_err(|error| Failure::of("could not list the releases", Exit::Refused, &error))?;
    let status = AgentClient::in_state_dir(&state_dir).status().await.ok();
    let releases: Vec<Kept> = specs.into_iter().map(|spec| Kept::of(spec, status.as_ref())).collect();
    let text = if releases.is_empty() { "no release yet".to_owned() } else { table(&releases).to_string() };
    if status.is_none() {
        context.output.note("no agent answers, so it is not known which of them are in a slot");
    }
    context.output.result(text, &Shown { version: VERSION, agent: status.is_some(), releases });
    Ok(Exit::Done)
}

impl Kept {
    fn of(spec: ReleaseSpec, status: Option<&AgentStatus>) -> Self {
        let holds = |status: &&AgentStatus, slot: Slot| status.slots[slot].release.as_ref() == Some(&spec.id);
        let slot = status.and_then(|status| Slot::BOTH.into_iter().find(|&slot| holds(&status, slot)));
        let share_bps = status.zip(slot).map(|(status, slot)| status.route.route.split.bps(slot));
        let stable = status.and_then(|status| status.stable.as_ref()).is_some_and(|(_, id)| *id == spec.id);
        Self { slot, share_bps, stable, spec }
    }

    fn place(&self) -> String {
        let Some((slot, share)) = self.slot.zip(self.share_bps) else { return "-".into() };
        let stable = if self.stable { ", stable" } else { "" };
        format!("{slot} {}{stable}", percent_bps(share))
    }
}

fn table(releases: &[Kept]) -> Table {
    let mut table = Table::new(["RELEASE", "FROZEN", "IN", "INSTANCES", "COMMAND"]);
    for kept in releases {
        let in_place = if kept.spec.in_place.is_some() { " (in place)" } else { "" };
        table.row([
            format!("{}{in_place}", kept.spec.id),
            moment(kept.spec.frozen_at),
            kept.place(),
            kept.spec.instances.to_string(),
            kept.spec.command.clone(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn releases_are_listed_with_the_slot_they_run_in() {
        let status = fixtures::status();
        let kept = |id: &str| Kept::of(fixtures::spec(id), Some(&status));
        insta::assert_snapshot!(table(&[kept("v42"), kept("v41"), kept("v40")]), @"
        RELEASE  FROZEN                IN                 INSTANCES  COMMAND
        v42      2026-11-23 01:12:44Z  green 10 %         2          ./server --port $PORT
        v41      2026-11-23 01:12:44Z  blue 90 %, stable  2          ./server --port $PORT
        v40      2026-11-23 01:12:44Z  -                  2          ./server --port $PORT
        ");
        assert_eq!(Kept::of(fixtures::spec("v42"), None).place(), "-");
    }
}
