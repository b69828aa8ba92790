//! The engines take turns, each round in another order.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::Args;
use crate::cpu::Processes;
use crate::engines::{Engine, Engines};
use crate::figures::{Figures, micros, percentile};
use crate::load::{Load, Tally};

/// Until connections are open and code is warm.
const WARM_UP: Duration = Duration::from_secs(1);

/// The figures of each engine, in the order of the engines; one for each round.
pub(crate) async fn measure(engines: &Engines, args: &Args) -> Result<Vec<Vec<Figures>>, String> {
    let mut all = vec![Vec::new(); engines.all.len()];
    for round in 0..usize::from(args.rounds) {
        eprintln!("round {} of {}", round + 1, args.rounds);
        for turn in 0..engines.all.len() {
            // Nobody is always the one who comes after the hungriest.
            let index = (turn + round) % engines.all.len();
            all[index].push(one(&engines.all[index], engines.upstream, args).await?);
        }
    }
    Ok(all)
}

async fn one(engine: &Engine, upstream: Processes, args: &Args) -> Result<Figures, String> {
    let load = Load::start(engine.address, args.connections);
    sleep(WARM_UP).await;
    let whose = [engine.processes, Processes::One(std::process::id()), upstream];
    let (before, began) = (used(whose)?, Instant::now());
    load.begin();
    sleep(args.turn()).await;
    load.end();
    let (after, took) = (used(whose)?, began.elapsed());
    let spent = [0, 1, 2].map(|index| after[index].saturating_sub(before[index]));
    figures(load.finish().await, spent, took).map_err(|why| format!("{}: {why}", engine.kind.name()))
}

fn used(whose: [Processes; 3]) -> Result<[Duration; 3], String> {
    let [engine, load, upstream] = whose.map(Processes::used);
    Ok([engine?, load?, upstream?])
}

#[expect(clippy::cast_precision_loss, reason = "a count of answers is far below 2^52")]
fn figures(mut tally: Tally, spent: [Duration; 3], took: Duration) -> Result<Figures, String> {
    if tally.nanos.is_empty() {
        return Err(format!("nothing was answered, {} requests failed", tally.failed));
    }
    tally.nanos.sort_unstable();
    let count = tally.nanos.len() as f64;
    let [engine, load, upstream] = spent.map(|spent| micros(spent) / count);
    Ok(Figures {
        failed: tally.failed,
        rate: count / took.as_secs_f64(),
        engine,
        load,
        upstream,
        p50: percentile(&tally.nanos, 50),
        p99: percentile(&tally.nanos, 99),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_divided_by_the_answers_and_nothing_answered_is_an_error() {
        let tally = Tally { nanos: vec![2_000; 1_000], failed: 1 };
        let spent = [10, 4, 2].map(Duration::from_millis);
        let found = figures(tally, spent, Duration::from_secs(2)).unwrap();
        assert!((found.rate - 500.0).abs() < 1e-6 && (found.p99 - 2.0).abs() < 1e-6, "{found:?}");
        assert!((found.engine - 10.0).abs() < 1e-6 && (found.upstream - 2.0).abs() < 1e-6, "{found:?}");
        let nothing = figures(Tally { nanos: Vec::new(), failed: 3 }, spent, Duration::from_secs(2));
        insta::assert_snapshot!(nothing.unwrap_err(), @"nothing was answered, 3 requests failed");
    }
}
