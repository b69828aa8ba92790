//! A release in a slot: its instances, what is known of them, and which of them get requests.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use handover_core::Slot;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use super::keeper::{Keeper, Order};
use super::owner;
use super::seat::Seat;
use super::tail::last_lines;
use crate::api::{LaunchFailure, ReleaseSpec, SlotView};
use crate::denied::Denied;
use crate::proxy::{Proxy, Targets};
use crate::shim::{CommandPrefix, ShimFolder};
use crate::state::{StateStore, StoredSlot};
use crate::tasks::Tasks;

/// What a tenancy needs of its surroundings.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    pub(super) proxy: Proxy,
    pub(super) state: Arc<StateStore>,
    pub(super) shim: CommandPrefix,
    pub(super) tasks: Tasks,
}

/// A release in a slot, from its launch to the end of its last process.
#[derive(Debug)]
pub(super) struct Tenancy {
    pub(super) slot: Slot,
    pub(super) spec: ReleaseSpec,
    pub(super) working_folder: PathBuf,
    pub(super) around: Surroundings,
    folder: PathBuf,
    stored: StoredSlot,
    board: Mutex<Board>,
    /// Changes with the board, for whoever waits for something on it.
    changed: watch::Sender<()>,
    orders: Vec<mpsc::UnboundedSender<Order>>,
}

/// What is known; every change of it goes through [`Tenancy::change`].
#[derive(Debug)]
struct Board {
    seats: Vec<Seat>,
    was_ready: bool,
    failure: Option<LaunchFailure>,
    /// The slot's targets are somebody else's business from here on.
    left: bool,
}

impl Tenancy {
    /// Moves a release in: its instances are found where they run already, and launched where they do not.
    pub(super) fn begin(
        slot: Slot,
        stored: StoredSlot,
        spec: ReleaseSpec,
        working_folder: PathBuf,
        folder: PathBuf,
        around: Surroundings,
    ) -> Arc<Self> {
        let (orders, inboxes): (Vec<_>, Vec<_>) =
            (0..spec.instances).map(|_| mpsc::unbounded_channel()).unzip();
        let board = Board {
            seats: (0..spec.instances).map(Seat::new).collect(),
            was_ready: stored.was_ready,
            failure: None,
            left: false,
        };
        let (changed, _) = watch::channel(());
        let board = Mutex::new(board);
        let tenancy =
            Arc::new(Self { slot, spec, working_folder, around, folder, stored, board, changed, orders });
        tenancy.publish(&tenancy.lock());
        for (index, inbox) in (0..).zip(inboxes) {
            let keeper = Keeper::new(Arc::clone(&tenancy), index, inbox);
            tenancy.around.tasks.spawn(keeper.keep());
        }
        tenancy.around.tasks.spawn(Arc::clone(&tenancy).limit_start());
        tenancy
    }

    /// The folder in which an instance's shim works.
    pub(super) fn shim_folder(&self, index: u16) -> ShimFolder {
        ShimFolder::new(self.folder.join(index.to_string()), self.around.shim.clone())
    }

    pub(super) fn view(&self, stored: &StoredSlot) -> SlotView {
        let board = self.lock();
        SlotView {
            slot: self.slot,
            release: Some(self.stored.release.clone()),
            run: Some(self.stored.run.clone()),
            instances: board.seats.iter().map(|seat| seat.view.clone()).collect(),
            failure: board.failure.clone(),
            pin: Some(self.stored.pin.clone()),
            retained_until: stored.retained_until,
        }
    }

    /// The addresses of the ready instances.
    pub(super) fn ready(&self) -> Vec<std::net::SocketAddr> {
        self.lock().seats.iter().filter_map(Seat::target).collect()
    }

    /// Whether this instance is ready.
    pub(super) fn is_ready(&self, index: u16) -> bool {
        self.lock().seats.get(usize::from(index)).is_some_and(Seat::is_ready)
    }

    /// Ports that are given out already, listened on or not.
    pub(super) fn ports(&self) -> Vec<u16> {
        self.lock().seats.iter().map(|seat| seat.view.port).collect()
    }

    /// Whether every instance was ready at once, at any time.
    pub(super) fn was_ready(&self) -> bool {
        self.lock().was_ready
    }

    /// Changes an instance's seat; the proxy has the new targets when this returns.
    pub(super) fn change(self: &Arc<Self>, index: u16, change: impl FnOnce(&mut Seat)) {
        let mut board = self.lock();
        let Some(seat) = board.seats.get_mut(usize::from(index)) else { return };
        let (target, was_ready) = (seat.target(), seat.is_ready());
        change(seat);
        if seat.is_ready() && !was_ready {
            seat.times_ready += 1;
        }
        if seat.target() != target {
            self.publish(&board);
        }
        let first_time = !board.was_ready && board.seats.iter().all(Seat::is_ready);
        if first_time {
            board.was_ready = true;
            self.around.tasks.spawn(Arc::clone(self).remember_ready());
        }
        drop(board);
        self.changed.send_replace(());
    }

    /// The launch has failed: the cause is kept, everything is stopped.
    pub(super) fn fail(self: &Arc<Self>, index: u16, cause: String) {
        let failure = {
            let mut board = self.lock();
            if board.failure.is_some() || board.was_ready {
                return;
            }
            let log = self.shim_folder(index).dir().join(super::LOG);
            let failure = LaunchFailure { cause, log_tail: last_lines(&log) };
            board.failure = Some(failure.clone());
            failure
        };
        tracing::warn!(slot = %self.slot, release = %self.spec.id, cause = %failure.cause, "the launch failed");
        self.leave();
        self.order_all(&Order::Stop);
        self.around.tasks.spawn(Arc::clone(self).remember_failure(failure));
        self.changed.send_replace(());
    }

    /// Takes the release out of the traffic, drains and ends every instance.
    pub(super) async fn stop(self: &Arc<Self>) {
        self.leave();
        self.order_all(&Order::Stop);
        self.until(|board| board.seats.iter().all(|seat| seat.closed)).await;
    }

    /// Replaces every instance, one by one, each only once the one before is ready again.
    pub(super) async fn restart(self: &Arc<Self>) -> Result<(), Denied> {
        for (index, orders) in self.orders.iter().enumerate() {
            let seat = |board: &Board| board.seats.get(index).map_or(0, |seat| seat.times_ready);
            let before = seat(&self.lock());
            let _ = orders.send(Order::Replace);
            let ready = self.until(|board| board.failure.is_some() || seat(board) > before);
            if timeout(self.spec.health.start_limit, ready).await.is_err() {
                let trouble = self.trouble_of(index);
                let limit = self.spec.health.start_limit;
                return Err(Denied::refused(format!(
                    "instance {index} was not ready {limit:?} after its restart ({trouble}); the others run on"
                )));
            }
        }
        Ok(())
    }

    fn trouble_of(&self, index: usize) -> String {
        let trouble = self.lock().seats.get(index).and_then(|seat| seat.view.trouble.clone());
        trouble.unwrap_or_else(|| "no probe was answered".to_owned())
    }

    /// From now on the slot's targets are not this tenancy's any more.
    fn leave(&self) {
        let mut board = self.lock();
        if !board.left {
            board.left = true;
            self.around.proxy.set_targets(self.slot, None);
        }
    }

    /// Under the board's lock, so that an older list never replaces a newer one.
    fn publish(&self, board: &Board) {
        if board.left {
            return;
        }
        let instances = board.seats.iter().filter_map(Seat::target).map(Into::into).collect();
        let (release, pin) = (self.stored.release.clone(), self.stored.pin.clone());
        self.around.proxy.set_targets(self.slot, Some(Targets { release, instances, pin }));
    }

    fn order_all(&self, order: &Order) {
        for orders in &self.orders {
            // A keeper that has ended already needs no order.
            let _ = orders.send(order.clone());
        }
    }

    /// A launch that is not done within its limit has failed, whatever its processes do.
    async fn limit_start(self: Arc<Self>) {
        let settled = self.until(|board| board.was_ready || board.failure.is_some() || board.left);
        if timeout(self.spec.health.start_limit, settled).await.is_err() {
            let (index, cause) = self.why_not_ready().await;
            self.fail(index, cause);
        }
    }

    async fn why_not_ready(&self) -> (u16, String) {
        let found = {
            let board = self.lock();
            let seat = board.seats.iter().find(|seat| !seat.is_ready());
            seat.map(|seat| (seat.view.index, seat.view.port, seat.session, seat.view.trouble.clone()))
        };
        let Some((index, port, session, trouble)) = found else {
            return (0, "never became ready".to_owned());
        };
        let elsewhere = match session {
            Some(session) => {
                tokio::task::spawn_blocking(move || owner::ports_of(session)).await.unwrap_or_default()
            }
            None => Vec::new(),
        };
        if !elsewhere.is_empty() && !elsewhere.contains(&port) {
            let ports: Vec<String> = elsewhere.iter().map(ToString::to_string).collect();
            return (index, format!("it listens on {} instead of $PORT={port}", ports.join(", ")));
        }
        let trouble = trouble.unwrap_or_else(|| "none was answered".to_owned());
        let limit = self.spec.health.start_limit;
        (index, format!("it never became ready within {limit:?}: last probe: {trouble}"))
    }

    /// Waits for something on the board. It may have passed again by the time this returns.
    async fn until(&self, wanted: impl Fn(&Board) -> bool) {
        let mut changed = self.changed.subscribe();
        while !wanted(&self.lock()) {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    async fn remember_ready(self: Arc<Self>) {
        self.remember(|stored| stored.was_ready = true).await;
    }

    async fn remember_failure(self: Arc<Self>, failure: LaunchFailure) {
        self.remember(|stored| stored.failure = Some(failure)).await;
    }

    /// Writes to the stored slot, if it is still this tenancy's. A full disk is tried again: only an agent that is
    /// restarted meanwhile would miss it.
    async fn remember(&self, change: impl FnOnce(&mut StoredSlot) + Clone + Send + 'static) {
        let (slot, run, release) = (self.slot, self.stored.run.clone(), self.stored.release.clone());
        loop {
            let (change, run, release) = (change.clone(), run.clone(), release.clone());
            let saved = self.around.state.change(move |state| {
                if let Some(stored) =
                    state.slots[slot].as_mut().filter(|s| s.run == run && s.release == release)
                {
                    change(stored);
                }
                Ok::<_, crate::state::StateError>(())
            });
            match saved.await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(error = %crate::one_line(&error), "could not save what a launch came to");
                }
            }
            sleep(SAVE_AGAIN).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const SAVE_AGAIN: Duration = Duration::from_secs(1);
