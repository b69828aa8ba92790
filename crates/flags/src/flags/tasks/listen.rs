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
    let news = matches!(event, StoreEvent::Contents { .. } | StoreEvent::Changed { .. });
    intake.take(event);
    if news {
        let contents = if saved { Arc::new(intake.snapshot()) } else { Arc::default() };
        let revision = intake.revision();
        progress.send_replace(TakenUp { contents, by_the_store: true, revision });
    }
}

/// A watch ends only with its store; one that ended all the same is begun anew.
async fn again(store: &dyn FlagStore) -> Watch {
    sleep(PAUSE).await;
    store.watch()
}
