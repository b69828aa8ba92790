use std::collections::BTreeSet;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};

use super::Flaw;
use crate::layers::{Call, Fault, Mishap};
use crate::testkit::probe::fresh_op;
use crate::{
    Capabilities, Change, Drained, Expected, InMemory, Mode, Observed, Revision, Route, Split, SwitchError,
    TrafficSwitcher, TrafficSwitcherExt,
};

const NAME: &str = "the mutant";

/// The switcher of a [`Mutant`](super::Mutant): right but for one thing.
#[derive(Debug)]
pub(super) struct Flawed {
    flaw: Flaw,
    path: Fault<InMemory>,
    neighbour: InMemory,
    signs: Arc<Signs>,
}

/// What the mutant's users notice, and what it remembers.
#[derive(Debug, Default)]
struct Signs {
    dark: AtomicBool,
    called_clean: AtomicBool,
    asked: Mutex<Option<Route>>,
    ops: Mutex<BTreeSet<OpId>>,
}

impl Signs {
    fn lock_asked(&self) -> MutexGuard<'_, Option<Route>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_ops(&self) -> MutexGuard<'_, BTreeSet<OpId>> {
        self.ops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flawed {
    pub(super) fn new(flaw: Flaw, backend: InMemory, neighbour: InMemory) -> Self {
        Self { flaw, path: Fault::new(backend), neighbour, signs: Arc::default() }
    }

    /// The same switcher on a path where a mishap awaits the next change.
    pub(super) fn struck_by(&self, mishap: Mishap) -> Self {
        let path = Fault::new(self.path.inner().clone()).with(Call::Apply, [mishap]);
        Self { flaw: self.flaw, path, neighbour: self.neighbour.clone(), signs: Arc::clone(&self.signs) }
    }

    pub(super) fn is_dark(&self) -> bool {
        self.signs.dark.load(Ordering::Relaxed)
    }

    pub(super) fn has_called_clean(&self) -> bool {
        self.signs.called_clean.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl TrafficSwitcher for Flawed {
    fn capabilities(&self) -> Capabilities {
        self.flaw.claims()
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let seen = self.path.observe().await?;
        let asked = *self.signs.lock_asked();
        Ok(Observed { route: asked.unwrap_or(seen.route), ..seen })
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        let unsupported = self.check(NAME, &change.route);
        match self.flaw {
            Flaw::Rounds => self.path.apply(&rounded(change)).await,
            Flaw::AsksFirst if unsupported.is_err() => self.ask_first(change, unsupported).await,
            Flaw::Forgets => self.pretend(change).await,
            Flaw::Lies => {
                *self.signs.lock_asked() = Some(change.route);
                self.pretend(change).await
            }
            Flaw::Halves => self.halve(change).await,
            Flaw::Darkens => self.darken(change).await,
            Flaw::Presumes | Flaw::Hopes | Flaw::Waits => self.misread_silence(change).await,
            Flaw::Bars => self.bar(change).await,
            Flaw::Trespasses => {
                self.neighbour.apply(&Change { expected: Expected::Any, ..change.clone() }).await?;
                self.path.apply(change).await
            }
            _ => self.path.apply(&self.misread(change).await?).await,
        }
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let weighted = self.observe().await?.route.split.bps(slot) > 0;
        let clean = match self.flaw {
            Flaw::DrainsInUse => weighted,
            Flaw::Hurries => !weighted,
            _ => false,
        };
        if clean {
            return Ok(Drained::Clean { waited: Duration::ZERO });
        }
        let tired = (self.flaw == Flaw::Tires && limit > Duration::from_secs(1)).then(|| limit / 100);
        let drained = self.path.drain(slot, tired.unwrap_or(limit)).await?;
        if let (Some(waited), Drained::TimedOut { .. }) = (tired, drained) {
            return Ok(Drained::Clean { waited });
        }
        self.signs.called_clean.fetch_or(matches!(drained, Drained::Clean { .. }), Ordering::Relaxed);
        Ok(drained)
    }
}

impl Flawed {
    /// The change as somebody reads it who overlooks one part of it.
    async fn misread(&self, change: &Change) -> Result<Change, SwitchError> {
        let mut read = change.clone();
        match (self.flaw, change.expected) {
            (Flaw::Overwrites, _) => read.expected = Expected::Any,
            (Flaw::Distrusts, Expected::Revision(planned)) => {
                read.expected = Expected::Revision(Revision::new(planned.get().wrapping_sub(1)));
            }
            (Flaw::Repeats, Expected::Any) | (Flaw::Quarrels, Expected::Revision(_)) => read.op = fresh_op(),
            (Flaw::Resurrects, _) if self.is_late(change).await? => {
                (read.op, read.expected) = (fresh_op(), Expected::Any);
            }
            (Flaw::Unfenced, _) => read.fence = self.fence().await?.max(change.fence),
            _ => {}
        }
        Ok(read)
    }

    /// Whether this was asked for before, and something else after it.
    async fn is_late(&self, change: &Change) -> Result<bool, SwitchError> {
        let last = self.path.observe().await?.last_op;
        let new = self.signs.lock_ops().insert(change.op.clone());
        Ok(!new && last.as_ref() != Some(&change.op))
    }

    async fn fence(&self) -> Result<Fence, SwitchError> {
        Ok(self.path.observe().await?.fence.unwrap_or_default())
    }

    async fn pretend(&self, change: &Change) -> Result<Observed, SwitchError> {
        let seen = self.path.observe().await?;
        Ok(Observed { route: change.route, revision: seen.revision.next(), ..seen })
    }

    async fn ask_first(&self, change: &Change, no: Result<(), SwitchError>) -> Result<Observed, SwitchError> {
        let never = Expected::Revision(Revision::new(u64::MAX));
        let _ = self.path.apply(&Change { expected: never, ..change.clone() }).await;
        no?;
        self.observe().await
    }

    async fn halve(&self, change: &Change) -> Result<Observed, SwitchError> {
        let middle = Split::from_green_bps(Split::WHOLE / 2).unwrap_or(Split::ALL_BLUE);
        let half = Change { route: Route::serve(middle), op: fresh_op(), ..change.clone() };
        self.path.apply(&half).await?;
        a_moment().await;
        self.path.apply(&Change { expected: Expected::Any, ..change.clone() }).await
    }

    async fn darken(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.signs.dark.store(true, Ordering::Relaxed);
        a_moment().await;
        let answer = self.path.apply(change).await;
        self.signs.dark.store(false, Ordering::Relaxed);
        answer
    }

    async fn misread_silence(&self, change: &Change) -> Result<Observed, SwitchError> {
        match self.path.apply(change).await {
            Err(SwitchError::Unconfirmed { .. }) if self.flaw == Flaw::Hopes => self.observe().await,
            Err(SwitchError::Unconfirmed { .. }) if self.flaw == Flaw::Waits => pending().await,
            Err(SwitchError::Unconfirmed { .. }) => Err(refused("it did not say yes")),
            answer => answer,
        }
    }

    async fn bar(&self, change: &Change) -> Result<Observed, SwitchError> {
        let now = self.path.observe().await?.route;
        let back = change.route.split.sole().is_some() && change.expected == Expected::Any;
        if back && (now.split.sole().is_none() || now.mode != Mode::Serve) {
            return Err(refused("finish what was begun first"));
        }
        self.path.apply(change).await
    }
}

fn rounded(change: &Change) -> Change {
    let to = if change.route.split.bps(Slot::Green) * 2 < Split::WHOLE { Slot::Blue } else { Slot::Green };
    Change { route: Route { split: Split::all(to), ..change.route }, ..change.clone() }
}

fn refused(why: &'static str) -> SwitchError {
    SwitchError::Refused { backend: NAME, source: why.into() }
}

/// Long enough for a caller to give up in it.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}
