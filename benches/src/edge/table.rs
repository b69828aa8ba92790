use std::fmt;

use crate::Args;
use crate::engines::{Engine, Kind};
use crate::figures::{Figures, Pick, median};

/// All figures: medians over the rounds, and medians of each round's ratio to HAProxy.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(crate) engines: &'a [Engine],
    /// Of each engine, round by round.
    pub(crate) figures: &'a [Vec<Figures>],
    pub(crate) args: &'a Args,
}

/// What is set beside HAProxy's.
const COMPARED: [Pick; 4] = [|f| f.rate, |f| f.engine, |f| f.p50, |f| f.p99];

impl Table<'_> {
    fn row(&self, f: &mut fmt::Formatter<'_>, engine: &Engine, rounds: &[Figures]) -> fmt::Result {
        let of = |pick: Pick| median(rounds.iter().map(pick).collect()).unwrap_or(f64::NAN);
        write!(f, "{:<9} {:>7.0}", engine.kind.name(), of(|f| f.rate))?;
        spent(f, engine, of(|f| f.engine))?;
        write!(f, " {:>7.0} {:>7.0} |", of(|f| f.p50), of(|f| f.p99))?;
        for pick in COMPARED {
            self.ratio(f, engine, rounds, pick)?;
        }
        writeln!(f, " | {:>7.1} {:>8.1}", of(|f| f.load), of(|f| f.upstream))
    }

    fn ratio(
        &self,
        f: &mut fmt::Formatter<'_>,
        engine: &Engine,
        rounds: &[Figures],
        pick: Pick,
    ) -> fmt::Result {
        let measure = self.engines.iter().position(|other| other.kind == Kind::Haproxy);
        let pairs = rounds.iter().zip(measure.map_or(&[][..], |index| &self.figures[index]));
        let ratios = pairs.map(|(ours, measure)| pick(ours) / pick(measure)).collect();
        match median(ratios).filter(|ratio| *ratio > 0.0) {
            Some(ratio) if engine.kind != Kind::Haproxy => write!(f, " {ratio:>5.2}"),
            _ => write!(f, " {:>5}", "-"),
        }
    }
}

fn spent(f: &mut fmt::Formatter<'_>, engine: &Engine, micros: f64) -> fmt::Result {
    match engine.kind {
        Kind::Direct => write!(f, " {:>9}", "-"),
        _ => write!(f, " {micros:>9.1}"),
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Args { rounds, seconds, connections, .. } = self.args;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        writeln!(
            f,
            "{connections} connections kept open, no pipelining, answers of 3 bytes; medians of {rounds} rounds of {seconds} s"
        )?;
        writeln!(
            f,
            "load, upstream and engine share {cores} cores: only ratios and CPU per request are to be trusted"
        )?;
        let versions: Vec<_> = self.engines.iter().filter_map(|engine| engine.version.as_deref()).collect();
        writeln!(f, "{}\n", versions.join(", "))?;
        writeln!(
            f,
            "{:<9} {:>7} {:>9} {:>7} {:>7} | {:^23} | {:>16}",
            "", "", "CPU us", "us", "us", "times HAProxy's", "CPU us a request"
        )?;
        writeln!(
            f,
            "{:<9} {:>7} {:>9} {:>7} {:>7} | {:>5} {:>5} {:>5} {:>5} | {:>7} {:>8}",
            "", "req/s", "a request", "p50", "p99", "req/s", "CPU", "p50", "p99", "load", "upstream"
        )?;
        for (engine, rounds) in self.engines.iter().zip(self.figures) {
            self.row(f, engine, rounds)?;
        }
        failures(f, self.engines, self.figures)
    }
}

/// Nothing is said where nothing failed.
fn failures(f: &mut fmt::Formatter<'_>, engines: &[Engine], figures: &[Vec<Figures>]) -> fmt::Result {
    for (engine, rounds) in engines.iter().zip(figures) {
        let failed: u64 = rounds.iter().map(|figures| figures.failed).sum();
        if failed > 0 {
            writeln!(f, "{}: {failed} requests were not answered with 200", engine.kind.name())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::Processes;

    fn engine(kind: Kind) -> Engine {
        let (address, processes) = (([127, 0, 0, 1], 1).into(), Processes::None);
        Engine { kind, address, processes, version: None, _running: None }
    }

    fn figures(rate: f64, engine: f64, failed: u64) -> Figures {
        Figures { failed, rate, engine, load: 4.0, upstream: 5.0, p50: 300.0, p99: 900.0 }
    }

    #[test]
    fn each_engine_has_a_row_with_its_ratios_and_failures_are_told() {
        let engines = [Kind::Direct, Kind::Edge, Kind::Haproxy].map(engine);
        let all = [(60_000.0, 0.0, 0), (20_000.0, 15.0, 2), (25_000.0, 12.0, 0)];
        let all = all.map(|(rate, cpu, failed)| vec![figures(rate, cpu, failed)]);
        let args = Args { rounds: 1, seconds: 3, connections: 32, only: Vec::new() };
        let table = Table { engines: &engines, figures: &all, args: &args }.to_string();
        let rows: Vec<_> = table.lines().skip(4).collect();
        insta::assert_snapshot!(rows.join("\n"), @"
                             CPU us      us      us |     times HAProxy's     | CPU us a request
                    req/s a request     p50     p99 | req/s   CPU   p50   p99 |    load upstream
        direct      60000         -     300     900 |  2.40     -  1.00  1.00 |     4.0      5.0
        edge        20000      15.0     300     900 |  0.80  1.25  1.00  1.00 |     4.0      5.0
        HAProxy     25000      12.0     300     900 |     -     -     -     - |     4.0      5.0
        edge: 2 requests were not answered with 200
        ");
    }
}
