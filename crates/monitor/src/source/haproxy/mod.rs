//! Windows from HAProxy's log.

mod books;
mod line;
mod options;
mod stat;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use handover_core::{BySlot, RunId, Slot};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout_at};

use super::watched::Begun;
use super::{Answer, Resolution, SourceError, WindowSource};
use crate::pair::Pairs;
use line::LONGEST;
use stat::Stat;
use state::Shared;

pub use options::{HaproxyOptions, RuntimeApi};
pub use state::HaproxyTally;

/// The `log-format` to give HAProxy: one JSON object per request, made of numbers and configured names only.
///
/// ```text
/// global
///     log 127.0.0.1:9514 len 1024 format raw local0 info
///     stats socket /run/haproxy/admin.sock mode 600 level operator
/// defaults
///     mode http
///     log global
///     log-format '…'
/// frontend web
///     http-request set-var(txn.handover_skip) str(1) if { req.hdr(handover-pin) -m found }
///     default_backend app
/// ```
///
/// A request with the variable `txn.handover_skip`, such as a probe's or a pinned one, is counted and not judged. It must
/// be logged all the same, like every other request of the backend: one without a line counts as lost. So no
/// `dontlognull`, `dontlog-normal` or `set-log-level silent` there, and no `logasap`.
pub const HAPROXY_LOG_FORMAT: &str = r#"{"pid":%pid,"be":"%b","srv":"%s","st":%ST,"ta":%Ta,"tr":%TR,"rt":%Tr,"ts":"%ts","skip":"%[var(txn.handover_skip)]"}"#;

/// How often windows are looked after.
const TICK: Duration = Duration::from_millis(25);
/// Lines may be so long on their way after the requests they tell of.
const SETTLE: Duration = Duration::from_millis(20);

/// Windows made of the lines that HAProxy logs over UDP, compared with what it has counted.
///
/// HAProxy's statistics have counts of errors but no distribution of latencies; its log has both, to the request. The
/// network may lose a line, so a window is only given out once HAProxy's own counter has confirmed that no line of its
/// time is missing; otherwise it counts as [`missed`](Pairs::missed), and while nothing can be confirmed
/// [`after`](WindowSource::after) says why. The split is read from the servers' weights.
///
/// What it cannot know: **nobody who waits** has a line, so a candidate that hangs is seen when its requests end, by
/// HAProxy's timeouts. Latencies are whole milliseconds ([`resolution`](WindowSource::resolution)).
///
/// # Cancellation
///
/// It listens from [`bind`](Self::bind) until it is dropped.
#[derive(Debug)]
pub struct HaproxySource {
    shared: Arc<Shared>,
    local: SocketAddr,
    task: JoinHandle<()>,
}

impl HaproxySource {
    /// Asks HAProxy once, and listens.
    ///
    /// # Errors
    ///
    /// The address cannot be listened on, HAProxy does not answer, or it has no such backend or server.
    pub async fn bind(options: HaproxyOptions) -> Result<Self, SourceError> {
        let unusable =
            |why| SourceError::Unreachable { what: options.listen.to_string(), source: Box::new(why) };
        let socket = UdpSocket::bind(options.listen).await.map_err(unusable)?;
        let local = socket.local_addr().map_err(unusable)?;
        let first = Stat::ask(&options).await?;
        let shared = Arc::new(Shared::new(options, first));
        let task = tokio::spawn(Listener { socket, shared: shared.clone() }.run());
        Ok(Self { shared, local, task })
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// What became of the lines so far.
    pub fn tally(&self) -> HaproxyTally {
        self.shared.tally()
    }

    async fn after_now(&self, seq: Option<u64>, until: Instant) -> Result<Pairs, SourceError> {
        let mut news = self.shared.news();
        loop {
            let found = self.shared.after(seq)?;
            if !found.pairs.is_empty() {
                return Ok(found);
            }
            if timeout_at(until, news.changed()).await.is_err() {
                return self.shared.after_in_vain(seq);
            }
        }
    }
}

impl Drop for HaproxySource {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl WindowSource for HaproxySource {
    fn begin<'a>(&'a self, run: &'a RunId, candidate: Slot, limit: Duration) -> Answer<'a, u64> {
        let begun = Begun { run: run.clone(), candidate, limit };
        Box::pin(async move { Ok(self.shared.begin(begun)) })
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Answer<'_, Pairs> {
        Box::pin(self.after_now(seq, Instant::now() + wait))
    }

    fn resolution(&self) -> Resolution {
        Resolution::Step(Duration::from_millis(1))
    }
}

/// The one task that takes lines in and looks after the windows.
struct Listener {
    socket: UdpSocket,
    shared: Arc<Shared>,
}

impl Listener {
    async fn run(self) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut due = Instant::now() + self.shared.options.compare;
        loop {
            self.listen_until(ticks.tick()).await;
            self.shared.tick();
            if due <= Instant::now() {
                self.compare().await;
                due = Instant::now() + self.shared.options.compare;
            }
        }
    }

    /// Asks HAProxy what it has counted, takes in the lines of that, and compares.
    async fn compare(&self) {
        let asked = self.shared.now();
        match self.count().await {
            Ok((before, lines, after)) => self.shared.compare(before, lines, after, asked),
            Err(why) => self.shared.cannot_compare(&why),
        }
    }

    async fn count(&self) -> Result<(Stat, u64, Stat), SourceError> {
        let before = self.listen_until(Stat::ask(&self.shared.options)).await?;
        self.listen_until(sleep_until(Instant::now() + SETTLE)).await;
        self.take_all();
        let lines = self.shared.reported(before.pid);
        let after = self.listen_until(Stat::ask(&self.shared.options)).await?;
        Ok((before, lines, after))
    }

    /// Takes lines in until something else is done.
    async fn listen_until<T>(&self, done: impl Future<Output = T>) -> T {
        let mut done = std::pin::pin!(done);
        loop {
            tokio::select! {
                biased;
                result = &mut done => return result,
                // An error would be a report about a datagram that somebody sent from here, and none was.
                _ = self.socket.readable() => self.take_all(),
            }
        }
    }

    fn take_all(&self) {
        let mut buffer = [0; LONGEST + 1];
        while let Ok((length, _)) = self.socket.try_recv_from(&mut buffer) {
            self.shared.take(&buffer[..length]);
        }
    }
}

/// Compiles while the servers of each slot can be named by hand.
const _: fn(SocketAddr, RuntimeApi) -> HaproxyOptions =
    |listen, runtime| HaproxyOptions::new(listen, runtime, "app", BySlot { blue: "blue", green: "green" });
