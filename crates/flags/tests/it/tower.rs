//! What clients get while a flag is on and while it is off.

use std::convert::Infallible;
use std::future::{Ready, poll_fn, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context as Task, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use handover_flags::tower::{RequireFlag, require_flag};
use handover_flags::{Change, Context, FlagStore as _, Flags, MemoryStore};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::flags::{gate, rules, settle};

/// Both are on.
async fn started() -> (MemoryStore, Flags) {
    let store = MemoryStore::with(&[("scan_creation", true), ("half", true)]);
    let half = r#"{"rules":[{"percentage":50}]}"#;
    store.put(&rules("half"), half, &Change::by("me")).await.unwrap();
    let flags = Flags::builder(store.clone()).start().await;
    (store, flags)
}

async fn set(store: &MemoryStore, flag: &str, text: &str) {
    store.put(&gate(flag), text, &Change::by("me")).await.unwrap();
    settle().await;
}

/// An answer, readable: its head in order, and its body.
async fn shown<B: http_body::Body>(answer: Response<B>) -> String {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.ok().unwrap().to_bytes();
    let headers: Vec<_> =
        head.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    format!("{}\n{}\n\n{}", head.status, headers.join("\n"), String::from_utf8_lossy(&body))
}

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

fn app(layer: RequireFlag) -> Router {
    let app = Router::new().route("/scans", post(async || "queued").get(async || "scans"));
    app.route_layer(layer).route("/other", get(async || "other"))
}

async fn ask(app: &Router, method: Method, path: &str) -> Response<Body> {
    app.clone().call(request(method, path)).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_answer_is_the_strategys_to_the_byte() {
    let (store, flags) = started().await;
    set(&store, "scan_creation", "false").await;
    let plain = app(require_flag(&flags, "scan_creation"));
    insta::assert_snapshot!(shown(ask(&plain, Method::POST, "/scans").await).await, @r#"
    503 Service Unavailable
    content-type: application/json
    content-length: 91
    cache-control: no-store

    {"error":"Feature temporarily disabled","message":"Scan creation is currently unavailable"}
    "#);
    let other = require_flag(&flags, "scan_creation").retry_after(Duration::from_millis(29_001));
    let other = app(other.message("We are looking into it"));
    insta::assert_snapshot!(shown(ask(&other, Method::POST, "/scans").await).await, @r#"
    503 Service Unavailable
    content-type: application/json
    content-length: 75
    cache-control: no-store
    retry-after: 30

    {"error":"Feature temporarily disabled","message":"We are looking into it"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_flag_that_flips_while_serving_is_felt_by_the_next_request() {
    let (store, flags) = started().await;
    let app = app(require_flag(&flags, "scan_creation"));
    for (text, status) in [("false", 503), ("true", 200), ("TRUE", 503), ("true", 200)] {
        set(&store, "scan_creation", text).await;
        let answer = ask(&app, Method::POST, "/scans").await;
        assert_eq!(answer.status(), status, "{text}");
        assert_eq!(shown(answer).await.ends_with("queued"), status == 200);
        assert_eq!(ask(&app, Method::GET, "/other").await.status(), 200, "another route");
        assert_eq!(ask(&app, Method::GET, "/nowhere").await.status(), 404, "{text}");
    }
    let read = flags.exposures().into_iter().find(|read| read.flag.as_str() == "scan_creation").unwrap();
    assert_eq!((read.on, read.off), (2, 2), "one read for each request");
}

#[tokio::test(start_paused = true)]
async fn a_rollout_admits_each_caller_by_its_header() {
    let (store, flags) = started().await;
    let layer = require_flag(&flags, "half").context(|parts| {
        let user = parts.headers.get("x-user").and_then(|user| user.to_str().ok());
        user.map_or_else(Context::new, |user| Context::new().user(user))
    });
    let app: Router = Router::new().route("/", get(async || "new")).route_layer(layer);
    let ask = async |user: u32| {
        let request = Request::builder().uri("/").header("x-user", user.to_string()).body(Body::empty());
        app.clone().call(request.unwrap()).await.unwrap().status()
    };
    let mut admitted = 0;
    for user in 0..200 {
        let expected = flags.is_enabled_for("half", &Context::new().user(user.to_string()));
        assert_eq!(ask(user).await == StatusCode::OK, expected, "{user}");
        admitted += u32::from(expected);
    }
    assert!((60..140).contains(&admitted), "{admitted}");
    set(&store, "half", "false").await;
    for user in 0..20 {
        assert_eq!(ask(user).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}

/// A service that is ready only if told, and counts its calls.
#[derive(Clone)]
struct Counted {
    ready: bool,
    calls: Arc<AtomicU32>,
}

impl Service<Request<()>> for Counted {
    type Response = Response<Full<bytes::Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        if self.ready { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        self.calls.fetch_add(1, Ordering::Relaxed);
        ready(Ok(Response::new(Full::from("served"))))
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_switched_off_because_it_is_overwhelmed_keeps_nobody_waiting() {
    let (store, flags) = started().await;
    set(&store, "scan_creation", "false").await;
    let inner = Counted { ready: false, calls: Arc::default() };
    let mut service = require_flag(&flags, "scan_creation").layer(inner.clone());
    let waits = poll_fn(|cx| Poll::Ready(service.poll_ready(cx).is_pending())).await;
    assert!(!waits, "while it is off, it is ready by itself");
    // It is on again, but the service behind it never said that it is ready.
    set(&store, "scan_creation", "true").await;
    assert_eq!(service.call(Request::new(())).await.unwrap().status(), 503);
    assert_eq!(inner.calls.load(Ordering::Relaxed), 0);
    let waits = poll_fn(|cx| Poll::Ready(service.poll_ready(cx).is_pending())).await;
    assert!(waits, "while it is on, it is as ready as the service");
}

/// On a service of its own: axum takes the body of an answer to HEAD away itself.
#[tokio::test(start_paused = true)]
async fn who_asks_for_the_head_only_gets_no_body() {
    let (store, flags) = started().await;
    set(&store, "scan_creation", "false").await;
    let mut service =
        require_flag(&flags, "scan_creation").layer(Counted { ready: true, calls: Arc::default() });
    poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
    let head = Request::builder().method(Method::HEAD).body(()).unwrap();
    insta::assert_snapshot!(shown(service.call(head).await.unwrap()).await, @"
    503 Service Unavailable
    content-type: application/json
    content-length: 91
    cache-control: no-store
    ");
}

#[tokio::test(start_paused = true)]
async fn a_service_of_any_kind_is_asked_while_the_flag_is_on_and_not_otherwise() {
    let (store, flags) = started().await;
    let inner = Counted { ready: true, calls: Arc::default() };
    let mut service = require_flag(&flags, "scan_creation").layer(inner.clone());
    for text in ["true", "false", "true"] {
        set(&store, "scan_creation", text).await;
        poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
        let answer = service.call(Request::new(())).await.unwrap();
        assert_eq!(answer.status() == 200, text == "true");
    }
    assert_eq!(inner.calls.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_passes_allocates_nothing_here() {
    let (_store, flags) = started().await;
    let inner = Counted { ready: true, calls: Arc::default() };
    let mut service = require_flag(&flags, "scan_creation").layer(inner);
    let mut pass = || {
        let mut task = Task::from_waker(std::task::Waker::noop());
        assert!(service.poll_ready(&mut task).is_ready());
        let answer = std::pin::pin!(service.call(Request::new(())));
        let Poll::Ready(Ok(answer)) = answer.poll(&mut task) else { panic!("it waits") };
        assert_eq!(answer.status(), 200);
    };
    pass();
    assert_eq!(crate::allocations::during(pass), 0);
}
