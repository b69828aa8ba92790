//! Three replicas restarted one after the other behind the edge, under load: with a drain, and as a process ends that knows
//! of none.

mod balancer;
mod load;
mod replica;

use std::fmt;
use std::time::Duration;

use handover_testing::{Postgres, Redis};
use tokio::time::sleep;

use self::balancer::Balancer;
use self::load::{Load, Tally};
use self::replica::{Kind, Replica};
use crate::Failed;
use crate::ways::Dependencies;

/// How many replicas there are.
const REPLICAS: usize = 3;
/// Load before the first restart, and after the last.
const CALM: Duration = Duration::from_secs(2);

/// Restarts three replicas one after the other under load: no request fails
///
/// The replicas are processes of the example `axum_service` on a real PostgreSQL and Redis; a probe a second tells the edge
/// which are ready. Beside it the same with a service that checks per request and ends as soon as it is told to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many requests a second
    #[arg(long, default_value_t = 2_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    rate: u32,
    /// How often all three are restarted
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    times: u16,
}

/// What one kind of replica did to its users.
struct Row {
    kind: Kind,
    restarts: usize,
    tally: Tally,
}

pub(crate) async fn run(args: &Args) -> Result<(), Failed> {
    let postgres = Postgres::start().ok_or("PostgreSQL is not installed")?;
    let redis = Redis::start().ok_or("Redis is not installed")?;
    let dependencies = Dependencies { postgres: postgres.url(), redis: redis.url() };
    println!(
        "{REPLICAS} replicas behind the edge, {} requests a second, each replica restarted {} times",
        args.rate, args.times
    );
    let mut broken = 0;
    for kind in [Kind::Example, Kind::Strategy] {
        let row = rolled(kind, &dependencies, args).await?;
        println!("{row}");
        broken += if kind == Kind::Example { row.tally.failed } else { 0 };
    }
    if broken > 0 { Err(format!("{broken} requests failed").into()) } else { Ok(()) }
}

async fn rolled(kind: Kind, dependencies: &Dependencies, args: &Args) -> Result<Row, Failed> {
    let mut replicas = Vec::new();
    for _ in 0..REPLICAS {
        replicas.push(Replica::start(kind, dependencies)?);
    }
    let balancer = Balancer::before(replicas.iter().map(Replica::addr)).await?;
    for replica in &replicas {
        balancer.ready(replica.addr()).await?;
    }
    let load = Load::start(balancer.addr, args.rate);
    sleep(CALM).await;
    let rounds = (0..args.times).flat_map(|_| 0..REPLICAS);
    let mut restarts = 0;
    for index in rounds {
        replicas[index].restart().await?;
        balancer.ready(replicas[index].addr()).await?;
        restarts += 1;
    }
    sleep(CALM).await;
    Ok(Row { kind, restarts, tally: load.end().await })
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { asked, failed, told, .. } = &self.tally;
        let [p50, p99] = self.tally.percentiles().map(|time| time.as_secs_f64() * 1e3);
        write!(
            f,
            "{}: {} restarts, {asked} requests, {failed} failed, p50 {p50:.1} ms, p99 {p99:.1} ms",
            self.kind.name(),
            self.restarts
        )?;
        told.iter().try_for_each(|why| write!(f, "\n  {why}"))
    }
}
