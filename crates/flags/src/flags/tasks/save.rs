use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Progress, TakenUp, progress_or};
use crate::flags::fresh::AsOf;
use crate::flags::last_known_good;
use crate::flags::shared::Shared;

/// How long changes gather before they are saved together.
const GATHER: Duration = Duration::from_millis(100);

/// How often the file is written where nothing changes, so that its age is true.
const REFRESH: Duration = Duration::from_mins(1);

/// Keeps the file of last known values up to date.
pub(in crate::flags) async fn save(path: PathBuf, shared: Arc<Shared>, mut progress: Progress) {
    loop {
        if progress_or(&mut progress, REFRESH).await {
            return;
        }
        tokio::time::sleep(GATHER).await;
        let (taken_up, as_of) = look(&mut progress, &shared);
        // What came from the file itself needs no saving, and makes nothing younger.
        if taken_up.by_the_store {
            write(path.clone(), &shared, taken_up.contents, as_of).await;
        }
    }
}

/// What was taken up, and since when that is known: both of one moment.
pub(super) fn look(progress: &mut Progress, shared: &Shared) -> (TakenUp, AsOf) {
    let taken_up = progress.borrow_and_update();
    let as_of = shared.fresh.as_of();
    (taken_up.clone(), as_of)
}

async fn write(path: PathBuf, shared: &Shared, contents: Arc<crate::Contents>, as_of: AsOf) {
    let age = move || as_of.age().unwrap_or_default();
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || last_known_good::write(&path, &contents, age)).await;
    let trouble = match written {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("{shown} cannot be written: {error}")),
        Err(error) => Some(format!("{shown} cannot be written: {error}")),
    };
    shared.with_status(|status| {
        if let Some(trouble) = trouble.as_ref().filter(|_| status.last_known_good.is_none()) {
            tracing::error!(%trouble, "a restart during an outage would not know the last values");
        }
        status.last_known_good = trouble.map(Into::into);
    });
}
