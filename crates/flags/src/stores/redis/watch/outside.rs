//! The audit of changes that were made past the store: `redis-cli SET feature:x false`.
//!
//! Many watchers see such a change; whichever comes first writes it down, and with it what the audit knows of the key from
//! then on. Off the path on which values are told: it may be late, and may fail.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use redis::Pipeline;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::spared::known_word;
use crate::store::{Held, Key, StoreEvent, Teller};
use crate::stores::redis::change::LINES;
use crate::stores::redis::link::{Link, Patience, Server};
use crate::stores::redis::trouble::Trouble;
use crate::stores::redis::{held, keys};

const SCRIPT: &str = concat!(include_str!("../held.lua"), include_str!("../outside.lua"));
/// How many looks may wait.
const WAITING: usize = 64;
/// So many keys in one script, so that it does not hold up the server.
const AT_ONCE: usize = 100;
/// Not all processes look at the same moment.
const SPREAD: Duration = Duration::from_millis(200);
/// Nor do they when they all begin at once.
const SPREAD_AT_FIRST: Duration = Duration::from_secs(1);
/// For how long a connection is kept that nobody needs.
const IDLE: Duration = Duration::from_mins(1);
const LIMIT: Duration = Duration::from_secs(5);

/// The task that looks; it ends with its watcher.
pub(super) struct Outside {
    jobs: mpsc::Sender<Job>,
    task: JoinHandle<()>,
}

enum Job {
    /// Keys that changed.
    Look(Vec<Key>),
    /// All keys, as they were when the watching began.
    Compare(Vec<(Key, Held)>),
}

struct Looking {
    server: Arc<Server>,
    teller: Teller,
    link: Option<Link>,
    failed: bool,
}

impl Outside {
    pub(super) fn start(server: Arc<Server>, teller: Teller) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let looking = Looking { server, teller, link: None, failed: false };
        Self { jobs, task: tokio::spawn(looking.run(waiting)) }
    }

    /// Looks at these, unless too many wait already: others see them too.
    pub(super) fn look(&self, keys: Vec<Key>) {
        let _ = self.jobs.try_send(Job::Look(keys));
    }

    /// Compares these with what the audit knows.
    pub(super) fn compare(&self, values: Vec<(Key, Held)>) {
        let _ = self.jobs.try_send(Job::Compare(values));
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Looking {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        loop {
            let mut waiting = Vec::new();
            match timeout(IDLE, jobs.recv_many(&mut waiting, WAITING)).await {
                Err(_) => self.link = None,
                Ok(0) => return,
                Ok(_) => self.look_later(waiting).await,
            }
        }
    }

    async fn look_later(&mut self, jobs: Vec<Job>) {
        let first = jobs.iter().any(|job| matches!(job, Job::Compare(_)));
        let spread = if first { SPREAD_AT_FIRST } else { SPREAD };
        tokio::time::sleep(spread.mul_f64(fastrand::f64())).await;
        if let Err(trouble) = self.look(jobs).await {
            self.link = None;
            self.tell(&trouble).await;
        }
    }

    /// Once: whoever reads the audit should know that it may lack something.
    async fn tell(&mut self, trouble: &Trouble) {
        if !self.failed {
            self.failed = true;
            let text = format!("changes made outside {} cannot be audited: {trouble}", self.server.address);
            // Nobody listens: this task is about to end.
            let _ = self.teller.tell(StoreEvent::Noticed(text)).await;
        }
    }

    /// One that is known to work just now: that the kept one has been closed meanwhile is no failure.
    async fn link(&mut self, patience: Patience) -> Result<Link, Trouble> {
        if let Some(mut kept) = self.link.take() {
            kept.set_patience(patience);
            if kept.ask::<()>(&redis::cmd("PING")).await.is_ok() {
                return Ok(kept);
            }
        }
        self.server.link(Patience::all(LIMIT)).await
    }

    async fn look(&mut self, jobs: Vec<Job>) -> Result<(), Trouble> {
        let patience = Patience::all(LIMIT);
        let mut link = self.link(patience).await?;
        for job in jobs {
            let suspects = match job {
                Job::Look(keys) => keys,
                Job::Compare(values) => compare(&mut link, values).await?,
            };
            write_down(&mut link, &suspects).await?;
        }
        self.link = Some(link);
        Ok(())
    }
}

/// Keys of which the audit knows another value. What it does not know at all it learns in silence.
async fn compare(link: &mut Link, values: Vec<(Key, Held)>) -> Result<Vec<Key>, Trouble> {
    let known: HashMap<String, Vec<u8>> = link.ask(redis::cmd("HGETALL").arg(keys::KNOWN)).await?;
    let (mut learned, mut other) = (Pipeline::new(), Vec::new());
    for (key, held) in values {
        let Some(text) = held.text() else { continue };
        let (name, word) = (key.to_string(), held::word(Some(text)));
        match known.get(&name).and_then(|known| known_word(known)) {
            Some((_, known)) if *known == *word => {}
            Some(_) => other.push(key),
            None => {
                let known = [b"0|", &word[..]].concat();
                learned.cmd("HSETNX").arg(keys::KNOWN).arg(name).arg(known);
            }
        }
    }
    if !learned.is_empty() {
        link.ask_all(&learned).await?.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    Ok(other)
}

async fn write_down(link: &mut Link, suspects: &[Key]) -> Result<(), Trouble> {
    for some in suspects.chunks(AT_ONCE) {
        let mut script = redis::cmd("EVAL");
        script.arg(SCRIPT).arg(some.len() + 2).arg(keys::AUDIT).arg(keys::KNOWN);
        for key in some {
            script.arg(key.to_string());
        }
        link.ask::<()>(script.arg(LINES).arg(Held::LONGEST)).await?;
    }
    Ok(())
}
