//! `handover agent run`: the long-lived process.

use std::path::Path;
use std::time::Duration;

use handover_edge::api::StopAgent;
use handover_edge::{Agent, AgentClient, AgentOptions, CommandPrefix};

use crate::args::AgentRun;
use crate::commands::serving;
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Settings};

/// Runs the agent until it is told to stop. Its releases run on.
pub(super) async fn run(args: &AgentRun, context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let state_dir = context.state_dir(&settings, Access::Write)?;
    if args.detached {
        // Already in a session of its own, where this fails: that is what was wanted.
        let _ = rustix::process::setsid();
    }
    serving::log_to_stderr(false);
    let options = options(&settings, &state_dir)?.with_recover(args.recover);
    let stop = serving::told_to_stop()
        .map_err(|e| Failure::new("could not run the agent", Exit::Refused).because_of(&e))?;
    if let Some(pid) = args.while_lives {
        tokio::spawn(stop_after(pid, AgentClient::in_state_dir(&state_dir)));
    }
    let ended = Agent::run(options, stop).await;
    ended.map(|()| Exit::Done).map_err(|e| Failure::of("could not run the agent", Exit::Refused, &e))
}

/// Stops the agent and its releases once the process has gone.
async fn stop_after(pid: u32, client: AgentClient) {
    while Path::new(&format!("/proc/{pid}")).exists() {
        tokio::time::sleep(LOOK).await;
    }
    // Where the agent is gone as well, there is nothing left to stop.
    let _ = client.stop(&StopAgent { releases: true }).await;
}

/// How often the process is looked for.
const LOOK: Duration = Duration::from_millis(200);

fn options(settings: &Settings, state_dir: &Path) -> Result<AgentOptions, Failure> {
    let program = std::env::current_exe()
        .map_err(|e| Failure::new("could not find the handover binary", Exit::Refused).because_of(&e))?;
    let shim = CommandPrefix::new(&program, ["shim"]);
    let driver = CommandPrefix::new(&program, ["--state-dir", &state_dir.display().to_string(), "driver"]);
    let listen = settings.service.listen().get();
    Ok(AgentOptions::new(settings.service.name.clone(), listen, state_dir, shim)
        .with_driver(driver)
        .with_metrics(settings.agent.metrics.map(settings::Listen::get))
        .with_lease_ttl(settings.agent.lease_ttl.get())
        .with_proxy(serving::proxy(&settings.edge, state_dir)))
}
