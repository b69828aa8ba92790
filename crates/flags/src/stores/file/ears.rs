use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher, event::AccessKind, event::AccessMode};
use tokio::sync::Notify;
use tokio::time::timeout;

/// Hears of changes in the folders on the way to the file, where the operating system tells of them.
pub(super) struct Ears {
    /// `false` where the system is not to be asked: it does not tell of changes on every kind of disk.
    wanted: bool,
    heard: Arc<Notify>,
    folders: Vec<PathBuf>,
    watcher: Option<RecommendedWatcher>,
}

impl Ears {
    pub(super) fn new(wanted: bool) -> Self {
        Self { wanted, heard: Arc::new(Notify::new()), folders: Vec::new(), watcher: None }
    }

    /// Whether anything would be heard.
    pub(super) const fn open(&self) -> bool {
        self.watcher.is_some()
    }

    /// Listens in these folders: anew where they are others than before, and where nothing was heard of a change.
    ///
    /// Says whether it began anew, so that something may have happened unheard. Blocks the thread.
    pub(super) fn listen(mut self, folders: Vec<PathBuf>, anew: bool) -> (Self, bool) {
        if !self.wanted || (self.open() && !anew && folders == self.folders) {
            return (self, false);
        }
        self.watcher = self.watch(&folders).inspect_err(deaf).ok();
        self.folders = folders;
        let begun = self.open();
        (self, begun)
    }

    fn watch(&self, folders: &[PathBuf]) -> notify::Result<RecommendedWatcher> {
        if folders.is_empty() {
            return Err(notify::Error::path_not_found());
        }
        let heard = Arc::clone(&self.heard);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error may be a lost event, so it counts as one.
            if event.map_or(true, |event| matters(event.kind)) {
                heard.notify_one();
            }
        })?;
        folders.iter().try_for_each(|folder| watcher.watch(folder, RecursiveMode::NonRecursive))?;
        Ok(watcher)
    }

    /// Waits until something is heard; `false` once it has been quiet for this long.
    pub(super) async fn wait(&self, at_most: Duration) -> bool {
        timeout(at_most, self.heard.notified()).await.is_ok()
    }
}

/// Reading the file changes nothing, or each look would cause the next.
const fn matters(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(_))
        || matches!(kind, EventKind::Access(AccessKind::Close(AccessMode::Write)))
}

fn deaf(error: &notify::Error) {
    tracing::debug!(%error, "the system does not tell of changes to the file, so it is read from time to time");
}
