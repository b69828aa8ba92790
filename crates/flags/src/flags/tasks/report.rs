use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Progress, progress_or};
use crate::FlagName;
use crate::flags::shared::Shared;
use crate::store::{FlagStore, Revision, Seen, Usage};

/// How often a process says that it lives; a store forgets it after half a minute.
const ALIVE: Duration = Duration::from_secs(10);

/// How soon it says so again where it could not.
const RETRY: Duration = Duration::from_secs(1);

/// How often it says which flags it uses.
const USAGE: Duration = Duration::from_mins(1);

/// Tells the store what this process has taken up, and what it uses flags for.
pub(in crate::flags) async fn report(
    store: Arc<dyn FlagStore>,
    shared: Arc<Shared>,
    instance: Arc<str>,
    declared: Vec<FlagName>,
    mut progress: Progress,
) {
    let mut reads = HashMap::new();
    let (mut said, mut alive_due, mut usage_due) = (None, Instant::now(), Instant::now());
    loop {
        let heard = heard(&progress.borrow_and_update());
        // A value that no change through a store has counted is nobody's to confirm: a thousand processes write nothing.
        if let Some(revision) = heard.filter(|_| heard != said || Instant::now() >= alive_due) {
            // A store that cannot be told is said by its watch already; somebody may wait for the word all the same.
            let told = store.report_seen(&Seen { instance: Arc::clone(&instance), revision }).await;
            let again = if told.is_ok() { ALIVE } else { RETRY };
            (said, alive_due) = (heard, Instant::now() + about(again));
        }
        if heard.is_some() && Instant::now() >= usage_due {
            let _ = store.report_usage(&usage(&shared, &declared, &mut reads)).await;
            usage_due = Instant::now() + USAGE;
        }
        let wait = alive_due.min(usage_due).saturating_duration_since(Instant::now());
        let wait = if heard.is_some() { wait } else { ALIVE };
        if progress_or(&mut progress, wait).await {
            return;
        }
    }
}

/// So long, give or take a fifth, so that processes that began together do not speak together.
fn about(time: Duration) -> Duration {
    time.mul_f64(0.8 + fastrand::f64() * 0.4)
}

fn heard(taken_up: &super::TakenUp) -> Option<Revision> {
    taken_up.by_the_store.then(|| taken_up.revision.unwrap_or_default())
}

/// What was read since this was last asked.
fn usage(shared: &Shared, declared: &[FlagName], reads: &mut HashMap<FlagName, u64>) -> Usage {
    let mut evaluated = Vec::new();
    for exposure in shared.exposures() {
        let now = exposure.on.wrapping_add(exposure.off);
        if reads.insert(exposure.flag.clone(), now).unwrap_or_default() != now {
            evaluated.push(exposure.flag);
        }
    }
    Usage { declared: declared.to_vec(), evaluated }
}
