use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::super::slice::Slice;
use super::super::wire::WireError;
use super::backlog::{Backlog, Letter};
use super::keys::{self, Head, Stream};
use super::link::{Link, Trouble};
use super::options::Options;

/// How many slices are written at once.
const AT_ONCE: usize = 64;
/// Streams of the dead are swept out now and then: at the first batch, and every so many.
const SWEEP: u64 = 256;
/// The longest pause is the first, so many times.
const LONGEST_PAUSE: u32 = 50;

/// Writes this instance's slices to Redis, in the background.
///
/// Dropped, it stops at once; what waits is lost. [`stop`](Self::stop) gives it time.
#[derive(Debug)]
pub struct Publisher {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// How the writing goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublisherStatus {
    /// Whether the last attempt went well; also before the first.
    pub well: bool,
    /// Slices that wait.
    pub waiting: usize,
    /// Slices written.
    pub sent: u64,
    /// Slices that went because too many waited.
    pub lost: u64,
    /// What went wrong with the last attempt.
    pub trouble: Option<Trouble>,
}

struct Shared {
    backlog: Mutex<Backlog>,
    changed: Notify,
    stopping: watch::Sender<bool>,
    status: watch::Sender<PublisherStatus>,
}

impl Publisher {
    /// Starts writing, in a task of the runtime this is called in. Redis need not be there.
    ///
    /// # Errors
    ///
    /// [`Trouble`] where the address cannot be used at all.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, as its `spawn` does.
    pub fn start(options: Options) -> Result<Self, Trouble> {
        let link = Link::new(&options)?;
        let shared = Arc::new(Shared {
            backlog: Mutex::new(Backlog::new(options.backlog)),
            changed: Notify::new(),
            stopping: watch::Sender::new(false),
            status: watch::Sender::new(PublisherStatus { well: true, ..PublisherStatus::default() }),
        });
        let writer = Writer { shared: shared.clone(), link, options, batches: 0 };
        Ok(Self { shared, task: tokio::spawn(writer.run()) })
    }

    /// Puts a slice in the backlog. Neither waits for Redis nor fails because of it.
    ///
    /// # Errors
    ///
    /// [`WireError`] where the slice itself cannot be sent.
    pub fn publish(&self, slice: &Slice) -> Result<(), WireError> {
        let bytes = slice.to_bytes()?;
        let lost = self.shared.backlog().push(Stream::of(slice), Head::of(slice), bytes);
        self.shared.report(|status| status.lost += lost);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// How the writing goes.
    pub fn status(&self) -> PublisherStatus {
        self.shared.status.borrow().clone()
    }

    /// The same, to be waited on.
    pub fn watch(&self) -> watch::Receiver<PublisherStatus> {
        self.shared.status.subscribe()
    }

    /// Writes what waits, for no longer than `limit`, and says what became of it.
    ///
    /// # Cancellation
    ///
    /// Dropped, it stops as the publisher does.
    pub async fn stop(mut self, limit: Duration) -> PublisherStatus {
        self.shared.stopping.send_replace(true);
        self.shared.changed.notify_one();
        // Ended or not: the status says what waits still.
        let _ = tokio::time::timeout(limit, &mut self.task).await;
        self.status()
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn backlog(&self) -> MutexGuard<'_, Backlog> {
        self.backlog.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, change: impl FnOnce(&mut PublisherStatus)) {
        let waiting = self.backlog().len();
        self.status.send_modify(|status| {
            status.waiting = waiting;
            change(status);
        });
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("status", &*self.status.borrow()).finish_non_exhaustive()
    }
}

/// The task that writes.
struct Writer {
    shared: Arc<Shared>,
    link: Link,
    options: Options,
    batches: u64,
}

impl Writer {
    async fn run(mut self) {
        let mut pause = self.options.pause;
        loop {
            let letters = self.shared.backlog().oldest(AT_ONCE);
            if letters.is_empty() {
                if *self.shared.stopping.borrow() {
                    return;
                }
                self.shared.changed.notified().await;
                continue;
            }
            match self.write(&letters).await {
                Ok(()) => {
                    self.arrived(&letters);
                    pause = self.options.pause;
                }
                Err(trouble) => {
                    self.failed(trouble);
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(self.options.pause * LONGEST_PAUSE);
                }
            }
        }
    }

    fn arrived(&mut self, letters: &[Letter]) {
        let saved = self.shared.backlog().sent(letters);
        self.shared.report(|status| {
            (status.well, status.trouble) = (true, None);
            status.sent += letters.len() as u64;
            status.lost -= saved;
        });
    }

    fn failed(&mut self, trouble: Trouble) {
        self.link.give_up();
        self.shared.report(|status| (status.well, status.trouble) = (false, Some(trouble)));
    }

    async fn write(&mut self, letters: &[Letter]) -> Result<(), Trouble> {
        if self.batches.is_multiple_of(SWEEP) {
            self.sweep(letters).await?;
        }
        let pipe = self.commands(letters);
        let connection = self.link.connection().await?;
        pipe.query_async::<()>(connection).await.map_err(|why| Trouble::new("written to", &why))?;
        self.batches += 1;
        Ok(())
    }

    /// Slices before the heads that announce them: a reader that sees a head finds its slice.
    fn commands(&self, letters: &[Letter]) -> redis::Pipeline {
        let (prefix, keep) = (&self.options.prefix, keys::millis(self.options.keep));
        let (streams, mut pipe) = (keys::streams(prefix), redis::pipe());
        for Letter { stream, head, bytes, .. } in letters {
            let key = keys::slice(prefix, stream, head.seq);
            pipe.cmd("SET").arg(key).arg(&bytes[..]).arg("PX").arg(keep).ignore();
            pipe.cmd("HSET").arg(&streams).arg(stream.to_string()).arg(head.to_string()).ignore();
        }
        pipe.cmd("PEXPIRE").arg(&streams).arg(2 * keep).ignore();
        pipe
    }

    /// Takes streams out of the hash whose slices Redis has long let go of.
    async fn sweep(&mut self, letters: &[Letter]) -> Result<(), Trouble> {
        let Some(now) = letters.last().map(|letter| letter.head.ended) else { return Ok(()) };
        let (streams, keep) = (keys::streams(&self.options.prefix), self.options.keep);
        let connection = self.link.connection().await?;
        let all: Vec<(Vec<u8>, Vec<u8>)> = redis::cmd("HGETALL")
            .arg(&streams)
            .query_async(connection)
            .await
            .map_err(|why| Trouble::new("read", &why))?;
        let dead = |head: &[u8]| {
            let head = std::str::from_utf8(head).ok().and_then(Head::read);
            head.is_none_or(|head| now.since(head.ended) > 2 * keep)
        };
        let dead: Vec<_> = all.into_iter().filter(|(_, head)| dead(head)).map(|(stream, _)| stream).collect();
        if dead.is_empty() {
            return Ok(());
        }
        let sweeping = redis::cmd("HDEL").arg(streams).arg(dead).to_owned();
        sweeping.query_async(connection).await.map_err(|why| Trouble::new("written to", &why))
    }
}
