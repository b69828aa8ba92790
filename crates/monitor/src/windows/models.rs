//! Publication of readings, in every order in which writer and reader can meet.

use loom::model::Builder;
use loom::sync::Arc;
use loom::thread;

use super::published::{Latest, Published};
use super::*;

fn figures(all: u64) -> Latest {
    let time = Duration::from_nanos(all);
    Latest {
        p50: Some(time),
        p95: Some(time),
        p99: Some(time),
        count: all,
        errors: all,
        cancelled: all,
        covers: time,
        at: time,
    }
}

/// So many ticks go by while a reader reads: what it gets is of one tick.
fn reads_are_of_one_tick(ticks: u64) {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(move || {
        let published = Arc::new(Published::new(&figures(1)));
        let reader = {
            let published = published.clone();
            thread::spawn(move || {
                let latest = published.latest();
                assert!((1..=1 + ticks).contains(&latest.count), "{latest:?}");
                assert_eq!(latest, figures(latest.count));
            })
        };
        (2..2 + ticks).for_each(|tick| published.publish(&figures(tick)));
        reader.join().expect("it is consistent");
        assert_eq!(published.latest(), figures(1 + ticks));
    });
}

#[test]
fn a_reading_is_there_whole_for_whoever_sees_its_number() {
    reads_are_of_one_tick(1);
}

#[test]
fn a_reading_is_of_one_tick_though_two_go_by_meanwhile() {
    reads_are_of_one_tick(2);
}
