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

#[cfg(feature = "tower")]
mod layer {
    use std::convert::Infallible;
    use std::future::{Ready, ready};
    use std::pin::{Pin, pin};
    use std::sync::Arc;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    use bytes::Bytes;
    use handover_core::ManualClock;
    use handover_monitor::tower::{RecordLayer, Until};
    use handover_monitor::{LatencySink as _, Outcome, Series};
    use http::{Request, Response};
    use http_body::Body;
    use http_body_util::Full;
    use tower_layer::Layer as _;
    use tower_service::Service;

    use super::allocations;

    struct Hello;

    impl Service<Request<()>> for Hello {
        type Response = Response<Full<Bytes>>;
        type Error = Infallible;
        type Future = Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<()>) -> Self::Future {
            ready(Ok(Response::new(Full::new(Bytes::from_static(b"hello")))))
        }
    }

    fn serve<S, B>(service: &mut S)
    where
        S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
        B: Body + Unpin,
    {
        let mut context = Context::from_waker(Waker::noop());
        let answer = pin!(service.call(Request::new(()))).poll(&mut context);
        let Poll::Ready(Ok(mut answer)) = answer else { panic!("always ready") };
        while let Poll::Ready(Some(_)) = Pin::new(answer.body_mut()).poll_frame(&mut context) {}
    }

    fn a_thousand<S, B>(mut service: S) -> u64
    where
        S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
        B: Body + Unpin,
    {
        allocations(|| (0..1_000).for_each(|_| serve(&mut service)))
    }

    #[test]
    fn a_request_through_the_layer_allocates_nothing() {
        let series = Arc::new(Series::new());
        // A thread's first sample of a kind makes room for all that follow.
        series.record(Duration::ZERO, Outcome::Ok);
        for until in [Until::Headers, Until::BodyEnd] {
            let series = series.clone();
            let route = move |_: &Request<()>| series.clone();
            let layer = RecordLayer::new(Arc::new(ManualClock::new()), route).until(until);
            assert_eq!((a_thousand(layer.layer(Hello)), a_thousand(Hello)), (0, 0));
        }
        assert_eq!(series.totals().ok.count(), 2_001);
    }
}
