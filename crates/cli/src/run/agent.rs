//! Reaches the service's agent, and starts one where none runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use handover_edge::api::AgentStatus;
use handover_edge::{AgentClient, ClientError};
use tokio::time::{Instant, sleep};

use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::Settings;

/// How long an agent may take until it answers. It re-attaches to releases first.
const START_LIMIT: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

/// How many of an agent's last lines are shown when it does not start.
const LOG_LINES: usize = 10;

/// An agent that answers.
#[derive(Debug)]
pub(crate) struct Reached {
    /// Talks to it.
    pub(crate) client: AgentClient,
    /// What it said first.
    pub(crate) status: AgentStatus,
    /// Whether it was started for this.
    pub(crate) started: bool,
}

/// The running agent, or one started in the background, in a session of its own.
///
/// # Errors
///
/// The agent does not start (with its last lines), or it serves something else than the settings say.
pub(crate) async fn ensure_agent(settings: &Settings, state_dir: &Path) -> Result<Reached, Failure> {
    let client = AgentClient::in_state_dir(state_dir);
    let (status, started) = match client.status().await {
        Ok(status) => (status, false),
        Err(ClientError::Unreachable { .. }) => (start(settings, state_dir, &client).await?, true),
        Err(error) => return Err(Failure::of("could not reach the agent", Exit::Refused, &error)),
    };
    matches(settings, &status)?;
    Ok(Reached { client, status, started })
}

/// The running agent.
///
/// # Errors
///
/// None runs, or it does not answer.
pub(crate) async fn running_agent(state_dir: &Path) -> Result<Reached, Failure> {
    let client = AgentClient::in_state_dir(state_dir);
    match client.status().await {
        Ok(status) => Ok(Reached { client, status, started: false }),
        Err(error) => Err(Failure::of("could not reach the agent", Exit::Refused, &error)),
    }
}

/// A deployment must not move the traffic of another address than the settings name.
fn matches(settings: &Settings, status: &AgentStatus) -> Result<(), Failure> {
    let wanted = settings.service.listen.to_string();
    if status.listen == wanted {
        return Ok(());
    }
    Err(Failure::new("could not use the running agent", Exit::Refused)
        .because(format!("it listens on {}, but handover.toml says {wanted}", status.listen))
        .hint("`handover agent stop`, then deploy again: releases keep running and the new agent takes them over"))
}

async fn start(settings: &Settings, state_dir: &Path, client: &AgentClient) -> Result<AgentStatus, Failure> {
    let log = state_dir.join("agent.log");
    let mut child = spawn(settings, state_dir, &log)
        .map_err(|e| Failure::new("could not start the agent", Exit::Refused).because_of(&e))?;
    let deadline = Instant::now() + START_LIMIT;
    loop {
        if let Ok(status) = client.status().await {
            return Ok(status);
        }
        let exited = child.try_wait().ok().flatten();
        if let Some(status) = exited {
            return Err(not_started(&format!("it ended with {status}"), &log));
        }
        if Instant::now() > deadline {
            return Err(not_started(&format!("it did not answer within {START_LIMIT:?}"), &log));
        }
        sleep(POLL).await;
    }
}

fn spawn(settings: &Settings, state_dir: &Path, log: &Path) -> std::io::Result<Child> {
    let out = fs::OpenOptions::new().create(true).append(true).open(log)?;
    let err = out.try_clone()?;
    Command::new(std::env::current_exe()?)
        .arg("--config")
        .arg(&settings.file)
        .arg("--state-dir")
        .arg(state_dir)
        .args(["agent", "run", "--detached"])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
}

fn not_started(because: &str, log: &PathBuf) -> Failure {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let last = lines[lines.len().saturating_sub(LOG_LINES)..].to_vec();
    Failure::new("could not start the agent", Exit::Refused)
        .because(because)
        .log(last)
        .hint(format!("`handover agent run` shows what it says; its log is {}", log.display()))
}
