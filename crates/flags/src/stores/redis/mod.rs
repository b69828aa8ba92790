//! Flags in Redis: plain keys that `redis-cli SET feature:<flag> false` switches, told to every process in milliseconds.
//!
//! A watcher has one connection (RESP3). It asks the server to tell of every change under the flags' prefixes (`CLIENT
//! TRACKING ON BCAST`), sees that what is told really arrives, and then reads everything. However many changes are told while
//! a question is on its way, one more question reads them all. A beat asks for the identity of the database and the
//! revision: without its answer the connection is given up and made anew. Where a server cannot tell, its keyspace
//! events are listened to, and where it has none, everything is read once a second; either is said.

mod address;
mod audit;
mod by_hand;
mod change;
mod held;
mod keys;
mod link;
mod options;
mod overheard;
mod pushed;
mod read;
mod reports;
#[cfg(feature = "redis-tls")]
mod tls;
mod trouble;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

pub use self::address::InvalidAddress;
use self::change::{Failed, Outcome, Wanted};
use self::link::{Link, Patience, Server};
use self::options::Options;
use self::trouble::Trouble;
use self::watch::Watcher;
use crate::FlagName;
use crate::store::{
    AuditEntry, Capabilities, Change, Contents, FlagStore, Key, LastUse, Receipt, Seen, StoreError, Usage,
    Watch,
};

/// How long a call may take in all.
const LIMIT: Duration = Duration::from_secs(5);

/// Flags in Redis. Clones are the same store.
///
/// Each call has five seconds, on a connection of its own that is kept for the next. What a user of the server may has to
/// be: the keys `~feature*`; to read, `+hello +select +ping +scan +mget +get +type +client|tracking`; to change, `+set
/// +del +incr +xadd +hset +hget` and `+eval`, or `+watch +multi +exec` in its place; and what each further call is named
/// after.
#[derive(Clone)]
pub struct RedisStore {
    server: Arc<Server>,
    options: Options,
    /// Put back only after a good answer, so a call that fails or is dropped closes it.
    kept: Arc<Mutex<Option<Link>>>,
}

impl RedisStore {
    /// The Redis at `redis://user:password@host:6379/0`; `rediss://` with the feature `redis-tls`. Does not connect.
    ///
    /// # Errors
    ///
    /// It is no such address, or TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, InvalidAddress> {
        let server = Arc::new(Server::parse(url)?);
        Ok(Self { server, options: Options::default(), kept: Arc::default() })
    }

    /// How often a watcher asks whether the server is there, and how long it waits for the answer: 500 ms by default,
    /// 10 ms at least. A dead connection is told within two of these, where the server tells of changes; elsewhere when
    /// everything is read again and nothing comes within a second.
    #[must_use]
    pub fn with_heartbeat(mut self, heartbeat: Duration) -> Self {
        self.options.heartbeat = heartbeat.max(Duration::from_millis(10));
        self
    }

    /// How often a watcher reads everything again though nothing was told: 30 s by default, give or take a fifth.
    #[must_use]
    pub fn with_reconcile(mut self, every: Duration) -> Self {
        self.options.reconcile = every.max(Duration::from_millis(10));
        self
    }

    /// How often everything is read where the server cannot tell of changes: 1 s by default, give or take a fifth.
    #[must_use]
    pub fn with_poll(mut self, every: Duration) -> Self {
        self.options.poll = every.max(Duration::from_millis(10));
        self
    }

    /// The shortest and the longest pause before a watcher connects again: 50 ms and 1 s by default.
    #[must_use]
    pub fn with_backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.options.backoff = (shortest, longest.max(shortest));
        self
    }

    /// Whether changes that were made past the store are noticed and written to the audit. They are by default.
    #[must_use]
    pub fn with_audit_of_outside_changes(mut self, audit: bool) -> Self {
        self.options.audit_outside = audit;
        self
    }

    /// Whether keyspace events may be switched on in the server's configuration, where they are needed. They may not by
    /// default.
    #[must_use]
    pub fn with_permission_to_configure(mut self, permission: bool) -> Self {
        self.options.configure = permission;
        self
    }

    /// A connection that is known to work just now.
    async fn link(&self) -> Result<Link, StoreError> {
        let patience = Patience::all(LIMIT);
        let kept = self.kept().take();
        if let Some(mut kept) = kept {
            kept.set_patience(Patience::Each(self.options.patience()));
            if kept.ask::<()>(&redis::cmd("PING")).await.is_ok() {
                kept.set_patience(patience);
                return Ok(kept);
            }
        }
        self.server.link(patience).await.map_err(|trouble| self.unchanged(trouble))
    }

    /// Keeps the connection after a good answer.
    fn after<T>(&self, link: Link, answer: Result<T, Trouble>) -> Result<T, StoreError> {
        if answer.is_ok() {
            *self.kept() = Some(link);
        }
        answer.map_err(|trouble| self.unchanged(trouble))
    }

    fn unchanged(&self, trouble: Trouble) -> StoreError {
        trouble.unchanged(self.name())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Link>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn change(&self, key: &Key, after: Option<&str>, change: &Change) -> Result<Receipt, StoreError> {
        let mut link = self.link().await?;
        let wanted = Wanted { key, after, change, outside: self.options.audit_outside };
        let outcome = wanted.make(&mut link).await.map_err(|failed| match failed {
            Failed::Before(trouble) => self.unchanged(trouble),
            Failed::Sent(trouble) => trouble.on_its_way(self.name()),
        })?;
        *self.kept() = Some(link);
        match outcome {
            Outcome::Made(receipt) => Ok(receipt),
            Outcome::Conflict(found) => Err(StoreError::Conflict { key: key.clone(), found }),
        }
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("at", &self.server.address).finish_non_exhaustive()
    }
}

#[async_trait]
impl FlagStore for RedisStore {
    fn name(&self) -> String {
        self.server.address.to_string()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    async fn load(&self) -> Result<Contents, StoreError> {
        let mut link = self.link().await?;
        let read = read::steady(&mut link).await;
        let contents = self.after(link, read)?.contents;
        Ok(Contents { revision: Some(contents.revision.unwrap_or_default()), ..contents })
    }

    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, Some(text), change).await
    }

    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
        self.change(key, None, change).await
    }

    fn watch(&self) -> Watch {
        let (server, options) = (Arc::clone(&self.server), self.options);
        Watch::spawn(move |teller| Watcher::new(server, options, teller).run())
    }

    async fn audit(&self, newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let mut link = self.link().await?;
        let read = audit::newest(&mut link, newest).await;
        self.after(link, read)
    }

    async fn report_seen(&self, seen: &Seen) -> Result<(), StoreError> {
        let mut link = self.link().await?;
        let said = reports::report_seen(&mut link, seen).await;
        self.after(link, said)
    }

    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        let mut link = self.link().await?;
        let read = reports::seen(&mut link).await;
        self.after(link, read)
    }

    async fn report_usage(&self, usage: &Usage) -> Result<(), StoreError> {
        let mut link = self.link().await?;
        let said = reports::report_usage(&mut link, usage).await;
        self.after(link, said)
    }

    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        let mut link = self.link().await?;
        let read = reports::usage(&mut link).await;
        self.after(link, read)
    }

    async fn accept(&self, change: &Change) -> Result<(), StoreError> {
        let mut link = self.link().await?;
        let mark = format!("{:016x}/{}", fastrand::u64(..), change.actor);
        let set = link.ask::<()>(redis::cmd("SET").arg(keys::EPOCH).arg(mark)).await;
        if let Err(trouble) = set {
            return Err(trouble.on_its_way(self.name()));
        }
        self.after(link, Ok(()))
    }
}
