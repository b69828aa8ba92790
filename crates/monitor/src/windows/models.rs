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

/// Two ticks go by while a reader reads: what it gets is of one tick, and never older than what it had before.
#[test]
fn a_reading_is_of_one_tick_whole() {
    let mut builder = Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(|| {
        let published = Arc::new(Published::new(&figures(1)));
        let writer = {
            let published = published.clone();
            thread::spawn(move || [2, 3].map(figures).iter().for_each(|latest| published.publish(latest)))
        };
        let latest = published.latest();
        assert_eq!(latest, figures(latest.count));
        writer.join().expect("it only publishes");
        assert_eq!(published.latest(), figures(3));
    });
}
