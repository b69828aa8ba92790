//! A picture in words and a table.

use std::fmt;
use std::time::Duration;

use handover_core::{Slot, Timestamp};
use handover_edge::api::{InstanceState, InstanceView, LeaseView};
use handover_rollout::{Outcome, ViewLine};

use super::picture::{Live, Picture, RunPicture, SlotPicture};
use crate::follow::{Stand, Waiting};
use crate::output::{Table, count, moment, percent_bps, percent_of, seconds, short_duration};
use crate::text::one_line;

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.service.as_deref().unwrap_or("-");
        match &self.live {
            None => {
                fact(f, "service", service)?;
                fact(f, "agent", "none runs")?;
                write!(f, "{:<9}{}", "last run", self.run_line())
            }
            Some(live) => {
                fact(f, "service", &format!("{service} on {}", live.listen))?;
                self.facts(live, f)?;
                write!(f, "\n{}", table(live))?;
                Slot::BOTH.into_iter().try_for_each(|slot| troubles(slot, &live.slots[slot], f))
            }
        }
    }
}

impl Picture {
    fn facts(&self, live: &Live, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(backend) = live.backend {
            fact(f, "backend", backend)?;
        }
        if let Some(agent) = &live.agent {
            let since = format!("{} ({})", moment(agent.since), short_duration(self.at.since(agent.since)));
            fact(f, "agent", &format!("process {}, version {}, since {since}", agent.pid, agent.build))?;
        }
        fact(f, "traffic", &traffic(live, self.at))?;
        let stable = live.stable.as_ref().map(|stable| format!("{} in {}", stable.release, stable.slot));
        fact(f, "stable", &stable.unwrap_or_else(|| "none yet".into()))?;
        fact(f, "lease", &live.lease.as_ref().map_or_else(|| "free".into(), lease))?;
        fact(f, if live.active.is_some() { "run" } else { "last run" }, &self.run_line())?;
        for view in self.run.iter().flat_map(|run| &run.views) {
            fact(f, "view", &view_line(view, self.at))?;
        }
        for (flag, fate) in self.run.iter().flat_map(|run| &run.flags) {
            fact(f, "flag", &fate.told(flag))?;
        }
        let migrations = self.run.iter().filter_map(|run| run.migrations.as_ref());
        for acceptance in migrations.flat_map(|check| &check.accepted) {
            fact(f, "accepted", &format!("{}: {}", moment(acceptance.at), acceptance.told()))?;
        }
        for warning in self.run.iter().flat_map(|run| &run.warnings) {
            fact(f, "warning", warning)?;
        }
        if let Some(active) = &live.active {
            let driver =
                active.driver.map_or_else(|| "none at the moment".into(), |pid| format!("process {pid}"));
            let again = match active.drivers_started {
                0 | 1 => String::new(),
                times => format!(", started {times} times"),
            };
            fact(f, "driver", &format!("{driver}{again}"))?;
        }
        if let Some(note) = &live.last_guard {
            let what =
                format!("{}: took the traffic back from run {}: {}", moment(note.at), note.run, note.why);
            fact(f, "guard", &what)?;
        }
        Ok(())
    }

    /// The run as the journal tells it; where it knows nothing, what the agent remembers.
    fn run_line(&self) -> String {
        let remembered = || {
            let live = self.live.as_ref()?;
            let active = live.active.as_ref().map(|active| format!("{}, not in the journal", active.run));
            active.or_else(|| live.last_end.as_ref().map(|end| format!("{}: {}", end.run, end.ending)))
        };
        match &self.run {
            Some(run) => run_line(run, self.is_driven(run)),
            None => remembered().unwrap_or_else(|| "none yet".into()),
        }
    }
}

impl Picture {
    /// Whether an agent looks after the run, or where there is none, a driver lives.
    fn is_driven(&self, run: &RunPicture) -> bool {
        let Some(live) = &self.live else { return false };
        let cared_for = |driver: Option<u32>| live.agent.is_some() || driver.is_some();
        live.active.as_ref().is_some_and(|active| active.run == run.run && cared_for(active.driver))
    }
}

fn fact(f: &mut fmt::Formatter<'_>, name: &str, what: &str) -> fmt::Result {
    writeln!(f, "{name:<9}{}", one_line(what))
}

fn traffic(live: &Live, now: Timestamp) -> String {
    let shares =
        format!("blue {}, green {}", percent_bps(live.route.blue_bps), percent_bps(live.route.green_bps));
    match live.route.hold_until {
        Some(until) => format!("{shares}; held: requests wait for {} more", short_duration(until.since(now))),
        None if live.drifted => format!("{shares}; somebody else has moved it"),
        None => shares,
    }
}

/// A lease in one line.
pub(in crate::commands) fn lease(lease: &LeaseView) -> String {
    let LeaseView { holder, pid, fence, since, left_ms, .. } = lease;
    let left = short_duration(Duration::from_millis(*left_ms));
    // Most holders name their process themselves.
    let process = if holder.contains(&pid.to_string()) { String::new() } else { format!(" (pid {pid})") };
    format!("{holder}{process} since {}, fence {fence}, {left} left", moment(*since))
}

/// How a view saw the service, with what it met.
fn view_line(view: &ViewLine, now: Timestamp) -> String {
    let class = view.class.map(|class| format!(" ({class})")).unwrap_or_default();
    let since =
        view.since.map(|since| format!(" for {}", short_duration(now.since(since)))).unwrap_or_default();
    let counts = if view.counts { "" } else { ", does not count: it was not up before the switch" };
    format!("{} {}{class}{since}{counts}", view.name, view.standing.as_str())
}

fn run_line(run: &RunPicture, driven: bool) -> String {
    let release = run
        .release
        .as_ref()
        .map_or_else(|| "a plan that cannot be read".into(), |id| format!("release {id}"));
    match (&run.stand, run.outcome) {
        (Some(stand), _) if driven => format!("{}, {release}: {}", run.run, step(stand)),
        (Some(stand), _) => format!(
            "{}, {release}: stopped at {}, nobody drives it; `handover resume` goes on",
            run.run, stand.step
        ),
        (None, Outcome::Unfinished) => format!("{}, {release}: not finished", run.run),
        (None, outcome) => format!("{}, {release}: {} at {}", run.run, outcome.as_str(), moment(run.last)),
    }
}

fn step(stand: &Stand) -> String {
    let back = if stand.going_back { "going back, " } else { "" };
    let waits = match (&stand.waiting, stand.gate_in()) {
        (Waiting::Paused, _) => ", paused: `handover resume` goes on".into(),
        (Waiting::Person { question }, _) => format!(", waits for a person: {question}"),
        (Waiting::Nothing, Some(left)) if left.is_zero() => ", may go on when the counts suffice".into(),
        (Waiting::Nothing, Some(left)) => format!(", next gate in {}", short_duration(left)),
        (Waiting::Nothing, None) => String::new(),
    };
    format!("{back}{}{waits}", stand.step)
}

fn table(live: &Live) -> Table {
    let mut table = Table::new([
        "SLOT",
        "RELEASE",
        "SHARE",
        "READY",
        "REQUESTS",
        "ERRORS",
        "P95",
        "IN FLIGHT",
        "KEPT UNTIL",
    ]);
    for slot in Slot::BOTH {
        let SlotPicture { release, share_bps, ready, instances, recent, in_flight, retained_until, .. } =
            &live.slots[slot];
        let none = || "-".to_owned();
        table.row([
            slot.to_string(),
            release.as_ref().map_or_else(none, ToString::to_string),
            percent_bps(*share_bps),
            if instances.is_empty() { none() } else { format!("{ready}/{}", instances.len()) },
            // Where there is no agent only the driver counts, in its own process.
            if live.agent.is_none() && recent.n == 0 { none() } else { count(recent.n) },
            errors(recent.errors, recent.n),
            recent.p95.map_or_else(none, seconds),
            in_flight.map_or_else(none, |now| count(now.total())),
            retained_until.map_or_else(none, moment),
        ]);
    }
    table
}

fn errors(errors: u64, n: u64) -> String {
    match errors {
        0 => "0".into(),
        errors => format!("{} ({})", count(errors), percent_of(errors, n)),
    }
}

fn troubles(slot: Slot, picture: &SlotPicture, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let Some(failure) = &picture.failure {
        write!(f, "\n{slot}: the launch failed: {}", one_line(&failure.cause))?;
        failure.log_tail.iter().try_for_each(|line| write!(f, "\n      log: {}", one_line(line)))?;
    }
    let troubled = picture.instances.iter().filter_map(|instance| Some((instance, trouble(instance)?)));
    for (instance, trouble) in troubled {
        write!(f, "\n{slot}/{}: {}", instance.index, one_line(&trouble))?;
    }
    Ok(())
}

/// What keeps an instance from its work, if anything does.
fn trouble(instance: &InstanceView) -> Option<String> {
    let because = instance.trouble.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let restarts = match instance.restarts {
        0 => String::new(),
        1 => " (launched again once)".into(),
        times => format!(" (launched again {times} times)"),
    };
    let state = match &instance.state {
        InstanceState::Ready if instance.restarts == 0 => return None,
        InstanceState::Ready => "ready".to_owned(),
        InstanceState::Starting => "starting".to_owned(),
        InstanceState::Unready => "not ready".to_owned(),
        InstanceState::Stopping => "stopping".to_owned(),
        InstanceState::Exited { code, signal, again_in_ms } => exited(*code, *signal, *again_in_ms),
    };
    Some(format!("{state}{restarts}{because}"))
}

fn exited(code: Option<i32>, signal: Option<i32>, again_in_ms: Option<u64>) -> String {
    let how = match (code, signal) {
        (Some(code), _) => format!("exited with code {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => "gone".into(),
    };
    match again_in_ms {
        Some(left) => format!("{how}, launched again in {}", short_duration(Duration::from_millis(left))),
        None => how,
    }
}
