//! Each request is recorded once, as what it was, however it ended.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use handover_core::{Clock as _, ManualClock};
use handover_monitor::Outcome::{self, Cancelled, Error, Ok as Fine};
use handover_monitor::tower::{
    EndSink, Ended, Record, RecordBody, RecordFuture, RecordLayer, StatusCounts, Until,
};
use http::{HeaderMap, Method, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{Empty, Full};
use proptest::prelude::*;
use tower_layer::Layer as _;
use tower_service::Service;

/// Route, milliseconds, outcome, status.
type Line = (&'static str, u128, Outcome, Option<u16>);

/// Remembers what it was told, and under which name.
#[derive(Debug, Clone)]
struct Told {
    route: &'static str,
    log: Arc<Mutex<Vec<Line>>>,
}

impl EndSink for Told {
    fn ended(&self, ended: &Ended) {
        let status = ended.status.map(|status| status.as_u16());
        self.log.lock().expect("whole").push((self.route, ended.took.as_millis(), ended.outcome, status));
    }
}

/// What a body does when it is asked for more.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Turn {
    Data(usize),
    Trailers,
    Pending,
    Break,
    Panic,
}

/// A body that follows a script and takes a millisecond a turn.
#[derive(Debug)]
struct Script {
    turns: VecDeque<Turn>,
    clock: Arc<ManualClock>,
    length: Option<u64>,
    knows_its_end: bool,
}

impl Body for Script {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.clock.advance(Duration::from_millis(1));
        match self.turns.pop_front() {
            None => Poll::Ready(None),
            Some(Turn::Pending) => Poll::Pending,
            Some(Turn::Data(length)) => Poll::Ready(Some(Ok(Frame::data(vec![0; length].into())))),
            Some(Turn::Trailers) => Poll::Ready(Some(Ok(Frame::trailers(HeaderMap::new())))),
            Some(Turn::Break) => Poll::Ready(Some(Err("broken"))),
            Some(Turn::Panic) => panic!("a body's bug"),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.knows_its_end && self.turns.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

type Answer<B> = Result<Response<B>, &'static str>;

/// A service that always says the same, `thinks` later.
struct Always<B> {
    answer: Option<Answer<B>>,
    thinks: Duration,
    clock: Arc<ManualClock>,
}

impl<B> Service<Request<()>> for Always<B> {
    type Response = Response<B>;
    type Error = &'static str;
    type Future = Ready<Answer<B>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        self.clock.advance(self.thinks);
        ready(self.answer.take().expect("asked once"))
    }
}

struct Bench {
    clock: Arc<ManualClock>,
    told: Told,
}

impl Bench {
    fn new() -> Self {
        Self { clock: Arc::new(ManualClock::new()), told: Told { route: "", log: Arc::default() } }
    }

    fn serve<B: Body>(
        &self,
        until: Until,
        answer: Answer<B>,
    ) -> Record<Always<B>, impl Fn(&Request<()>) -> Told + Clone + use<B>> {
        let told = self.told.clone();
        let route = move |request: &Request<()>| {
            let route = if request.uri().path() == "/known" { "GET /known" } else { "unmatched" };
            Told { route, ..told.clone() }
        };
        let inner =
            Always { answer: Some(answer), thinks: Duration::from_millis(5), clock: self.clock.clone() };
        RecordLayer::new(self.clock.clone(), route).until(until).layer(inner)
    }

    fn script(&self, turns: &[Turn], length: Option<u64>) -> Script {
        Script {
            turns: turns.iter().copied().collect(),
            clock: self.clock.clone(),
            length,
            knows_its_end: false,
        }
    }

    fn told(&self) -> Vec<(u128, Outcome, Option<u16>)> {
        let log = self.told.log.lock().expect("whole");
        log.iter().map(|&(_, took, outcome, status)| (took, outcome, status)).collect()
    }

    /// Calls the service and polls it once.
    fn call<B: Body>(&self, until: Until, answer: Answer<B>) -> Answer<RecordBody<B, Told>> {
        let mut service = self.serve(until, answer);
        now(service.call(get("/known")))
    }
}

fn get(path: &str) -> Request<()> {
    Request::get(path).body(()).expect("a request")
}

fn now<F, B, E>(future: RecordFuture<F, Told>) -> Result<Response<RecordBody<B, Told>>, E>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("these services are always ready"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "what a service answers")]
fn status<B>(status: u16, body: B) -> Answer<B> {
    Ok(Response::builder().status(status).body(body).expect("an answer"))
}

/// Asks the body for its frames until it ends, breaks, or has nothing for now.
fn read<B: Body + Unpin>(body: &mut B) -> usize {
    let mut context = Context::from_waker(Waker::noop());
    let mut frames = 0;
    while let Poll::Ready(Some(Ok(_))) = Pin::new(&mut *body).poll_frame(&mut context) {
        frames += 1;
    }
    frames
}

/// What is told of an answer with this script that a server reads as far as it goes and then drops.
fn ran(until: Until, code: u16, turns: &[Turn]) -> Vec<(u128, Outcome, Option<u16>)> {
    let bench = Bench::new();
    let mut answer = bench.call(until, status(code, bench.script(turns, None))).expect("an answer");
    bench.clock.advance(Duration::from_millis(10));
    read(answer.body_mut());
    bench.clock.advance(Duration::from_millis(100));
    drop(answer);
    bench.told()
}

#[test]
fn time_is_to_the_headers_or_to_the_end_of_the_body_as_was_chosen() {
    let turns = [Turn::Data(3), Turn::Data(3)];
    assert_eq!(ran(Until::Headers, 200, &turns), [(5, Fine, Some(200))]);
    assert_eq!(ran(Until::BodyEnd, 200, &turns), [(5 + 10 + 3, Fine, Some(200))]);
}

#[test]
fn an_error_is_5xx_or_an_error_of_service_or_body_and_never_4xx() {
    for (code, outcome) in
        [(200, Fine), (302, Fine), (404, Fine), (429, Fine), (499, Fine), (500, Error), (503, Error)]
    {
        assert_eq!(ran(Until::Headers, code, &[]), [(5, outcome, Some(code))]);
        assert_eq!(ran(Until::BodyEnd, code, &[]), [(16, outcome, Some(code))]);
    }
    assert_eq!(ran(Until::BodyEnd, 200, &[Turn::Data(1), Turn::Break]), [(17, Error, Some(200))]);
    let bench = Bench::new();
    assert_eq!(bench.call::<Empty<Bytes>>(Until::BodyEnd, Err("refused")).err(), Some("refused"));
    assert_eq!(bench.told(), [(5, Error, None)]);
}

#[test]
fn a_dropped_future_or_body_is_cancelled_after_as_long_as_it_was_waited_for() {
    let bench = Bench::new();
    let future = bench.serve(Until::Headers, status(200, Empty::<Bytes>::new())).call(get("/known"));
    bench.clock.advance(Duration::from_secs(2));
    drop(future);
    assert_eq!(bench.told(), [(2_005, Cancelled, None)]);
    assert_eq!(ran(Until::BodyEnd, 200, &[Turn::Data(1), Turn::Pending]), [(117, Cancelled, Some(200))]);
}

#[test]
fn what_had_failed_before_the_client_left_has_failed() {
    assert_eq!(ran(Until::BodyEnd, 500, &[Turn::Data(1), Turn::Pending]), [(117, Error, Some(500))]);
}

#[test]
fn a_panic_is_an_error_and_not_the_clients_doing() {
    let bench = Bench::new();
    let script = bench.script(&[Turn::Panic], None);
    let answer = bench.call(Until::BodyEnd, status(200, script)).expect("an answer");
    let panicked = catch_unwind(AssertUnwindSafe(move || read(&mut answer.into_body())));
    assert!(panicked.is_err());
    assert_eq!(bench.told(), [(6, Error, Some(200))]);
}

#[test]
fn a_body_that_no_server_reads_to_its_end_is_not_cancelled() {
    for code in [101, 204, 304] {
        let bench = Bench::new();
        drop(bench.call(Until::BodyEnd, status(code, bench.script(&[], None))));
        assert_eq!(bench.told(), [(5, Fine, Some(code))]);
    }
    for method in [Method::HEAD, Method::CONNECT] {
        let bench = Bench::new();
        let request = Request::builder().method(method).body(()).expect("a request");
        drop(now(bench.serve(Until::BodyEnd, status(200, Full::new(Bytes::from("unread")))).call(request)));
        assert_eq!(bench.told(), [(5, Fine, Some(200))]);
    }
    let bench = Bench::new();
    drop(bench.call(Until::BodyEnd, status(200, Empty::<Bytes>::new())));
    let mut stream = Response::new(bench.script(&[Turn::Pending], None));
    stream.headers_mut().insert("content-type", "text/event-stream; charset=utf-8".parse().expect("a value"));
    drop(bench.call(Until::BodyEnd, Ok(stream)));
    assert_eq!(bench.told(), [(5, Fine, Some(200)); 2]);
}

#[test]
fn a_server_that_has_all_bytes_need_not_ask_for_the_end() {
    let one_frame = |body: &mut RecordBody<_, Told>| {
        let _ = Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()));
    };
    // By the body's own word, by the header's, by the body saying that it is over, and by trailers.
    let bench = Bench::new();
    let script = bench.script(&[Turn::Data(7)], Some(7));
    one_frame(bench.call(Until::BodyEnd, status(200, script)).expect("an answer").body_mut());
    let mut declared = Response::new(bench.script(&[Turn::Data(7)], None));
    declared.headers_mut().insert("content-length", "7".parse().expect("a value"));
    one_frame(bench.call(Until::BodyEnd, Ok(declared)).expect("an answer").body_mut());
    let script = bench.script(&[Turn::Trailers], None);
    one_frame(bench.call(Until::BodyEnd, status(200, script)).expect("an answer").body_mut());
    assert_eq!(bench.told(), [(6, Fine, Some(200)); 3]);
    let script = Script { knows_its_end: true, ..bench.script(&[Turn::Data(3)], None) };
    one_frame(bench.call(Until::BodyEnd, status(200, script)).expect("an answer").body_mut());
    assert_eq!(bench.told(), [(6, Fine, Some(200)); 4]);
    // Half of it is not all of it.
    let script = bench.script(&[Turn::Data(3)], Some(7));
    one_frame(bench.call(Until::BodyEnd, status(200, script)).expect("an answer").body_mut());
    assert_eq!(bench.told().last(), Some(&(6, Cancelled, Some(200))));
}

#[test]
fn the_route_is_the_sinks_and_an_unknown_path_makes_no_name() {
    let bench = Bench::new();
    for path in ["/known", "/wp-admin.php", "/known/../x"] {
        let _ = now(bench.serve(Until::Headers, status(200, Empty::<Bytes>::new())).call(get(path)));
    }
    let log = bench.told.log.lock().expect("whole");
    assert_eq!(log.iter().map(|told| told.0).collect::<Vec<_>>(), ["GET /known", "unmatched", "unmatched"]);
}

#[test]
fn classes_of_status_are_counted_beside_the_latencies() {
    let (series, classes) = (Arc::new(handover_monitor::Series::new()), Arc::new(StatusCounts::default()));
    let ends =
        [(Some(200), Fine), (Some(201), Fine), (Some(404), Fine), (Some(502), Error), (None, Cancelled)];
    for (status, outcome) in ends {
        let status = status.and_then(|code| http::StatusCode::from_u16(code).ok());
        (series.clone(), classes.clone()).ended(&Ended { took: Duration::from_millis(3), outcome, status });
    }
    assert_eq!(classes.iter().collect::<Vec<_>>(), [("none", 1), ("2xx", 2), ("4xx", 1), ("5xx", 1)]);
    assert_eq!((series.totals().count(), series.totals().errors.count()), (4, 1));
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        5 => (0usize..5).prop_map(Turn::Data),
        1 => Just(Turn::Trailers),
        1 => Just(Turn::Pending),
        1 => Just(Turn::Break),
    ]
}

proptest! {
    #[test]
    fn every_request_is_recorded_exactly_once(
        turns in prop::collection::vec(turn(), 0..8),
        code in 200u16..600,
        headers in any::<bool>(),
        length in prop::option::of(0u64..20),
        reads in 0usize..10,
    ) {
        let bench = Bench::new();
        let until = if headers { Until::Headers } else { Until::BodyEnd };
        let mut answer = bench.call(until, status(code, bench.script(&turns, length))).expect("an answer");
        for _ in 0..reads {
            let _ = Pin::new(answer.body_mut()).poll_frame(&mut Context::from_waker(Waker::noop()));
        }
        drop(answer);
        let told = bench.told();
        prop_assert_eq!(told.len(), 1);
prop_assert!(told[0].0 >= 5 && told[0].0 <= bench.clock.now().as_millis());
        prop_assert_eq!(told[0].2, Some(code));
        if code >= 500 {
            prop_assert_eq!(told[0].1, Error);
        }
    }

    #[test]
    fn the_layer_changes_nothing_that_passes_through(turns in prop::collection::vec(turn(), 0..8), length in prop::option::of(0u64..20)) {
        let bench = Bench::new();
        let mut bare = bench.script(&turns, length);
        let answer = bench.call(Until::BodyEnd, status(200, bench.script(&turns, length)));
        let mut body = answer.expect("an answer").into_body();
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..=turns.len() {
            prop_assert_eq!(body.size_hint().exact(), bare.size_hint().exact());
            prop_assert_eq!(body.is_end_stream(), bare.is_end_stream());
            let passed = |poll: Poll<Option<Result<Frame<Bytes>, _>>>| poll.map(|frame| frame.map(|f| f.map(|f| f.into_data().ok())));
            prop_assert_eq!(passed(Pin::new(&mut body).poll_frame(&mut context)), passed(Pin::new(&mut bare).poll_frame(&mut context)));
        }
    }
}

/// Never fails: what axum's services are.
#[expect(dead_code, reason = "that it compiles is the test")]
fn the_service_is_what_a_router_wants<R: Fn(&Request<()>) -> Told + Clone + Send + 'static>(
    service: Record<Cloned, R>,
) -> impl Service<Request<()>, Response: Send, Error = Infallible, Future: Send> + Clone + Send {
    service
}

#[derive(Clone)]
struct Cloned;

impl Service<Request<()>> for Cloned {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(Empty::new())))
    }
}
