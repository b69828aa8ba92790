use std::hint::black_box;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use rustix::time::{ClockId, clock_gettime};
use tower_service::Service as _;

use crate::Failed;
use crate::ways::{Dependencies, Way};

/// Requests of a turn.
const TURN: u32 = 20_000;

/// CPU time of one request to a router, without a socket: of each way in each round, in nanoseconds.
pub(crate) struct Costs(Vec<(Way, Vec<f64>)>);

/// Of those ways that wait for nobody: all but the check per request.
pub(crate) async fn of_a_request(dependencies: &Dependencies, rounds: u16) -> Result<Costs, Failed> {
    let mut routers = Vec::new();
    for way in [Way::Plain, Way::Snapshot, Way::SingleFlight] {
        routers.push((way, way.router(dependencies).await?, Vec::new()));
    }
    for round in 0..=rounds {
        for (_, router, nanos) in &mut routers {
            let one = turn(router).await;
            // The first round warms up.
            nanos.extend((round > 0).then_some(one));
        }
    }
    Ok(Costs(routers.into_iter().map(|(way, _, nanos)| (way, nanos)).collect()))
}

/// On one thread: nothing here waits, so the task is not moved.
async fn turn(router: &mut Router) -> f64 {
    let begun = cpu();
    for _ in 0..TURN {
        let request = Request::get("/health/ready").body(Body::empty());
        let Ok(request) = request else { return f64::NAN };
        let _ = black_box(router.call(request).await);
    }
    (cpu().saturating_sub(begun)).as_secs_f64() * 1e9 / f64::from(TURN)
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

impl Costs {
    /// The median.
    pub(crate) fn of(&self, way: Way) -> Option<f64> {
        let mut nanos = self.0.iter().find(|(other, _)| *other == way)?.1.clone();
        nanos.sort_by(f64::total_cmp);
        nanos.get(nanos.len() / 2).copied()
    }

    /// What it takes longer than a plain route: the median of the rounds' differences.
    pub(crate) fn over_plain(&self, way: Way) -> Option<f64> {
        let find = |wanted| self.0.iter().find(|(other, _)| *other == wanted).map(|(_, nanos)| nanos);
        let mut over: Vec<_> =
            find(way)?.iter().zip(find(Way::Plain)?).map(|(own, plain)| own - plain).collect();
        over.sort_by(f64::total_cmp);
        over.get(over.len() / 2).copied()
    }
}
