//! Every order in which threads can meet while they count, tried by loom.
//!
//! The code is the real one, with one slot and small pages. Each model has been seen to fail with the ordering it is
//! about made `Relaxed`, or the lock left out.

use loom::model::Builder;
use loom::sync::Arc;
use loom::thread;

use super::*;

const FAST: Duration = Duration::from_nanos(0);
const OTHER: Duration = Duration::from_nanos(1_024);

fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        run();
        slots::wait_until_all_are_back();
    });
}

fn spawn(series: &Arc<Series>, run: impl FnOnce(&Series) + Send + 'static) -> thread::JoinHandle<()> {
    let series = series.clone();
    thread::spawn(move || run(&series))
}

fn join(thread: thread::JoinHandle<()>) {
    thread.join().expect("it only counts");
}

/// A slot goes from a thread that ends to one that begins, which must count on from where the first stopped; else one
/// of the two samples is lost. While both live, the second has no slot and shares.
#[test]
fn a_slot_that_is_handed_over_loses_no_sample() {
    model(|| {
        let series = Arc::new(Series::new());
        let writers = [(); 2].map(|()| spawn(&series, |series| series.record(FAST, Outcome::Ok)));
        writers.into_iter().for_each(join);
        assert_eq!(series.totals().count(), 2);
    });
}

/// A reader finds a shard, its pages and their counters made before it finds them at all; a failure is one count, so
/// whoever sees it sees its request; and a later reading sees no less.
#[test]
fn pages_are_whole_failures_have_requests_and_counts_never_go_back() {
    model(|| {
        let series = Arc::new(Series::new());
        let reader = spawn(&series, |series| {
            let (first, second) = (series.totals(), series.totals());
            for totals in [&first, &second] {
                assert!(totals.errors.count() <= totals.count() && totals.count() <= 2);
            }
            assert!(first.count() <= second.count() && first.errors.count() <= second.errors.count());
        });
        let writer = spawn(&series, |series| {
            series.record(FAST, Outcome::Ok);
            series.record(FAST, Outcome::Error);
        });
        [reader, writer].into_iter().for_each(join);
        assert_eq!(series.totals().count(), 2);
    });
}

/// What a thread counted earlier is seen by whoever sees what it counted later.
#[test]
fn counts_are_seen_in_the_order_in_which_they_were_made() {
    model(|| {
        let table = Arc::new(Table::new());
        let (early, late) = (Place::of(Outcome::Cancelled, FAST), Place::of(Outcome::Ok, OTHER));
        // So that there is no page left to publish, which would put them in order.
        [early, late].into_iter().for_each(|place| table.add_alone(place));
        let reader = {
            let table = table.clone();
            thread::spawn(move || {
                let read = |outcome| table.read(outcome, 0, &mut [0; PARTS]);
                let (later, earlier) = (read(Outcome::Ok), read(Outcome::Cancelled));
                assert!(later <= earlier, "the later one alone was seen");
            })
        };
        [early, late].into_iter().for_each(|place| table.add_alone(place));
        join(reader);
    });
}
