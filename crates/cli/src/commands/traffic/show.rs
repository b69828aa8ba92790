//! Where requests go, and the form in which every verb of the group shows it.

use std::fmt;

use handover_core::{Slot, Timestamp};
use handover_edge::api::AgentStatus;
use handover_traffic::{Mode, Observed, Route};
use serde::Serialize;

use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, count, percent_bps, short_duration};
use crate::report::Failure;
use crate::run;

/// The version of the JSON forms.
pub(super) const VERSION: u32 = 1;

/// A route for people and programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct RouteShown {
    blue_bps: u16,
    green_bps: u16,
    hold_until: Option<Timestamp>,
}

impl From<Route> for RouteShown {
    fn from(route: Route) -> Self {
        let hold_until = match route.mode {
            Mode::Serve => None,
            Mode::Hold { until } => Some(until),
        };
        Self { blue_bps: route.split.bps(Slot::Blue), green_bps: route.split.bps(Slot::Green), hold_until }
    }
}

impl fmt::Display for RouteShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blue {}, green {}", percent_bps(self.blue_bps), percent_bps(self.green_bps))?;
        match self.hold_until {
            Some(until) => {
                let left = short_duration(until.since(Timestamp::now()));
                write!(f, "; held, requests wait for {left} more")
            }
            None => Ok(()),
        }
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    route: RouteShown,
    observed: &'a Observed,
}

/// Shows the route in force.
pub(super) async fn run(context: &Context) -> Result<Exit, Failure> {
    let status = run::at_the_helm(context.helm().await?).await?.status;
    let shown = Shown { version: VERSION, route: status.route.route.into(), observed: &status.route };
    context.output.result(text(&status), &shown);
    Ok(Exit::Done)
}

fn text(status: &AgentStatus) -> String {
    let mut table = Table::new(["SLOT", "RELEASE", "SHARE", "IN FLIGHT", "SERVED"]);
    let observed = &status.route;
    for slot in Slot::BOTH {
        let none = || "-".to_owned();
        table.row([
            slot.to_string(),
            status.slots[slot].release.as_ref().map_or_else(none, ToString::to_string),
            percent_bps(observed.route.split.bps(slot)),
            observed.in_flight.map_or_else(none, |all| count(all[slot].total())),
            observed.served.map_or_else(none, |all| count(all[slot])),
        ]);
    }
    let fence = observed.fence.map(|fence| format!(", fence {fence}")).unwrap_or_default();
    format!("{}\nrevision {}{fence}\n\n{table}", RouteShown::from(observed.route), observed.revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn the_route_is_shown_with_what_each_slot_does() {
        insta::assert_snapshot!(text(&fixtures::status()), @"
        blue 90 %, green 10 %
        revision 7, fence 3

        SLOT   RELEASE  SHARE  IN FLIGHT  SERVED
        blue   v41      90 %   6          120,000
        green  v42      10 %   0          402
        ");
        let mut bare = fixtures::idle();
        (bare.route.in_flight, bare.route.served, bare.route.fence) = (None, None, None);
        bare.slots[Slot::Green].release = None;
        insta::assert_snapshot!(text(&bare), @"
        blue 90 %, green 10 %
        revision 7

        SLOT   RELEASE  SHARE  IN FLIGHT  SERVED
        blue   v41      90 %   -          -
        green  -        10 %   -          -
        ");
    }
}
