//! What goes on behind the readers' backs, each in a task of its own so that none holds up another.

mod count;
mod listen;
mod report;
mod save;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::store::{Contents, Revision};

pub(super) use count::{OnExposures, count};
pub(super) use listen::{Limits, listen};
pub(super) use report::report;
pub(super) use save::save;

/// What the listening task has taken up so far, for the other tasks.
#[derive(Debug, Clone, Default)]
pub(super) struct TakenUp {
    /// Empty where nobody saves it.
    pub(super) contents: Arc<Contents>,
    /// Once the store itself has spoken.
    pub(super) by_the_store: bool,
    pub(super) revision: Option<Revision>,
}

pub(super) type Progress = watch::Receiver<TakenUp>;

/// Tasks that end with the last of those who hold them.
#[derive(Debug, Default)]
pub(super) struct Tasks(Vec<JoinHandle<()>>);

impl Tasks {
    pub(super) fn add(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.push(tokio::spawn(task));
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Waits until there is progress, or for this long. False once there can be none any more.
async fn progress_or(progress: &mut Progress, most: Duration) -> bool {
    tokio::time::timeout(most, progress.changed()).await.is_ok_and(|changed| changed.is_err())
}
