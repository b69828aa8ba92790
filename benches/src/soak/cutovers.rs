use std::sync::Arc;
use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_traffic::{Change, Drained, Expected, Revision, Route, Split, TrafficSwitcher};
use tokio::time::Instant;

use crate::book::{Book, slot_of};
use crate::load::{Load, Tally};
use crate::report::Report;
use crate::stage::{Backend, Stage};
use crate::times::Times;

/// A drain that takes longer has failed; the slowest request of the load takes some ten milliseconds.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// Without enough answers for this long, the new slot is not serving.
const DWELL_LIMIT: Duration = Duration::from_secs(30);

/// Traffic back and forth between two releases under load: nothing fails, nothing is late
///
/// An edge in this process or a HAProxy of its own, two real servers behind it, users on real sockets in front. Each cutover is acknowledged,
/// then the old slot is drained; the next begins once enough users were answered by the new slot.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many cutovers
    #[arg(long, default_value_t = 1000, value_name = "N")]
    count: u64,
    /// How many users ask again as soon as they are answered
    #[arg(long, default_value_t = 16, value_name = "N")]
    clients: usize,
    /// How many further users per second come on connections of their own
    #[arg(long, default_value_t = 200, value_name = "N")]
    rate: u32,
    /// How many answers by the new slot are waited for before the next cutover
    #[arg(long, default_value_t = 20, value_name = "N")]
    dwell: u64,
    /// What moves the traffic
    #[arg(long, value_enum, default_value_t = Backend::Edge)]
    backend: Backend,
}

/// What the cutovers themselves showed.
#[derive(Debug, Default)]
struct Moves {
    done: u64,
    /// Requests in flight when a cutover was asked for, summed.
    in_flight: u64,
    not_drained: u64,
    /// Requests that reached a slot after its drain was called clean.
    after_clean: u64,
    switch: Times,
    drain: Times,
}

pub(crate) async fn run(args: &Args) -> Result<Report, String> {
    let book = Arc::new(Book::default());
    let stage = Stage::set(args.backend, &book).await?;
    let load = Load::start(stage.address, &book, args.clients, args.rate);
    let began = Instant::now();
    let moved = move_back_and_forth(&stage, &book, args).await;
    book.close();
    let tally = load.finish().await;
    tally.told.iter().for_each(|why| eprintln!("failed: {why}"));
    Ok(report(args, &moved?, &tally, began.elapsed()))
}

async fn move_back_and_forth(stage: &Stage, book: &Book, args: &Args) -> Result<Moves, String> {
    let mut moves = Moves::default();
    let mut revision = stage.switcher.observe().await.map_err(|why| why.to_string())?.revision;
    answered(book, args.dwell).await?;
    for number in 1..=args.count {
        moves.in_flight += stage.in_flight().await;
        book.begin(number);
        let began = Instant::now();
        let applied = stage.switcher.apply(&change(number, revision)).await;
        moves.switch.push(began.elapsed());
        revision = applied.map_err(|why| format!("cutover {number}: {why}"))?.revision;
        book.acknowledge(number);
        drain(stage, slot_of(number).other(), book, args.dwell, &mut moves).await?;
        moves.done += 1;
    }
    Ok(moves)
}

fn change(number: u64, revision: Revision) -> Change {
    Change {
        route: Route::serve(Split::all(slot_of(number))),
        expected: Expected::Revision(revision),
        op: OpId::new(format!("cutover-{number}")),
        fence: Fence::ZERO,
    }
}

/// Drains the slot that lost the traffic, and sees to it that clean is clean while the other one serves.
async fn drain(stage: &Stage, old: Slot, book: &Book, dwell: u64, moves: &mut Moves) -> Result<(), String> {
    let drained =
        stage.switcher.drain(old, DRAIN_LIMIT).await.map_err(|why| format!("drain {old}: {why}"))?;
    let before = stage.upstreams[old].arrived();
    match drained {
        Drained::Clean { waited } => moves.drain.push(waited),
        Drained::TimedOut { .. } | Drained::Assumed { .. } => moves.not_drained += 1,
    }
    answered(book, dwell).await?;
    moves.after_clean += stage.upstreams[old].arrived() - before;
    Ok(())
}

/// Waits until users were answered since the last acknowledgement.
async fn answered(book: &Book, dwell: u64) -> Result<(), String> {
    let enough = async {
        while book.fresh() < dwell {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(DWELL_LIMIT, enough).await;
    waited.map_err(|_| format!("fewer than {dwell} requests were answered within {DWELL_LIMIT:?}"))
}

fn report(args: &Args, moves: &Moves, tally: &Tally, took: Duration) -> Report {
    let per_second = u128::from(tally.requests) * 1000 / took.as_millis().max(1);
    let title = format!(
        "{} cutovers of {} in {:.1} s under {} patient users and {} strangers per second",
        moves.done,
        match args.backend {
            Backend::Edge => "the edge",
            Backend::Haproxy => "HAProxy",
        },
        took.as_secs_f64(),
        args.clients,
        args.rate
    );
    Report::new(title)
        .exactly("cutovers", moves.done, args.count)
        .some("requests", tally.requests)
        .count("requests per second", u64::try_from(per_second).unwrap_or(u64::MAX))
        .some("in flight at a cutover, summed", moves.in_flight)
        .exactly("requests failed", tally.failed, 0)
        .exactly("late answers", tally.late, 0)
        .exactly("slots not drained clean", moves.not_drained, 0)
        .exactly("requests to a drained slot", moves.after_clean, 0)
        .times("switch, asked to acknowledged", &moves.switch)
        .times("drain of the old slot", &moves.drain)
        .times("request", &tally.times)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn a_few(backend: Backend) -> Report {
        run(&Args { count: 20, clients: 4, rate: 50, dwell: 10, backend }).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_few_cutovers_of_the_edge_harm_no_request() {
        let report = a_few(Backend::Edge).await;
        assert!(report.broken().is_empty(), "{report}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_few_cutovers_of_haproxy_harm_no_request() {
        if crate::haproxy::is_missing() {
            assert!(std::env::var_os("HANDOVER_TEST_NO_SKIP").is_none(), "haproxy is not installed");
            return;
        }
        let report = a_few(Backend::Haproxy).await;
        assert!(report.broken().is_empty(), "{report}");
    }
}
