use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use handover_core::{ManualClock, SystemClock};
use handover_monitor::tower::RecordLayer;
use handover_monitor::{
    LatencySink, Meter, Outcome, Registry, RegistryBuilder, Series, Window, WindowView, Windows,
};

use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tower_layer::Layer as _;
use tower_service::Service;

use crate::subject::{Recording, Subject, Writer, each, subject};

const MINUTE: Window = Window::Last(Duration::from_mins(1));

pub(crate) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![
        subject("bare fetch_add", Bare::default),
        subject("handover series, published p95", || Ours::new(Series::new(), Reads::Published)),
        subject("handover series, live p95", || Ours::new(Series::new(), Reads::Live)),
        subject("handover series keeping the last 1,000", || {
            Ours::new(Series::new().keeping_last(Series::LAST), Reads::LastN)
        }),
        subject("handover registry, by handle", || Registered::new(How::ByHandle)),
        subject("handover registry, by route", || Registered::new(How::ByRoute)),
        subject("a bare tower service", || Served(None)),
        subject("the same through handover's layer", || Served(Some(Arc::new(Series::new())))),
        subject("handover meter", Metered::default),
    ]
}

#[derive(Default)]
struct Bare(AtomicU64);

impl Recording for Bare {
    fn writer(&self) -> Writer<'_> {
        each(|_| {
            self.0.fetch_add(1, Ordering::Relaxed);
        })
    }
}

struct Ours {
    clock: Arc<ManualClock>,
    windows: Windows,
    reads: Reads,
}

enum Reads {
    Published,
    Live,
    LastN,
}

impl Ours {
    fn new(series: Series, reads: Reads) -> Self {
        let clock = Arc::new(ManualClock::new());
        Self { windows: Windows::new(clock.clone(), Arc::new(series)), clock, reads }
    }
}

impl Recording for Ours {
    fn writer(&self) -> Writer<'_> {
        let series = &**self.windows.series();
        each(move |took| series.record(took, Outcome::Ok))
    }

    fn second(&mut self) {
        self.clock.advance(Duration::from_secs(1));
        self.windows.tick();
    }

    fn p95(&mut self) -> Option<Duration> {
        let window = match self.reads {
            Reads::Published => return self.windows.latest().p95,
            Reads::Live => MINUTE,
            Reads::LastN => Window::LastN(Series::LAST),
        };
        Some(self.windows.now(&window).ok()?.quantile(0.95)?.value)
    }
}

/// One route of a service that has a few.
struct Registered {
    registry: Registry,
    how: How,
}

enum How {
    ByHandle,
    ByRoute,
}

const ROUTE: &str = "/api/customers/{customer}/orders/{order}";

impl Registered {
    #[expect(clippy::expect_used, reason = "twenty routes are few")]
    fn new(how: How) -> Self {
        let builder = Registry::builder().route(ROUTE);
        let others = (0..20).map(|number| format!("/api/customers/{{customer}}/other/{number}"));
        let registry = others.fold(builder, RegistryBuilder::route).build(Arc::new(ManualClock::new()));
        Self { registry: registry.expect("few routes"), how }
    }
}

impl Recording for Registered {
    fn writer(&self) -> Writer<'_> {
        let handle = self.registry.find(ROUTE).unwrap_or_else(|| self.registry.other());
        match self.how {
            How::ByHandle => each(move |took| self.registry.record(handle, took, Outcome::Ok)),
            How::ByRoute => each(|took| self.registry.record_route(black_box(ROUTE), took, Outcome::Ok)),
        }
    }
}

/// A request to a service that does nothing but answer, measured by the layer where there is a series.
struct Served(Option<Arc<Series>>);

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

/// To the last byte of the answer.
fn serve<S, B>(service: &mut S)
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
    B: Body + Unpin,
{
    let mut context = Context::from_waker(Waker::noop());
    let answer = pin!(service.call(Request::new(()))).poll(&mut context);
    let Poll::Ready(Ok(mut answer)) = answer else { return };
    while let Poll::Ready(Some(_)) = Pin::new(answer.body_mut()).poll_frame(&mut context) {}
}

impl Recording for Served {
    fn writer(&self) -> Writer<'_> {
        let Some(series) = self.0.clone() else { return each(|_| serve(&mut Hello)) };
        let layer = RecordLayer::new(Arc::new(SystemClock::new()), move |_: &Request<()>| series.clone());
        let mut service = layer.layer(Hello);
        each(move |_| serve(&mut service))
    }
}

/// A request through a proxy's meter: begun, and ended.
#[derive(Default)]
struct Metered(Meter);

impl Recording for Metered {
    fn writer(&self) -> Writer<'_> {
        each(|took| self.0.finish(self.0.start(Duration::ZERO), took, Outcome::Ok))
    }

    fn p95(&mut self) -> Option<Duration> {
        self.0.totals().completed().value(0.95)
    }
}
