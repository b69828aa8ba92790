//! The figures, side by side.

use std::fmt::Write as _;

use handover_monitor::least_requests;

use crate::Blamed;
use crate::rivals::NAMES;
use crate::scenario::{Change, Scenario};

/// What judges made of one scenario.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    rate: u64,
    change: Option<Change>,
    judges: [Made; NAMES.len()],
}

/// How often one of them took the release back, and after how many requests: since it went bad, if it did.
#[derive(Debug, Default, Clone, Copy)]
struct Made {
    times: u64,
    /// Before it went bad.
    early: u64,
    mean_requests: f64,
}

const ALPHA: f64 = 0.01;

impl Row {
    pub(crate) fn of(scenario: &Scenario, releases: &[Blamed]) -> Self {
        let bad_from = scenario.change.map_or(0, |change| change.from_second * scenario.rate);
        let made = |judge: usize| Made::of(releases.iter().filter_map(|blamed| blamed[judge]), bad_from);
        let judges = std::array::from_fn(made);
        Self { name: scenario.name, rate: scenario.rate, change: scenario.change, judges }
    }

    /// Whether the sequential judge took back more than one in a hundred.
    pub(crate) fn too_often(&self, releases: u64) -> bool {
        self.judges[0].times * 100 > releases
    }

    fn floor(&self) -> Option<f64> {
        let Change { fails: (stable, candidate), share, .. } = self.change?;
        let differ = (candidate - stable).abs() > f64::EPSILON;
        differ.then(|| least_requests(stable, candidate, share, ALPHA))
    }
}

impl Made {
    fn of(blamed: impl Iterator<Item = u64>, bad_from: u64) -> Self {
        let mut made = Self::default();
        let mut sum = 0.0;
        for requests in blamed {
            made.times += 1;
            match requests.checked_sub(bad_from) {
                Some(since) => sum += float(since),
                None => made.early += 1,
            }
        }
        made.mean_requests = sum / float(made.times - made.early);
        made
    }
}

/// Of how many harmless releases each judge took some back.
pub(crate) fn harmless(rows: &[Row], releases: u64) -> String {
    let mut table = format!("Harmless releases taken back, of {releases} each with 1,000,000 requests\n\n");
    header(&mut table, "");
    for row in rows {
        let _ = write!(table, "{:<34}", row.name);
        for made in row.judges {
            let _ = write!(table, "{:>15}", format!("{:.1} %", float(made.times) / float(releases) * 100.0));
        }
        table.push('\n');
    }
    table
}

/// How long each judge needed with a bad one, beside the least that any test can need.
pub(crate) fn bad(rows: &[Row], releases: u64) -> String {
    let mut table = format!(
        "Bad releases, {releases} each, a tenth of 100 requests/s: mean seconds until taken back; a number in brackets \
         is how many were not within 1,000,000 requests, or too early; k is the sequential judge's requests over the \
         floor\n\n"
    );
    header(&mut table, &format!("{:>10}{:>7}", "floor", "k"));
    for row in rows {
        let _ = write!(table, "{:<34}", row.name);
        for made in row.judges {
            let _ = write!(table, "{:>15}", delay(made, row.rate, releases));
        }
        if let Some(floor) = row.floor() {
            let k = row.judges[0].mean_requests / floor;
            let _ = write!(table, "{:>10}{:>7}", seconds(floor, row.rate), format!("{k:.2}"));
        }
        table.push('\n');
    }
    table
}

fn delay(made: Made, rate: u64, releases: u64) -> String {
    let missed = releases - made.times + made.early;
    match missed {
        0 => seconds(made.mean_requests, rate),
        all if all == releases => "never".into(),
        some => format!("{} ({some})", seconds(made.mean_requests, rate)),
    }
}

fn seconds(requests: f64, rate: u64) -> String {
    format!("{:.1}", requests / float(rate))
}

fn header(table: &mut String, more: &str) {
    let _ = write!(table, "{:<34}", "");
    for name in NAMES {
        let _ = write!(table, "{name:>15}");
    }
    let _ = writeln!(table, "{more}");
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}
