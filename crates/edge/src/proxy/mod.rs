//! The data plane: an HTTP/1.1 reverse proxy that shares requests between two slots, and moves them at once.
//!
//! [`Proxy`] is the handle; [`ProxyOptions`] sets it up; [`Targets`] says what answers for a slot.

mod address;
mod admit;
mod answer;
mod client_io;
mod count;
mod edge;
mod failure;
mod flight;
mod forward;
mod headers;
mod instance;
mod log;
mod options;
mod peer;
mod pool;
mod secret;
mod send;
mod server;
mod stats;
mod sticky;
mod table;
mod timer;
mod upgrade;
mod upload;
mod upstream;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use handover_core::{BySlot, Slot};
use handover_monitor::Meter;
use handover_traffic::{Drained, InFlight, Route};
use tokio::net::TcpListener;
use tokio::time::Instant;

pub use address::{Address, AddressError};
pub use options::{AccessLogOptions, Limits, OptionsError, ProxyOptions, Sticky, Timeouts};
pub(crate) use stats::{buckets, head};
pub use table::Targets;

use count::Load;
use edge::Edge;
use options::Settings;

/// A running proxy; every clone is the same one.
///
/// It begins with everything routed to blue and nothing known about either slot: requests wait, for as long as
/// [`ProxyOptions::ready_gate`] says, for the first [`Proxy::set_targets`] with a ready instance. Where it is known
/// that a slot is empty, say so with `None`, and its requests are answered with 503 at once.
///
/// # Examples
///
/// ```no_run
/// # use handover_core::Slot;
/// # use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
/// # use handover_traffic::{Route, Split};
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let proxy = Proxy::new(ProxyOptions::default())?;
/// for (slot, release, port) in [(Slot::Blue, "v1", 3001), (Slot::Green, "v2", 3002)] {
///     let instances = vec![([127, 0, 0, 1], port).into()];
///     proxy.set_targets(slot, Some(Targets { release: release.parse()?, instances, pin: String::new() }));
/// }
/// proxy.set_route(Route::serve(Split::from_bps(Slot::Green, 1_000)?));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// proxy.serve(listener, tokio::signal::ctrl_c()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Proxy(Arc<Edge>);

impl Proxy {
    /// A proxy that serves nobody yet.
    ///
    /// # Errors
    ///
    /// [`OptionsError`] names the option that makes no sense, or the access log that could not be opened.
    pub fn new(options: ProxyOptions) -> Result<Self, OptionsError> {
        Ok(Self(Arc::new(Edge::new(Settings::new(options)?))))
    }

    /// Accepts and answers until `stop` is ready, then ends in order.
    ///
    /// The end: answers say `Connection: close`; after [`Timeouts::stop_idle`] idle connections are closed; after
    /// [`Timeouts::stop`] everything is, upgraded connections included.
    ///
    /// # Errors
    ///
    /// The listener gives nothing but errors.
    ///
    /// # Cancellation
    ///
    /// Dropped, it stops accepting; connections that are open go on.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future) -> io::Result<()> {
        server::serve(self.0.clone(), listener, stop).await
    }

    /// Says what answers for a slot; `None` where nothing does. In force on return.
    ///
    /// Connections to instances that are not named any more are closed as they become idle.
    pub fn set_targets(&self, slot: Slot, targets: Option<Targets>) {
        self.0.change(|registry, table| {
            let former = table.slots[slot].clone();
            let place = registry.place(slot, &former, targets);
            table::retire_missing(&former, &place);
            if let Some(release) = &place.release {
                release.durations(self.meter(slot));
            }
            table.slots[slot] = Arc::new(place);
        });
    }

    /// Moves the traffic: once this returned, no request is admitted under the former route.
    pub fn set_route(&self, route: Route) {
        self.0.change(|_, table| table.route = route);
    }

    /// The route in force.
    pub fn route(&self) -> Route {
        self.0.table.load().route
    }

    /// What is being answered per slot. Requests that are held are in neither.
    pub fn in_flight(&self) -> BySlot<InFlight> {
        BySlot::from_fn(|slot| self.0.slots[slot].load.read())
    }

    /// Requests ever sent to each slot, pinned ones and probes not counted; only differences mean anything.
    pub fn served(&self) -> BySlot<u64> {
        BySlot::from_fn(|slot| self.0.slots[slot].served.load(Ordering::SeqCst))
    }

    /// Waits until nothing is in flight on a slot.
    ///
    /// At the limit upgraded connections are closed and reported with the rest, which goes on. The slot should have
    /// no weight, or there is no end to it.
    ///
    /// # Cancellation
    ///
    /// Dropped, it has changed nothing.
    pub async fn drain(&self, slot: Slot, limit: Duration) -> Drained {
        drain(&[&self.0.slots[slot].load], limit).await
    }

    /// Waits until nothing is in flight on one instance, as [`Proxy::drain`] does for a slot.
    ///
    /// It should not be among the slot's targets any more.
    ///
    /// # Cancellation
    ///
    /// Dropped, it has changed nothing.
    pub async fn drain_instance(&self, slot: Slot, addr: impl Into<Address>, limit: Duration) -> Drained {
        let instances = self.0.registry().at(slot, &addr.into());
        let loads: Vec<_> = instances.iter().map(|instance| &instance.load).collect();
        drain(&loads, limit).await
    }

    /// What measures the slot's requests.
    pub fn meter(&self, slot: Slot) -> &Meter {
        &self.0.slots[slot].meter
    }

    /// When the clock began by which the meters are told the time: `origin().elapsed()` is now.
    pub fn origin(&self) -> Instant {
        self.0.origin
    }

    /// Every counter, in the text form that Prometheus reads.
    pub fn metrics_text(&self) -> String {
        stats::text(&self.0)
    }
}

async fn drain(loads: &[&Load], limit: Duration) -> Drained {
    let began = Instant::now();
    for load in loads {
        load.idle_within(limit.saturating_sub(began.elapsed())).await;
    }
    let left = loads.iter().map(|load| load.read()).fold(InFlight::default(), |sum, one| InFlight {
        requests: sum.requests + one.requests,
        streams: sum.streams + one.streams,
        upgrades: sum.upgrades + one.upgrades,
    });
    if left.total() == 0 {
        return Drained::Clean { waited: began.elapsed() };
    }
    for load in loads {
        load.close_upgrades();
    }
    Drained::TimedOut { requests: left.requests, streams: left.streams, upgrades: left.upgrades }
}
