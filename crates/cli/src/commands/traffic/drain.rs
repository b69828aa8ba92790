//! `handover traffic drain`: waits until a slot without traffic has finished what it began.

use std::time::Duration;

use handover_core::Slot;
use handover_edge::api::AgentStatus;
use handover_traffic::{Drained, Split};
use serde::Serialize;

use super::show::VERSION;
use crate::args::Drain;
use crate::commands::by_hand::{refuse_run, refused};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{count, percent_bps, short_duration};
use crate::report::Failure;
use crate::run;

const ATTEMPTED: &str = "could not drain a slot";

#[derive(Serialize)]
struct Shown {
    version: u32,
    slot: Slot,
    dry_run: bool,
    result: Option<Ended>,
}

/// How the wait ended, with times in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "drained")]
enum Ended {
    Clean { waited_ms: u128 },
    Assumed { waited_ms: u128 },
    TimedOut { requests: u64, streams: u64, upgrades: u64 },
}

impl From<Drained> for Ended {
    fn from(drained: Drained) -> Self {
        match drained {
            Drained::Clean { waited } => Self::Clean { waited_ms: waited.as_millis() },
            Drained::Assumed { waited } => Self::Assumed { waited_ms: waited.as_millis() },
            Drained::TimedOut { requests, streams, upgrades } => {
                Self::TimedOut { requests, streams, upgrades }
            }
        }
    }
}

/// Waits, at most for the limit.
pub(super) async fn run(args: &Drain, context: &Context) -> Result<Exit, Failure> {
    let reached = run::at_the_helm(context.helm().await?).await?;
    let slot = choose(args.slot, &reached.status)?;
    refuse_run(&reached.status, ATTEMPTED)?;
    if args.dry_run {
        context.output.result(would(slot, args.limit, &reached.status), &shown(slot, None));
        return Ok(Exit::Done);
    }
    let drained = reached.client.drain(slot, args.limit).await;
    let drained = drained.map_err(|error| refused(&error, ATTEMPTED))?;
    match left(slot, drained, args.limit) {
        Some(failure) if context.output.json => {
            context.output.object(&shown(slot, Some(drained)));
            Ok(failure.exit())
        }
        Some(failure) => Err(failure),
        None => {
            context.output.result(said(slot, drained), &shown(slot, Some(drained)));
            Ok(Exit::Done)
        }
    }
}

fn shown(slot: Slot, result: Option<Drained>) -> Shown {
    Shown { version: VERSION, slot, dry_run: result.is_none(), result: result.map(Ended::from) }
}

/// The named slot, else the one that gets nothing.
fn choose(named: Option<Slot>, status: &AgentStatus) -> Result<Slot, Failure> {
    let split = status.route.route.split;
    let Some(slot) = named.or_else(|| split.sole().map(Slot::other)) else {
        return Err(Failure::new(ATTEMPTED, Exit::Refused)
            .because(format!("both have traffic: {split}"))
            .hint("`handover traffic shift --stable` first"));
    };
    match split.bps(slot) {
        0 => Ok(slot),
        share => {
            let other =
                if share == Split::WHOLE { "it is the one that serves" } else { "move its share first" };
            Err(Failure::new(ATTEMPTED, Exit::Refused)
                .because(format!("{slot} has {} of the traffic; {other}", percent_bps(share)))
                .hint("`handover traffic show` shows where requests go"))
        }
    }
}

fn would(slot: Slot, limit: Duration, status: &AgentStatus) -> String {
    let now = status.route.in_flight.map(|all| all[slot].total());
    let now = now.map_or_else(|| "what is in flight".into(), |n| format!("{} in flight", count(n)));
    format!(
        "would wait for {now} on {slot}, at most {}; then close its upgraded connections",
        short_duration(limit)
    )
}

fn said(slot: Slot, drained: Drained) -> String {
    match drained {
        Drained::Clean { waited } => format!("{slot} is idle, after {}", short_duration(waited)),
        Drained::Assumed { waited } => {
            format!("waited {}; {slot} cannot count what is left", short_duration(waited))
        }
        Drained::TimedOut { .. } => format!("{slot} is not idle"),
    }
}

/// A slot that still works is not what was asked for.
fn left(slot: Slot, drained: Drained, limit: Duration) -> Option<Failure> {
    let Drained::TimedOut { requests, streams, upgrades } = drained else { return None };
    let because = format!(
        "after {} this was left: requests {requests}, streams {streams}, upgraded connections {upgrades} (closed now)",
        short_duration(limit)
    );
    let failure = Failure::new(format!("could not drain {slot} in time"), Exit::Refused).because(because);
    Some(failure.hint("`handover traffic drain --limit 5m` waits longer"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn only_a_slot_without_traffic_is_drained() {
        let mut status = fixtures::idle();
        insta::assert_snapshot!(choose(None, &status).unwrap_err(), @"
        error: could not drain a slot
          because: both have traffic: blue 90 % green 10 %

        hint: `handover traffic shift --stable` first
        ");
        insta::assert_snapshot!(choose(Some(Slot::Green), &status).unwrap_err(), @"
        error: could not drain a slot
          because: green has 10 % of the traffic; move its share first

        hint: `handover traffic show` shows where requests go
        ");
        status.route.route.split = Split::ALL_GREEN;
        assert_eq!(choose(None, &status).unwrap(), Slot::Blue);
        insta::assert_snapshot!(choose(Some(Slot::Green), &status).unwrap_err(), @"
        error: could not drain a slot
          because: green has 100 % of the traffic; it is the one that serves

        hint: `handover traffic show` shows where requests go
        ");
        insta::assert_snapshot!(would(Slot::Blue, Duration::from_secs(30), &status), @"would wait for 6 in flight on blue, at most 30s; then close its upgraded connections");
    }

    #[test]
    fn what_is_left_is_told() {
        let limit = Duration::from_secs(30);
        let timed_out = Drained::TimedOut { requests: 1, streams: 2, upgrades: 3 };
        insta::assert_snapshot!(left(Slot::Green, timed_out, limit).unwrap(), @"
        error: could not drain green in time
          because: after 30s this was left: requests 1, streams 2, upgraded connections 3 (closed now)

        hint: `handover traffic drain --limit 5m` waits longer
        ");
        let clean = Drained::Clean { waited: Duration::from_millis(1_300) };
        assert!(left(Slot::Green, clean, limit).is_none());
        assert_eq!(said(Slot::Green, clean), "green is idle, after 1.3s");
    }
}
