use std::fmt;
use std::time::Duration;

use crate::Args;
use crate::cost::Costs;
use crate::counts::Calls;
use crate::frozen::Frozen;
use crate::storm::Stormed;
use crate::ways::Way;

/// What one way did.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) way: Way,
    pub(crate) calls: Calls,
    pub(crate) stormed: Stormed,
    pub(crate) frozen: Frozen,
}

pub(crate) struct Table<'a> {
    pub(crate) rows: &'a [Row],
    pub(crate) costs: &'a Costs,
    pub(crate) args: &'a Args,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Args { connections, requests, rounds } = self.args;
        writeln!(
            f,
            "{requests} requests to /health/ready, {connections} at a time; checks of a second; then both servers stopped (SIGSTOP)"
        )?;
        writeln!(
            f,
            "CPU: of a request to the router, without a socket, medians of {rounds} rounds; + is over the plain route\n"
        )?;
        writeln!(
            f,
            "{:<28} {:>10} {:>7} {:>7} {:>7} {:>7} | {:>21} | {:>9} {:>9}",
            "", "statements", "pings", "failed", "p50 ms", "p99 ms", "while stopped", "CPU us", "+ us"
        )?;
        self.rows.iter().try_for_each(|row| self.row(f, row))
    }
}

impl Table<'_> {
    fn row(&self, f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
        let Row { way, calls, stormed, frozen } = row;
        let [p50, p99] = [50, 99].map(|percent| millis(percentile(&stormed.times, percent)));
        write!(
            f,
            "{:<28} {:>10} {:>7} {:>7} {p50:>7} {p99:>7}",
            way.name(),
            calls.postgres,
            calls.redis,
            stormed.failed
        )?;
        write!(f, " | {:>21}", stopped(frozen))?;
        let micros = |nanos: Option<f64>| nanos.map_or("-".to_owned(), |nanos| format!("{:.2}", nanos / 1e3));
        let over = self.costs.over_plain(*way).filter(|_| *way != Way::Plain);
        writeln!(f, " | {:>9} {:>9}", micros(self.costs.of(*way)), micros(over))
    }
}

/// `20 x 503, 0.1 ms`, or that nobody got an answer.
fn stopped(frozen: &Frozen) -> String {
    match frozen.status {
        None => format!("no answer in 3 s x {}", frozen.unanswered),
        Some(status) => {
            let slowest = percentile(&frozen.times, 100);
            format!("{} x {status}, {} ms", frozen.times.len(), millis(slowest))
        }
    }
}

/// Nearest rank, of sorted times.
fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

fn millis(time: Option<Duration>) -> String {
    time.map_or("-".to_owned(), |time| format!("{:.1}", time.as_secs_f64() * 1e3))
}
