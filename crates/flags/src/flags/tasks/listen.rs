use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use super::TakenUp;
use crate::flags::intake::Intake;
use crate::flags::shared::Shared;
use crate::store::{FlagStore, StoreEvent, Watch};

/// How often flags that turn with time are looked at for those who follow them.
const TICK: Duration = Duration::from_secs(1);

/// How long is waited before a store whose watch ended is watched again.
const PAUSE: Duration = Duration::from_secs(1);

pub(in crate::flags) struct Limits {
    pub(in crate::flags) max_staleness: Duration,
    /// Whether somebody saves what is taken up.
    pub(in crate::flags) saved: bool,
}

/// Takes up what the store says, for ever.
pub(in crate::flags) async fn listen(
    store: Arc<dyn FlagStore>,
    shared: Arc<Shared>,
    mut intake: Intake,
    limits: Limits,
    progress: watch::Sender<TakenUp>,
) {
    let mut watch = store.watch();
    let mut tick = Instant::now() + TICK;
    loop {
        match timeout_at(due(&intake, &shared, &limits, tick), watch.next()).await {
            Ok(Some(event)) => take(&mut intake, event, limits.saved, &progress),
            Ok(None) => watch = again(&*store).await,
            Err(_) => {}
        }
        intake.too_old(limits.max_staleness);
        if Instant::now() >= tick {
            intake.tick();
            tick = Instant::now() + TICK;
        }
    }
}

/// The next moment at which something happens without an event.
fn due(intake: &Intake, shared: &Shared, limits: &Limits, tick: Instant) -> Instant {
    let stale = shared.fresh.as_of().reaches(limits.max_staleness).filter(|_| !intake.is_too_old());
    stale.map_or(tick, |stale| stale.min(tick))
}

fn take(intake: &mut Intake, event: StoreEvent, saved: bool, progress: &watch::Sender<TakenUp>) {
    if !matches!(event, StoreEvent::Contents { .. } | StoreEvent::Changed { .. }) {
        return intake.take(event);
    }
    // Who looks at both finds no former contents with the moment of the new ones.
    progress.send_modify(|taken_up| {
        intake.take(event);
        let contents = if saved { Arc::new(intake.snapshot()) } else { Arc::default() };
        *taken_up = TakenUp { contents, by_the_store: true, revision: intake.revision() };
    });
}

/// A watch ends only with its store; one that ended all the same is begun anew.
async fn again(store: &dyn FlagStore) -> Watch {
    sleep(PAUSE).await;
    store.watch()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::flags::handle::NOBODY;
    use crate::flags::tasks::save::look;
    use crate::flags::{OnStale, Standing, Started, Status, WipeGuard};
    use crate::{FlagName, Held, Key, Revision};

    const ROUNDS: u64 = 20_000;

    fn status() -> Status {
        Status {
            store: "test".to_owned(),
            standing: Standing::Never,
            started: Started::Safe,
            delivery: None,
            age: None,
            revision: None,
            reconnects: 0,
            flags: 0,
            malformed: BTreeMap::new(),
            suspect: None,
            last_error: None,
            last_known_good: None,
        }
    }

    /// The nth change, known since the nth microsecond.
    fn change(number: u64, start: Instant) -> StoreEvent {
        let text = if number.is_multiple_of(2) { "true" } else { "false" };
        let changes = vec![(Key::Gate(FlagName::new("x").unwrap()), Some(Held::from(text)))];
        let as_of = start + Duration::from_micros(number);
        StoreEvent::Changed { changes, revision: Some(Revision(number)), as_of }
    }

    /// Does it until the changes are over.
    fn while_it_changes(over: &AtomicBool, mut look: impl FnMut()) {
        while !over.load(Ordering::Relaxed) {
            look();
        }
    }

    #[test]
    fn nobody_finds_a_former_value_with_the_moment_of_a_newer_one() {
        let shared = Arc::new(Shared::new(status(), false));
        let mut intake =
            Intake::new(Arc::clone(&shared), HashMap::new(), WipeGuard::default(), OnStale::Hold);
        let (progress, mut taken_up) = watch::channel(TakenUp::default());
        let start = Instant::now();
        take(&mut intake, change(0, start), true, &progress);
        let zero = shared.fresh.as_of().at();
        let number = |at: i64| u64::try_from(at - zero).unwrap() / 1_000;
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while_it_changes(&over, || {
                    let slot = shared.table.get("x").unwrap();
                    let read = shared.evaluate(slot, &NOBODY);
                    assert!(read.revision >= number(read.as_of.at()), "{read:?}");
                });
            });
            scope.spawn(|| {
                while_it_changes(&over, || {
                    let (saved, as_of) = look(&mut taken_up, &shared);
                    assert!(saved.revision.unwrap().0 >= number(as_of.at()), "{saved:?} as of {as_of:?}");
                });
            });
            (1..ROUNDS).for_each(|number| take(&mut intake, change(number, start), true, &progress));
            over.store(true, Ordering::Relaxed);
        });
    }
}
