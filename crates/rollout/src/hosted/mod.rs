//! Releases that run where no agent looks after them: on a platform, or behind a command of the operator's.
//!
//! A [`Host`] starts and stops releases and says how they are; which release sits in which slot, and which of them is
//! stable, is in the [`Roster`], a small file beside the logbook. [`HostedLauncher`] makes a
//! [`Launcher`](crate::Launcher) of the two.

#[cfg(feature = "local")]
mod command;
mod launcher;
mod roster;
mod silent;
#[cfg(feature = "web")]
mod web;

#[cfg(feature = "local")]
pub use command::{CommandHost, CommandSpec};
pub use launcher::HostedLauncher;
pub use roster::{Roster, RosterError, Seat, Standing};
pub use silent::SilentSource;
#[cfg(feature = "web")]
pub use web::{Door, Doors, WebFront};

use std::time::Duration;

use async_trait::async_trait;
use handover_core::{ReleaseId, RunId, Slot};

use crate::WorldError;

/// Where releases run.
#[async_trait]
pub trait Host: std::fmt::Debug + Send + Sync {
    /// How the release that `seat` launched into `slot` is.
    ///
    /// # Errors
    ///
    /// It could not be asked; that says nothing about the release.
    async fn look(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError>;

    /// Launches a release, or finds that this run has launched it already. Returns once the host has taken it on; how
    /// it comes up is asked with [`Host::look`].
    ///
    /// # Errors
    ///
    /// The host refused, or did not answer.
    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError>;

    /// Stops a release that has no traffic. On a host that stops what has no traffic by itself, or keeps it for the way
    /// back at no cost, this does nothing.
    ///
    /// # Errors
    ///
    /// As for [`Host::launch`].
    async fn stop(&self, slot: Slot, seat: &Seat) -> Result<(), WorldError>;

    /// What serves from `slot` though handover never launched it there: what was running before it came. `None` where
    /// nothing answers, or nobody can tell.
    ///
    /// # Errors
    ///
    /// As for [`Host::look`].
    async fn found(&self, _slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        Ok(None)
    }

    /// Whether [`Host::stop`] ends anything.
    fn stops(&self) -> bool {
        true
    }

    /// How old an answer of [`Host::look`] may be while a release is only watched: a platform with a quota is asked less.
    fn pace(&self) -> Duration {
        Duration::ZERO
    }

    /// The last lines it logged, oldest first; none where nobody knows.
    async fn last_lines(&self, _slot: Slot, _seat: &Seat) -> Vec<String> {
        Vec::new()
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<H: Host + ?Sized> Host for std::sync::Arc<H> {
    async fn look(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError> {
        (**self).look(slot, seat).await
    }

    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError> {
        (**self).launch(slot, release, run).await
    }

    async fn stop(&self, slot: Slot, seat: &Seat) -> Result<(), WorldError> {
        (**self).stop(slot, seat).await
    }

    async fn found(&self, slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        (**self).found(slot).await
    }

    fn stops(&self) -> bool {
        (**self).stops()
    }

    fn pace(&self) -> Duration {
        (**self).pace()
    }

    async fn last_lines(&self, slot: Slot, seat: &Seat) -> Vec<String> {
        (**self).last_lines(slot, seat).await
    }
}

/// How a release is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It is not there any more.
    Gone,
    /// It is on its way.
    Starting {
        /// One line for a person: what it waits for.
        summary: String,
    },
    /// It may have traffic.
    Ready {
        /// One line for a person.
        summary: String,
        /// How often it ended and was started again, where the host counts that.
        restarts: u32,
    },
    /// It will never be ready.
    Failed {
        /// Why.
        cause: String,
        /// The last lines it logged.
        log: Vec<String>,
    },
}
