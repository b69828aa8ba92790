//! An open-loop load generator: the rate is kept whatever the answers do, so that a stall is seen as what it is.
//!
//! Each request has a moment at which it is due, and its latency counts from there: a service that stops for a second
//! shows a second, not one slow request. Requests go over real sockets, kept open between them as a browser would.

mod ask;
mod options;
mod report;
mod tally;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

pub(crate) use options::{LoadError, LoadOptions};
pub(crate) use report::LoadReport;

use ask::Asker;
use tally::Tally;

/// In nanoseconds; times any number of requests that a load lives to send, it fits.
const SECOND: u64 = 1_000_000_000;

/// How often due requests are looked for: the finest that the timer can.
const TICK: Duration = Duration::from_millis(1);

/// A running load. Dropping it stops new requests at once; those in flight are forgotten.
#[derive(Debug)]
pub(crate) struct Load {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    pacer: JoinHandle<()>,
}

/// What the pacer and the requests share.
#[derive(Debug)]
struct Shared {
    asker: Asker,
    tally: Mutex<Tally>,
    /// A permit per request in flight.
    room: Arc<Semaphore>,
    options: LoadOptions,
}

impl Load {
    /// Starts to send requests.
    ///
    /// # Errors
    ///
    /// The options make no sense; nothing was sent.
    pub(crate) fn start(options: LoadOptions) -> Result<Self, LoadError> {
        options.check()?;
        let asker = Asker::new(&options);
        let room = Arc::new(Semaphore::new(options.most_in_flight));
        let shared = Arc::new(Shared { asker, tally: Mutex::default(), room, options });
        let (stop, stopped) = watch::channel(false);
        let pacer = tokio::spawn(pace(shared.clone(), stopped));
        Ok(Self { shared, stop, pacer })
    }

    /// What was measured so far.
    #[cfg(test)]
    pub(crate) fn so_far(&self) -> LoadReport {
        self.shared.tally().report()
    }

    /// Sends nothing more, waits for what is in flight (at most the time-out of one request), and reports.
    pub(crate) async fn stop(self) -> LoadReport {
        let _ = self.stop.send(true);
        let _ = self.pacer.await;
        let all = u32::try_from(self.shared.options.most_in_flight).unwrap_or(u32::MAX);
        let _ = self.shared.room.acquire_many(all).await;
        self.shared.tally().report()
    }
}

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends each request when it is due, and never waits for one.
async fn pace(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let begin = Instant::now();
    let rate = u64::from(shared.options.rate);
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut sent: u64 = 0;
    loop {
        tokio::select! {
            // Told to stop, or forgotten.
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = tick.tick() => {}
        }
        loop {
            let due = begin + Duration::from_nanos(SECOND * sent / rate);
            if due > Instant::now() {
                break;
            }
            launch(&shared, due);
            sent += 1;
        }
    }
}

/// Sends one request, unless too many are waiting for an answer: then it counts as failed.
fn launch(shared: &Arc<Shared>, due: Instant) {
    shared.tally().sent();
    let Ok(permit) = shared.room.clone().try_acquire_owned() else {
        shared.tally().overflow();
        return;
    };
    let shared = shared.clone();
    tokio::spawn(async move {
        let answer = shared.asker.ask().await;
        shared.tally().record(&answer, due.elapsed());
        drop(permit);
    });
}
