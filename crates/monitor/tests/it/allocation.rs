//! The request path allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use handover_monitor::{LatencySink as _, Meter, Outcome, Series};

/// Counts the allocations of each thread, and the bytes it holds more than when it began.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn hold(bytes: isize) {
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

/// What this thread has allocated less what it has freed, in bytes.
pub(crate) fn held() -> isize {
    HELD.with(Cell::get)
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its trait; it only counts and passes on")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        hold(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    run();
    ALLOCATIONS.with(Cell::get) - before
}

/// Samples over the whole range.
fn record_all(series: &Series) {
    for micros in 0..12_000u64 {
        series.record(Duration::from_micros(micros * micros), Outcome::Ok);
    }
}

#[test]
fn recording_a_sample_allocates_nothing() {
    let series = Series::new();
    // The shard, and a page for each of the 22 powers of two.
    assert_eq!(allocations(|| record_all(&series)), 1 + 22);
    assert_eq!(allocations(|| record_all(&series)), 0);
    assert!(allocations(|| drop(Box::new(1))) > 0, "the allocator counts");
}

#[test]
fn a_request_through_a_meter_allocates_nothing() {
    let meter = Meter::new();
    let requests = || {
        for millis in 0..10_000 {
            let started = meter.start(Duration::from_millis(millis));
            meter.finish(started, Duration::from_millis(millis + 3), Outcome::Error);
            drop(meter.start(Duration::from_millis(millis)));
        }
    };
    requests();
    assert_eq!(allocations(requests), 0);
}
