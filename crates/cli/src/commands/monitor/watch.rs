//! `handover monitor watch`: what is measured, as it comes.

use std::fmt;

use handover_core::{Slot, Timestamp};
use handover_edge::api::AgentStatus;
use handover_edge::{AgentClient, ClientError};
use serde::Serialize;

use crate::args;
use crate::commands::status::{clear, no_agent};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, clock_time, count, percent_bps, percent_of, seconds};
use crate::report::Failure;

const VERSION: u32 = 1;
/// Seconds in one mark of the line of the last minute.
const MARK: usize = 3;
const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One look; also its `--json` form.
#[derive(Debug, Serialize)]
struct Look {
    version: u32,
    at: Timestamp,
    series: Vec<Series>,
}

/// What a slot's release answers.
#[derive(Debug, Serialize)]
struct Series {
    slot: Slot,
    release: String,
    role: &'static str,
    share_bps: u16,
    requests: u64,
    errors: u64,
    rate: f64,
    p50_ms: Option<f64>,
    p95_ms: Option<f64>,
    p99_ms: Option<f64>,
    in_flight: Option<u64>,
    /// Requests completed in each second of the last minute, oldest first.
    seconds: Vec<u64>,
}

/// Looks until Ctrl-C, so many times, or until nobody reads any more.
pub(super) async fn run(args: &args::Watch, context: &Context) -> Result<Exit, Failure> {
    let client = AgentClient::in_state_dir(&context.existing_state_dir()?);
    let mut left = args.count.map(std::num::NonZeroU64::get);
    loop {
        let look = Look::of(&client.status().await.map_err(|error| silent(&error))?, Timestamp::now());
        if context.output.live {
            clear();
        }
        if !context.output.next(&look, &look) {
            return Ok(Exit::Done);
        }
        left = left.map(|left| left - 1);
        if left == Some(0) {
            return Ok(Exit::Done);
        }
        tokio::time::sleep(args.every).await;
    }
}

fn silent(error: &ClientError) -> Failure {
    match error {
        ClientError::Unreachable { .. } => no_agent(error),
        error => Failure::of("could not see what is measured", Exit::Unknown, error),
    }
}

impl Look {
    fn of(status: &AgentStatus, at: Timestamp) -> Self {
        let series = Slot::BOTH.into_iter().filter_map(|slot| Series::of(status, slot)).collect();
        Self { version: VERSION, at, series }
    }
}

impl Series {
    /// What the slot's release answers; none where there is no release.
    fn of(status: &AgentStatus, slot: Slot) -> Option<Self> {
        let (view, recent) = (&status.slots[slot], &status.recent[slot]);
        let release = view.release.as_ref()?;
        let stable = status.stable.as_ref().is_some_and(|(stable, _)| *stable == slot);
        let millis = |seconds: Option<f64>| seconds.map(|seconds| seconds * 1e3);
        Some(Self {
            slot,
            release: release.to_string(),
            role: match (stable, view.retained_until) {
                (true, _) => "stable",
                (false, Some(_)) => "kept warm",
                (false, None) => "candidate",
            },
            share_bps: status.route.route.split.bps(slot),
            requests: recent.n,
            errors: recent.errors,
            rate: recent.rate,
            p50_ms: millis(recent.p50),
            p95_ms: millis(recent.p95),
            p99_ms: millis(recent.p99),
            in_flight: status.route.in_flight.map(|all| all[slot].total()),
            seconds: recent.seconds.clone(),
        })
    }

    fn cells(&self) -> [String; 11] {
        let time = |millis: Option<f64>| millis.map_or_else(|| "-".into(), |millis| seconds(millis / 1e3));
        let errors = match self.errors {
            0 => "0".into(),
            errors => format!("{} ({})", count(errors), percent_of(errors, self.requests)),
        };
        [
            self.slot.to_string(),
            self.release.clone(),
            self.role.into(),
            percent_bps(self.share_bps),
            format!("{:.1}", self.rate),
            errors,
            time(self.p50_ms),
            time(self.p95_ms),
            time(self.p99_ms),
            self.in_flight.map_or_else(|| "-".into(), count),
            sparkline(&self.seconds),
        ]
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.series.is_empty() {
            return writeln!(f, "{}  no release runs", clock_time(self.at));
        }
        let mut table = Table::new([
            "SLOT",
            "RELEASE",
            "ROLE",
            "SHARE",
            "REQ/S",
            "ERRORS",
            "P50",
            "P95",
            "P99",
            "IN FLIGHT",
            "LAST MINUTE",
        ]);
        self.series.iter().for_each(|series| table.row(series.cells()));
        writeln!(f, "{}  the last 60 s", clock_time(self.at))?;
        writeln!(f, "{table}")
    }
}

/// The last minute at a glance, the newest on the right; a dot is a time without a request.
fn sparkline(seconds: &[u64]) -> String {
    let sums: Vec<u64> = seconds
        .rchunks(MARK)
        .rev()
        .map(|mark| mark.iter().fold(0u64, |sum, n| sum.saturating_add(*n)))
        .collect();
    let most = sums.iter().copied().max().unwrap_or(0);
    let mark = |sum: u64| match sum {
        0 => '·',
        sum => {
            MARKS[usize::try_from((u128::from(sum) * 8).div_ceil(u128::from(most.max(1))) - 1)
                .unwrap_or(0)
                .min(7)]
        }
    };
    sums.into_iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use handover_core::BySlot;

    use super::*;
    use crate::commands::fixtures;

    const AT: Timestamp = Timestamp::from_unix_millis(1_763_860_364_000);

    #[test]
    fn both_slots_are_shown_with_their_last_minute() {
        insta::assert_snapshot!(Look::of(&fixtures::status(), AT), @"
        01:12:44  the last 60 s
        SLOT   RELEASE  ROLE       SHARE  REQ/S  ERRORS       P50  P95   P99   IN FLIGHT  LAST MINUTE
        blue   v41      stable     90 %   205.7  2 (0.0 %)    4ms  12ms  31ms  6          ████████████████████
        green  v42      candidate  10 %   6.7    81 (20.1 %)  -    -     -     0          ·█
        ");
    }

    #[test]
    fn without_a_release_there_is_nothing_to_show() {
        let mut status = fixtures::status();
        for slot in Slot::BOTH {
            status.slots[slot].release = None;
        }
        insta::assert_snapshot!(Look::of(&status, AT), @"01:12:44  no release runs");
        let mut status = fixtures::status();
        status.recent = BySlot::default();
        insta::assert_snapshot!(Look::of(&status, AT), @"
        01:12:44  the last 60 s
        SLOT   RELEASE  ROLE       SHARE  REQ/S  ERRORS  P50  P95  P99  IN FLIGHT  LAST MINUTE
        blue   v41      stable     90 %   0.0    0       -    -    -    6
        green  v42      candidate  10 %   0.0    0       -    -    -    0
        ");
    }

    #[test]
    fn huge_and_strange_numbers_do_no_harm() {
        let mut status = fixtures::status();
        let recent = &mut status.recent[Slot::Blue];
        (recent.n, recent.errors, recent.rate) = (u64::MAX, u64::MAX, f64::INFINITY);
        (recent.p50, recent.p95, recent.p99) = (Some(f64::NAN), Some(-1.0), Some(1e300));
        recent.seconds = vec![u64::MAX; 60];
        insta::assert_snapshot!(Look::of(&status, AT), @"
        01:12:44  the last 60 s
        SLOT   RELEASE  ROLE       SHARE  REQ/S  ERRORS                                P50  P95  P99  IN FLIGHT  LAST MINUTE
        blue   v41      stable     90 %   inf    18,446,744,073,709,551,615 (100.0 %)  -    -    -    6          ████████████████████
        green  v42      candidate  10 %   6.7    81 (20.1 %)                           -    -    -    0          ·█
        ");
    }

    #[test]
    fn the_form_for_programs_is_one_versioned_object() {
        let mut status = fixtures::status();
        status.recent[Slot::Blue].seconds.truncate(2);
        insta::assert_snapshot!(serde_json::to_string_pretty(&Look::of(&status, AT)).unwrap(), @r#"
        {
          "version": 1,
          "at": 1763860364000,
          "series": [
            {
              "slot": "blue",
              "release": "v41",
              "role": "stable",
              "share_bps": 9000,
              "requests": 12345,
              "errors": 2,
              "rate": 205.7,
              "p50_ms": 4.0,
              "p95_ms": 12.0,
              "p99_ms": 31.0,
              "in_flight": 6,
              "seconds": [
                190,
                191
              ]
            },
            {
              "slot": "green",
              "release": "v42",
              "role": "candidate",
              "share_bps": 1000,
              "requests": 402,
              "errors": 81,
              "rate": 6.7,
              "p50_ms": null,
              "p95_ms": null,
              "p99_ms": null,
              "in_flight": 0,
              "seconds": [
                0,
                3,
                9,
                7
              ]
            }
          ]
        }
        "#);
    }

    #[test]
    fn the_line_rises_with_the_requests_and_its_newest_mark_is_on_the_right() {
        assert_eq!(sparkline(&[]), "");
        assert_eq!(sparkline(&[0, 0, 0, 1, 1, 1, 9, 9, 9]), "·▁█");
        assert_eq!(sparkline(&[5, 0, 0, 0]), "█·");
        assert_eq!(sparkline(&[7; 60]).chars().count(), 20);
    }
}
