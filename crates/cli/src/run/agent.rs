//! Reaches the service's agent, and starts one where none runs.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use handover_edge::api::AgentStatus;
use handover_edge::{AgentClient, ClientError};
use tokio::time::{Instant, sleep};

use crate::exit::Exit;
use crate::helm::Helm;
use crate::output::Output;
use crate::report::Failure;
use crate::settings::Settings;

/// How long an agent may take until it answers. It re-attaches to releases first.
const START_LIMIT: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

const ATTEMPTED: &str = "could not start the agent";

/// How the error of an agent that cannot run begins.
const OWN_ERROR: &str = "error: could not run the agent\n";

/// How many of an agent's last lines are shown when it does not start.
const LOG_LINES: usize = 10;

/// An agent that answers.
#[derive(Debug)]
pub(crate) struct Reached<C = Helm> {
    /// Talks to it, or to the backend where there is none.
    pub(crate) client: C,
    /// What it said first.
    pub(crate) status: AgentStatus,
}

/// The running agent, or one started in the background, in a session of its own.
///
/// # Errors
///
/// The agent does not start (with its last lines), or it serves something else than the settings say.
pub(crate) async fn ensure_agent(
    settings: &Settings,
    state_dir: &Path,
    output: Output,
) -> Result<Reached, Failure> {
    let helm = Helm::of(settings, state_dir).await?;
    let Helm::Agent(client) = &helm else {
        return at_the_helm(helm).await;
    };
    let (status, started) = match client.status().await {
        Ok(status) => (status, false),
        Err(ClientError::Unreachable { .. }) => (start(settings, state_dir, client, &[]).await?, true),
        Err(error) => return Err(Failure::of("could not reach the agent", Exit::Refused, &error)),
    };
    if started {
        output.note(format!(
            "started the agent (process {}); `handover agent install` makes it start with the machine",
            status.pid
        ));
    }
    matches(settings, &status)?;
    Ok(Reached { client: helm, status })
}

/// Starts an agent that stops, with its releases, when this process has gone: also after a `kill -9`.
///
/// # Errors
///
/// The agent does not start (with its last lines).
pub(crate) async fn start_own_agent(settings: &Settings, state_dir: &Path) -> Result<(), Failure> {
    let client = AgentClient::in_state_dir(state_dir);
    let own = ["--while".to_owned(), std::process::id().to_string()];
    start(settings, state_dir, &client, &own).await.map(drop)
}

/// The running agent; there is none for a backend other than the edge.
///
/// # Errors
///
/// None runs, or it does not answer.
pub(crate) async fn running_agent(state_dir: &Path) -> Result<Reached<AgentClient>, Failure> {
    let client = AgentClient::in_state_dir(state_dir);
    match client.status().await {
        Ok(status) => Ok(Reached { client, status }),
        Err(error) => Err(Failure::of("could not reach the agent", Exit::Refused, &error)),
    }
}

/// Who is at the helm, asked how things stand.
///
/// # Errors
///
/// Neither an agent nor the backend answers.
pub(crate) async fn at_the_helm(helm: Helm) -> Result<Reached, Failure> {
    let attempted = match &helm {
        Helm::Agent(_) => "could not reach the agent",
        Helm::Here(_) => "could not see how things stand",
    };
    match helm.status().await {
        Ok(status) => Ok(Reached { client: helm, status }),
        Err(error) => Err(Failure::of(attempted, Exit::Refused, &error)),
    }
}

/// A deployment must not move the traffic of another address than the settings name.
fn matches(settings: &Settings, status: &AgentStatus) -> Result<(), Failure> {
    let wanted = settings.service.listen().to_string();
    if status.listen == wanted {
        return Ok(());
    }
    Err(Failure::new("could not use the running agent", Exit::Refused)
        .because(format!("it listens on {}, but handover.toml says {wanted}", status.listen))
        .hint("`handover agent stop`, then deploy again: releases keep running and the new agent takes them over"))
}

async fn start(
    settings: &Settings,
    state_dir: &Path,
    client: &AgentClient,
    more: &[String],
) -> Result<AgentStatus, Failure> {
    let log = state_dir.join("agent.log");
    let before = fs::metadata(&log).map_or(0, |log| log.len());
    let mut child = spawn(settings, state_dir, &log, more)
        .map_err(|e| Failure::new(ATTEMPTED, Exit::Refused).because_of(&e))?;
    let not_started = |because: String| not_started(&because, &written_since(&log, before), &log);
    let deadline = Instant::now() + START_LIMIT;
    loop {
        if let Ok(status) = client.status().await {
            return Ok(status);
        }
        let exited = child.try_wait().ok().flatten();
        if let Some(status) = exited {
            return Err(not_started(format!("it ended with {status}")));
        }
        if Instant::now() > deadline {
            return Err(not_started(format!("it did not answer within {START_LIMIT:?}")));
        }
        sleep(POLL).await;
    }
}

fn spawn(settings: &Settings, state_dir: &Path, log: &Path, more: &[String]) -> std::io::Result<Child> {
    let out = fs::OpenOptions::new().create(true).append(true).open(log)?;
    let err = out.try_clone()?;
    Command::new(std::env::current_exe()?)
        .arg("--config")
        .arg(&settings.file)
        .arg("--state-dir")
        .arg(state_dir)
        .args(["agent", "run", "--detached"])
        .args(more)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
}

/// What the log says beyond its first `before` bytes: nothing of an earlier agent.
fn written_since(log: &Path, before: u64) -> String {
    let all = fs::read(log).unwrap_or_default();
    let new = usize::try_from(before).ok().and_then(|before| all.get(before..)).unwrap_or_default();
    String::from_utf8_lossy(new).into_owned()
}

/// In the agent's own words where it gave an error, else with the last that it logged.
fn not_started(because: &str, said: &str, log: &Path) -> Failure {
    let failure = Failure::new(ATTEMPTED, Exit::Refused);
    if let Some((_, error)) = said.rsplit_once(OWN_ERROR) {
        let causes = error.lines().filter_map(|line| line.strip_prefix("  because: "));
        let failure = causes.fold(failure, Failure::because);
        return error
            .lines()
            .find_map(|line| line.strip_prefix("hint: "))
            .into_iter()
            .fold(failure, Failure::hint);
    }
    let lines: Vec<_> = said.lines().collect();
    failure
        .because(because)
        .log(lines[lines.len().saturating_sub(LOG_LINES)..].iter().copied())
        .hint(format!("`handover agent run` shows what it says; its log is {}", log.display()))
}
