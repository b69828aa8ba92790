//! HAProxy, by the weights of its servers, over its Runtime API.
//!
//! Weights are absolute and read back: `weight 50%` is relative to what the file says, and with `weight 0` there it
//! answers success and does nothing. The newcomer is raised, and seen to be, before the other is lowered, so that nobody is
//! left with a backend whose servers all weigh nothing. HAProxy answers with text and no status: an empty line is success, anything
//! else is not.
//!
//! A reload reads the weights from the configuration again. What makes a change last is the file of
//! [`HaproxyOptions::with_state_file`], which HAProxy loads when it starts (`server-state-file`, with
//! `load-server-state-from-file global`); it is written with each change. A reload without it shows as a change that
//! somebody else made.

mod config;
mod options;
mod runtime;
mod state;
mod state_file;
mod stats;
mod weights;

use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, Slot};
use tokio::time::{Instant, sleep};

pub use config::HaproxyConfig;
pub use options::{HaproxyOptions, HaproxyOptionsError, RuntimeSocket};

use self::runtime::Runtime;
use self::state::Servers;
use self::stats::Stats;
use self::weights::STEP;
use crate::logbook::{Intent, Logbook, Place, Platform, Seen, Targets, WithLogbook};
use crate::{BoxError, Capabilities, DrainSupport, Drained, InFlight, Split, SwitchError, Weights};

/// How the backend calls itself in errors.
const NAME: &str = "HAProxy";

/// Between two looks at what is left in a slot: below what a person notices.
const GLANCE: Duration = Duration::from_millis(20);

/// Idle twice in a row is idle: a request is counted a moment after its server was chosen.
const IDLE_LOOKS: u32 = 2;

/// One command is answered within milliseconds, also by a busy HAProxy (18 ms at the 99th percentile, measured).
const ROLLBACK_BOUND: Duration = Duration::from_secs(1);

/// Moves traffic between the servers of one HAProxy backend.
#[derive(Debug, Clone)]
pub struct Haproxy {
    options: HaproxyOptions,
    runtime: Runtime,
}

impl Haproxy {
    /// The backend of these options. Nothing is asked yet.
    pub fn new(options: HaproxyOptions) -> Self {
        let runtime = Runtime::new(options.socket.clone(), options.timeout);
        Self { options, runtime }
    }

    /// The whole switcher, which remembers in `logbook`.
    pub fn switcher(options: HaproxyOptions, logbook: Logbook) -> WithLogbook<Self> {
        WithLogbook::new(Self::new(options), logbook)
    }

    /// Where each slot's first server listens, as HAProxy has it: for asking a release directly.
    ///
    /// # Errors
    ///
    /// HAProxy does not answer, or has no such servers.
    pub async fn addresses(&self) -> Result<BySlot<String>, SwitchError> {
        let servers = self.servers().await?;
        Ok(BySlot::from_fn(|slot| servers.address(slot)))
    }

    async fn servers(&self) -> Result<Servers, SwitchError> {
        let command = format!("show servers state {}", self.options.backend);
        let text = self.runtime.ask(&command).await?;
        Servers::parse(&text, &self.options).map_err(refused)
    }

    async fn stats(&self) -> Result<Stats, SwitchError> {
        let text = self.runtime.ask("show stat").await?;
        Stats::parse(&text, &self.options).map_err(refused)
    }

    /// Waits until HAProxy's own health check has found what is to gain. A slot that it holds for down gets nothing while
    /// the other one is up: its users would get 503.
    async fn until_up(&self, split: Split) -> Result<Servers, SwitchError> {
        let begun = Instant::now();
        loop {
            let servers = self.servers().await?;
            let down = gaining(&servers, split).find(|slot| !servers.is_up(*slot));
            let Some(slot) = down.filter(|slot| servers.is_up(slot.other())) else { return Ok(servers) };
            if begun.elapsed() > self.options.check_patience {
                let server = self.options.servers[slot].join(" and ");
                return Err(refused(format!("its health check holds {server} ({slot}) for down").into()));
            }
            sleep(GLANCE).await;
        }
    }

    /// Commands that lift maintenance or drain: a server in either has no traffic whatever it weighs.
    fn readying(&self, servers: &Servers, split: Split) -> Vec<String> {
        let barred = gaining(servers, split).flat_map(|slot| servers.barred(slot));
        barred.map(|server| format!("set server {}/{server} state ready", self.options.backend)).collect()
    }

    /// Sets one weight after the other, and each only once the one before it is seen.
    async fn weigh(&self, servers: &Servers, split: Split, begun: &mut bool) -> Result<(), SwitchError> {
        let now = BySlot::from_fn(|slot| servers.weights()[slot].div_ceil(self.many(slot)));
        let mut before = None;
        for (slot, weight) in weights::way(now, split) {
            if let Some((slot, weight)) = before.replace((slot, weight)) {
                self.see(slot, weight).await.map_err(|e| after(*begun, e))?;
            }
            self.tell(&self.weighing(slot, weight), begun).await?;
        }
        Ok(())
    }

    /// HAProxy's yes alone is not enough: to lower one slot where the other was not raised would leave nobody with weight.
    async fn see(&self, slot: Slot, weight: u32) -> Result<(), SwitchError> {
        let (found, wanted) = (self.servers().await?.weights()[slot], weight * self.many(slot));
        if found == wanted {
            return Ok(());
        }
        let lie = format!("it acknowledged that {slot} weighs {wanted}, and shows {found}");
        Err(SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(lie.into()) })
    }

    /// How many servers a slot has; there is at least one.
    fn many(&self, slot: Slot) -> u32 {
        u32::try_from(self.options.servers[slot].len()).unwrap_or(u32::MAX).max(1)
    }

    /// Commands that set the weight of each of a slot's servers.
    fn weighing(&self, slot: Slot, weight: u32) -> Vec<String> {
        let each = self.options.servers[slot].iter();
        each.map(|name| format!("set server {}/{name} weight {weight}", self.options.backend)).collect()
    }

    /// Tells one after the other. An error after the first has gone through leaves each weight between old and new.
    async fn tell(&self, commands: &[String], begun: &mut bool) -> Result<(), SwitchError> {
        for command in commands {
            self.runtime.tell(command).await.map_err(|e| after(*begun, e))?;
            *begun = true;
        }
        Ok(())
    }

    /// What HAProxy is to load when it starts again.
    async fn keep_state(&self) -> Result<(), SwitchError> {
        let Some(file) = &self.options.state_file else { return Ok(()) };
        let text = self.runtime.ask("show servers state").await?;
        state_file::replace(file, &text).await.map_err(refused)
    }
}

#[async_trait]
impl Platform for Haproxy {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        let mut can = Capabilities::new(Weights::Any { step: STEP })
            .with_read_back()
            .with_drain(DrainSupport::Counted)
            .with_rollback_bound(ROLLBACK_BOUND);
        (can.keeps_state, can.pin) = (self.options.state_file.is_some(), self.options.pinned);
        can
    }

    async fn read(&self, _: &Targets) -> Result<Seen, SwitchError> {
        let servers = self.servers().await?;
        let stats = self.stats().await?;
        let place = weights::split(servers.weights()).map_or_else(
            || Place::Elsewhere(format!("nobody: no server of {} has weight", self.options.backend)),
            Place::Slots,
        );
        let requests = |count| InFlight { requests: count, ..InFlight::default() };
        Ok(Seen {
            place,
            moving: false,
            in_flight: Some(stats.current.map(|_, count| requests(count))),
            served: Some(stats.total),
        })
    }

    async fn bring(&self, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        let (split, mut begun) = (intent.split(), false);
        // A full disk is found out before anything moves.
        self.keep_state().await?;
        let servers = self.servers().await?;
        self.tell(&self.readying(&servers, split), &mut begun).await?;
        let servers = self.until_up(split).await.map_err(|e| after(begun, e))?;
        self.weigh(&servers, split, &mut begun).await?;
        self.keep_state().await.map_err(|e| after(true, e))
    }

    async fn drain(&self, slot: Slot, limit: Duration, _: &Targets) -> Result<Drained, SwitchError> {
        let (begun, mut idle) = (Instant::now(), 0);
        loop {
            let left = self.stats().await?.current[slot];
            idle = if left == 0 { idle + 1 } else { 0 };
            if idle >= IDLE_LOOKS {
                return Ok(Drained::Clean { waited: begun.elapsed() });
            }
            if begun.elapsed() >= limit && left > 0 {
                return Ok(Drained::TimedOut { requests: left, streams: 0, upgrades: 0 });
            }
            sleep(GLANCE).await;
        }
    }
}

/// The slots that would have more than now.
fn gaining(servers: &Servers, split: Split) -> impl Iterator<Item = Slot> {
    let now = weights::split(servers.weights());
    Slot::BOTH.into_iter().filter(move |slot| split.bps(*slot) > now.map_or(0, |now| now.bps(*slot)))
}

fn refused(source: BoxError) -> SwitchError {
    SwitchError::Refused { backend: NAME, source }
}

/// An error once something has gone through: part of the change has happened.
fn after(begun: bool, error: SwitchError) -> SwitchError {
    if !begun || matches!(error, SwitchError::Unconfirmed { .. }) {
        return error;
    }
    SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(Box::new(error)) }
}
