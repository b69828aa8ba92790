use std::time::Duration;

use handover_core::Slot;
use handover_edge::api::{AgentStatus, StopAgent};
use handover_edge::{AgentClient, ClientError};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::VERSION;
use super::install::installed;
use crate::args::AgentStop;
use crate::commands::by_hand::refused;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::short_duration;
use crate::report::Failure;
use crate::run;

const ATTEMPTED: &str = "could not stop the agent";
const POLL: Duration = Duration::from_millis(50);

/// Beyond the grace that requests and processes have by default.
const LIMIT: Duration = Duration::from_secs(90);

#[derive(Serialize)]
struct Shown {
    version: u32,
    dry_run: bool,
    pid: u32,
    releases: bool,
}

/// Stops the agent, and waits until it is gone.
pub(super) async fn run(args: &AgentStop, context: &Context) -> Result<Exit, Failure> {
    let reached = run::running_agent(&context.existing_state_dir()?).await?;
    let (client, status) = (&reached.client, &reached.status);
    if let Some(note) = warning(args.releases, status) {
        context.output.note(note);
    }
    if !args.dry_run {
        let asked = client.stop(&StopAgent { releases: args.releases }).await;
        asked.map_err(|error| refused(&error, ATTEMPTED))?;
        gone(client, status).await?;
    }
    let shown = Shown { version: VERSION, dry_run: args.dry_run, pid: status.pid, releases: args.releases };
    context.output.result(said(args, status), &shown);
    Ok(Exit::Done)
}

/// What the operator may not have meant.
fn warning(releases: bool, status: &AgentStatus) -> Option<String> {
    if let Some(run) = &status.run {
        return Some(format!(
            "warning: run {} is going on; it waits until an agent runs again",
            run.request.run
        ));
    }
    let unit = installed(&status.service);
    if let Some(unit) = unit {
        let name = unit.file_name().unwrap_or_default().display().to_string();
        return Some(format!("warning: systemd starts it again; `systemctl stop {name}` stops it for good"));
    }
    releases.then(|| "warning: nothing answers users until an agent runs again".into())
}

fn said(args: &AgentStop, status: &AgentStatus) -> String {
    let begin = if args.dry_run { "would stop" } else { "stopped" };
    let names: Vec<_> = Slot::BOTH
        .into_iter()
        .filter_map(|slot| status.slots[slot].release.as_ref().map(ToString::to_string))
        .collect();
    let releases = match (names.as_slice(), args.releases) {
        ([], _) => "no release runs".to_owned(),
        (names, true) => format!("and {}", names.join(" and ")),
        ([name], false) => format!("{name} runs on, but nobody passes requests to it"),
        (names, false) => format!("{} run on, but nobody passes requests to them", names.join(" and ")),
    };
    let between = if args.releases && !names.is_empty() { " " } else { "; " };
    format!("{begin} the agent (process {}){between}{releases}", status.pid)
}

/// Waits until nobody answers any more, or another agent does.
async fn gone(client: &AgentClient, status: &AgentStatus) -> Result<(), Failure> {
    let deadline = Instant::now() + LIMIT;
    while Instant::now() < deadline {
        match client.status().await {
            Err(ClientError::Unreachable { .. }) => return Ok(()),
            Ok(now) if now.pid != status.pid => return Ok(()),
            _ => sleep(POLL).await,
        }
    }
    Err(Failure::new(ATTEMPTED, Exit::Unknown)
        .because(format!("process {} still answers after {}", status.pid, short_duration(LIMIT)))
        .hint("`handover agent status` shows what it looks after"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn what_is_stopped_and_what_runs_on_is_said() {
        let args = |releases, dry_run| AgentStop { releases, dry_run };
        let status = fixtures::idle();
        insta::assert_snapshot!(said(&args(false, false), &status), @"stopped the agent (process 4711); v41 and v42 run on, but nobody passes requests to them");
        insta::assert_snapshot!(said(&args(true, true), &status), @"would stop the agent (process 4711) and v41 and v42");
        insta::assert_snapshot!(warning(false, &fixtures::status()).unwrap(), @"warning: run 20261123-011244-abcd is going on; it waits until an agent runs again");
        assert!(warning(true, &status).is_some() && warning(false, &status).is_none());
    }
}
