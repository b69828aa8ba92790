//! `handover agent run`: the long-lived process.

use std::path::Path;
use std::time::Duration;

use handover_edge::api::StopAgent;
use handover_edge::proxy::{AccessLogOptions, ProxyOptions, Sticky};
use handover_edge::{Agent, AgentClient, AgentOptions, CommandPrefix};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::args::AgentRun;
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
    log_to_stderr();
    let options = options(&settings, &state_dir)?.with_recover(args.recover);
    let stop =
        told_to_stop().map_err(|e| Failure::new("could not run the agent", Exit::Refused).because_of(&e))?;
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
        .with_proxy(proxy(&settings.edge, state_dir)))
}

fn proxy(edge: &settings::Edge, state_dir: &Path) -> ProxyOptions {
    let mut options = ProxyOptions::default()
        .with_sticky(sticky(&edge.sticky))
        .with_release_header(edge.release_header)
        .with_trust_forwarded(edge.trust_forwarded)
        .with_access_log(edge.access_log.then(|| AccessLogOptions::new(state_dir.join("access.log"))));
    options.limits.body_bytes = edge.body_limit.map(settings::Size::bytes);
    options.timeouts.connect = edge.connect_timeout.get();
    options.timeouts.response_header = edge.response_timeout.get();
    options.timeouts.body_idle = edge.body_timeout.get();
    options.timeouts.client_idle = edge.idle_timeout.get();
    options
}

fn sticky(sticky: &settings::Sticky) -> Sticky {
    match sticky {
        settings::Sticky::None => Sticky::None,
        settings::Sticky::Cookie => Sticky::Cookie { name: "handover".into() },
        settings::Sticky::Header(name) => Sticky::Header { name: name.to_string() },
    }
}

/// `HANDOVER_LOG` chooses what is said, as `RUST_LOG` does elsewhere; by default what an operator wants to know.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("HANDOVER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process is refused; the first one serves.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}

/// Ready once the process is told to stop. The handlers stand before this returns.
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt): (Signal, Signal) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
