use handover_core::{Slot, Timestamp};
use handover_edge::api::AgentStatus;
use serde::Serialize;

use super::VERSION;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, moment, short_duration};
use crate::report::Failure;
use crate::run;

/// The `--json` form.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    service: &'a str,
    pid: u32,
    since: Timestamp,
    build: &'a str,
    listen: &'a str,
    processes: Vec<Process>,
}

/// A process the agent looks after.
#[derive(Debug, Serialize)]
struct Process {
    what: String,
    pid: Option<u32>,
    port: Option<u16>,
    restarts: u32,
}

/// Shows the agent and the processes it looks after.
pub(super) async fn run(context: &Context) -> Result<Exit, Failure> {
    let reached = run::running_agent(&context.existing_state_dir()?).await?;
    let status = &reached.status;
    let shown = Shown {
        version: VERSION,
        service: status.service.as_str(),
        pid: status.pid,
        since: status.since,
        build: &status.build,
        listen: &status.listen,
        processes: processes(status),
    };
    context.output.result(text(status, Timestamp::now()), &shown);
    Ok(Exit::Done)
}

fn processes(status: &AgentStatus) -> Vec<Process> {
    let mut all = Vec::new();
    for slot in Slot::BOTH {
        let view = &status.slots[slot];
        let release = view.release.as_ref().map_or("-", |id| id.as_str());
        all.extend(view.instances.iter().map(|instance| Process {
            what: format!("{release} in {slot}/{}", instance.index),
            pid: instance.pid,
            port: Some(instance.port),
            restarts: instance.restarts,
        }));
    }
    all.extend(status.run.as_ref().map(|run| Process {
        what: format!("driver of {}", run.request.run),
        pid: run.driver,
        port: None,
        restarts: run.drivers_started.saturating_sub(1),
    }));
    all
}

fn text(status: &AgentStatus, now: Timestamp) -> String {
    let AgentStatus { service, listen, pid, build, since, .. } = status;
    let lasts = short_duration(now.since(*since));
    let head = format!(
        "agent of {service} on {listen}: process {pid}, version {build}, since {} ({lasts})",
        moment(*since)
    );
    let mut table = Table::new(["PROCESS", "PID", "PORT", "LAUNCHED AGAIN"]);
    for Process { what, pid, port, restarts } in processes(status) {
        let number = |number: Option<String>| number.unwrap_or_else(|| "-".into());
        table.row([
            what,
            number(pid.map(|pid| pid.to_string())),
            number(port.map(|port| port.to_string())),
            restarts.to_string(),
        ]);
    }
    format!("{}\n\n{table}", crate::text::one_line(&head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn every_process_is_named() {
        insta::assert_snapshot!(text(&fixtures::status(), fixtures::BEGAN), @"
        agent of shop on 0.0.0.0:8080: process 4711, version 0.1.0, since 2026-11-23 01:12:44Z (0ms)

        PROCESS                         PID  PORT   LAUNCHED AGAIN
        v41 in blue/0                   500  20000  0
        v42 in green/0                  500  20000  0
        v42 in green/1                  501  20001  1
        driver of 20261123-011244-abcd  99   -      1
        ");
    }
}
