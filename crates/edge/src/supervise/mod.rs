//! Looks after the processes of both slots.
//!
//! A slot holds one release at a time, a tenancy; a tenancy keeps its instances, each by a task of its own. What
//! must survive a restart of the agent is in the state (which release, by which run) and in each instance's folder
//! (which process); a new agent finds the instances there and launches none twice.

mod backoff;
mod keeper;
pub(crate) mod owner;
mod port;
mod probe;
mod seat;
mod tail;
mod tenancy;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use handover_core::{BySlot, Fence, Slot, Timestamp};

use crate::api::{LaunchRequest, ReleaseSpec, RestartRequest, SlotView, StopRequest};
use crate::denied::Denied;
use crate::files;
use crate::proxy::Proxy;
use crate::releases::ReleaseStore;
use crate::shim::{CommandPrefix, Found, ShimFolder};
use crate::state::{AgentState, StateStore, StoredSlot};
use crate::tasks::Tasks;
pub(crate) use backoff::Backoff;
use tenancy::{Surroundings, Tenancy};

/// An instance's log in its folder.
pub(crate) const LOG: &str = "log";

/// How many runs' folders, with their logs, are kept per slot.
const KEPT_RUNS: usize = 3;

/// Launches, probes, restarts and stops the releases of both slots.
#[derive(Debug)]
pub(crate) struct Supervisor {
    releases: ReleaseStore,
    folder: PathBuf,
    around: Surroundings,
    slots: BySlot<Cell>,
}

#[derive(Debug, Default)]
struct Cell {
    /// Held for as long as a slot's release is being changed; never while reading.
    busy: tokio::sync::Mutex<()>,
    tenancy: Mutex<Option<Arc<Tenancy>>>,
}

impl Cell {
    fn get(&self) -> Option<Arc<Tenancy>> {
        self.tenancy.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, tenancy: Option<Arc<Tenancy>>) {
        *self.tenancy.lock().unwrap_or_else(PoisonError::into_inner) = tenancy;
    }
}

impl Supervisor {
    pub(crate) fn new(
        state_dir: &Path,
        shim: CommandPrefix,
        proxy: Proxy,
        state: Arc<StateStore>,
        tasks: Tasks,
    ) -> Self {
        Self {
            releases: ReleaseStore::new(state_dir),
            folder: state_dir.join("slots"),
            around: Surroundings { proxy, state, shim, tasks },
            slots: BySlot::default(),
        }
    }

    /// Moves back in what the state says, after a restart of the agent. Instances that run are kept as they are;
    /// processes in the slots' folders that belong to nothing in the state are ended.
    pub(crate) async fn resume(&self) {
        let stored = self.state().slots.clone();
        for slot in Slot::BOTH {
            let kept = stored[slot].as_ref().filter(|stored| !stored.stopping);
            self.end_strangers(slot, kept);
            if kept.is_none() && stored[slot].is_some() {
                self.forget(slot).await;
            }
            match kept.filter(|stored| stored.failure.is_none()) {
                Some(stored) => self.resume_slot(slot, stored.clone()).await,
                None => self.around.proxy.set_targets(slot, None),
            }
        }
    }

    async fn resume_slot(&self, slot: Slot, stored: StoredSlot) {
        let (releases, id) = (self.releases.clone(), stored.release.clone());
        match blocking(move || releases.spec(&id)).await {
            Ok(spec) => self.move_in(slot, stored, spec),
            Err(error) => {
                // Its processes, if they live, cannot be told ready from unready any more.
                tracing::error!(%slot, release = %stored.release, error = %crate::one_line(&error), "cannot resume");
                self.around.proxy.set_targets(slot, None);
            }
        }
    }

    /// What runs in `slot`.
    pub(crate) fn view(&self, slot: Slot) -> SlotView {
        let stored = self.state().slots[slot].clone();
        match (self.slots[slot].get(), stored) {
            (Some(tenancy), Some(stored)) => tenancy.view(&stored),
            (_, stored) => view_without_processes(slot, stored),
        }
    }

    /// Whether an instance of `slot` that is thought to be ready answers as such now.
    pub(crate) async fn answers(&self, slot: Slot) -> bool {
        let Some(tenancy) = self.slots[slot].get() else { return false };
        for addr in tenancy.ready() {
            if probe::answers(addr, &tenancy.spec.health).await {
                return true;
            }
        }
        false
    }

    /// Launches a frozen release. What the slot held before must have no weight, and is stopped first.
    pub(crate) async fn launch(&self, slot: Slot, request: LaunchRequest) -> Result<SlotView, Denied> {
        let _busy = self.slots[slot].busy.lock().await;
        self.check_fence(request.fence)?;
        if self.holds(slot, |stored| stored.run == request.run && stored.release == request.release) {
            return Ok(self.view(slot));
        }
        self.refuse_weight(slot)?;
        let (releases, id) = (self.releases.clone(), request.release.clone());
        let spec = blocking(move || releases.spec(&id)).await?;
        self.clear(slot).await?;
        let stored = StoredSlot {
            run: request.run,
            release: request.release,
            pin: new_pin().map_err(|e| Denied::failed("cannot make a pin", &e))?,
            was_ready: false,
            failure: None,
            retained_until: None,
            stopping: false,
        };
        self.remember(slot, Some(stored.clone())).await?;
        self.forget_old_runs(slot, &stored);
        self.move_in(slot, stored, spec);
        Ok(self.view(slot))
    }

    /// Stops what runs in `slot` if it is the release meant; returns once it has gone.
    pub(crate) async fn stop(&self, slot: Slot, request: &StopRequest) -> Result<SlotView, Denied> {
        let _busy = self.slots[slot].busy.lock().await;
        self.check_fence(request.fence)?;
        if self.holds(slot, |stored| stored.release == request.release) {
            self.refuse_weight(slot)?;
            self.clear(slot).await?;
        }
        Ok(self.view(slot))
    }

    /// Replaces the instances of `slot` one by one.
    pub(crate) async fn restart(&self, slot: Slot, request: &RestartRequest) -> Result<SlotView, Denied> {
        let _busy = self.slots[slot].busy.lock().await;
        self.check_fence(request.fence)?;
        let tenancy = self.slots[slot].get();
        let Some(tenancy) = tenancy.filter(|tenancy| tenancy.spec.id == request.release) else {
            return Err(Denied::not_found(format!("{} does not run in {slot}", request.release)));
        };
        if tenancy.spec.instances == 1 && self.weight(slot) > 0 {
            return Err(Denied::refused(format!(
                "{slot} has traffic and a single instance: restarting it would leave a gap"
            )));
        }
        tenancy.restart().await?;
        Ok(self.view(slot))
    }

    /// Stops releases whose time as the retained one is over.
    pub(crate) async fn sweep(&self) {
        for slot in Slot::BOTH {
            let is_due =
                |stored: &StoredSlot| stored.retained_until.is_some_and(|until| until <= Timestamp::now());
            if !self.holds(slot, is_due) {
                continue;
            }
            let _busy = self.slots[slot].busy.lock().await;
            // Looked at again: a launch may have had the slot meanwhile.
            if self.holds(slot, is_due)
                && self.weight(slot) == 0
                && let Err(denied) = self.clear(slot).await
            {
                tracing::warn!(%slot, error = %denied.into_inner().message, "cannot stop the retained release");
            }
        }
    }

    /// Stops every process of both slots; the state keeps them, so the next agent launches them again.
    pub(crate) async fn stop_processes(&self) {
        let stop = |slot| async move {
            if let Some(tenancy) = self.slots[slot].get() {
                tenancy.stop().await;
            }
        };
        tokio::join!(stop(Slot::Blue), stop(Slot::Green));
    }

    pub(crate) fn check_fence(&self, offered: Fence) -> Result<(), Denied> {
        let seen = self.state().highest_fence();
        if offered < seen { Err(Denied::fenced(offered, seen)) } else { Ok(()) }
    }

    fn move_in(&self, slot: Slot, stored: StoredSlot, spec: ReleaseSpec) {
        let folder = self.run_folder(slot, &stored);
        let working_folder = self.releases.working_folder(&spec);
        let tenancy = Tenancy::begin(slot, stored, spec, working_folder, folder, self.around.clone());
        self.slots[slot].set(Some(tenancy));
    }

    /// Forgets a release whose stop an earlier agent had begun; its processes are being ended as strangers.
    async fn forget(&self, slot: Slot) {
        if let Err(denied) = self.remember(slot, None).await {
            tracing::warn!(%slot, error = %denied.into_inner().message, "cannot forget the stopped release");
        }
    }

    /// Empties a slot: the wish first, so that an agent killed meanwhile is not followed by one that starts the
    /// release again; then its processes, then the record of them.
    async fn clear(&self, slot: Slot) -> Result<(), Denied> {
        let stopping = move |state: &mut AgentState| {
            if let Some(stored) = state.slots[slot].as_mut() {
                stored.stopping = true;
            }
            Ok::<_, Denied>(())
        };
        if let Err(denied) = self.around.state.change(stopping).await {
            // A full disk must not keep a release alive that is to go.
            tracing::warn!(%slot, error = %denied.into_inner().message, "cannot write down that a release is stopped");
        }
        if let Some(tenancy) = self.slots[slot].get() {
            tenancy.stop().await;
        }
        self.slots[slot].set(None);
        self.around.proxy.set_targets(slot, None);
        self.remember(slot, None).await
    }

    async fn remember(&self, slot: Slot, stored: Option<StoredSlot>) -> Result<(), Denied> {
        let change = move |state: &mut AgentState| {
            state.slots[slot] = stored;
            Ok(())
        };
        self.around.state.change(change).await
    }

    fn holds(&self, slot: Slot, what: impl Fn(&StoredSlot) -> bool) -> bool {
        self.state().slots[slot].as_ref().is_some_and(what)
    }

    fn weight(&self, slot: Slot) -> u16 {
        self.around.proxy.route().split.bps(slot)
    }

    fn refuse_weight(&self, slot: Slot) -> Result<(), Denied> {
        match self.weight(slot) {
            0 => Ok(()),
            bps => {
                let percent = f64::from(bps) / 100.0;
                Err(Denied::refused(format!("{slot} has {percent} % of the traffic")))
            }
        }
    }

    fn run_folder(&self, slot: Slot, stored: &StoredSlot) -> PathBuf {
        self.folder.join(slot.as_str()).join(stored.run.as_str())
    }

    /// Shims that an agent started just before it was killed, or was stopping when it was.
    fn end_strangers(&self, slot: Slot, kept: Option<&StoredSlot>) {
        let known =
            kept.filter(|stored| stored.failure.is_none()).map(|stored| self.run_folder(slot, stored));
        for run in files::folders_in(&self.folder.join(slot.as_str())) {
            if known.as_ref() == Some(&run) {
                continue;
            }
            for dir in files::folders_in(&run) {
                if let Found::Running(running) = ShimFolder::new(dir, self.around.shim.clone()).find() {
                    self.around.tasks.spawn(async move {
                        running.stop().await;
                    });
                }
            }
        }
    }

    /// Logs explain the last few runs; older ones go.
    fn forget_old_runs(&self, slot: Slot, stored: &StoredSlot) {
        let current = self.run_folder(slot, stored);
        let mut others = files::folders_in(&self.folder.join(slot.as_str()));
        others.retain(|run| *run != current);
        others.sort_by_key(|run| std::cmp::Reverse(files::changed_at(run)));
        for old in others.iter().skip(KEPT_RUNS - 1) {
            // Only a log is lost or kept by it.
            let _ = std::fs::remove_dir_all(old);
        }
    }

    fn state(&self) -> Arc<AgentState> {
        self.around.state.get()
    }
}

fn view_without_processes(slot: Slot, stored: Option<StoredSlot>) -> SlotView {
    let (release, run, failure, pin, retained_until) = match stored {
        Some(s) => (Some(s.release), Some(s.run), s.failure, Some(s.pin), s.retained_until),
        None => (None, None, None, None, None),
    };
    SlotView { slot, release, run, instances: Vec::new(), failure, pin, retained_until }
}

/// 128 bits nobody can guess, as hexadecimal digits.
pub(crate) fn new_pin() -> std::io::Result<String> {
    use std::io::Read as _;
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(crate::releases::to_hex(&bytes))
}

async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    match tokio::task::spawn_blocking(work).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is being shut down: nobody waits for this any more.
        Err(Err(_)) => std::future::pending().await,
    }
}
