use std::sync::Arc;

use handover_core::Timestamp;

use super::need::Need;
use super::quorum::Quorum;
use crate::{ProbeClass, Standing, Status, Transition};

/// How a service stands, as several views see it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ViewsReport {
    /// Up where enough views are up, down where too many are down for that, else not known.
    pub standing: Standing,
    /// How many views have to be up.
    pub need: usize,
    /// Each view, in the order given.
    pub views: Vec<ViewReport>,
}

/// How a service stands, as one view sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ViewReport {
    /// The view's name.
    pub name: Arc<str>,
    /// Its standing, last answer, number of checks and recent past.
    pub status: Status,
}

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViewsEvent {
    /// How one view sees the service.
    View {
        /// The view's name.
        name: Arc<str>,
        /// From what to what, after how long.
        change: Transition,
    },
    /// What all of them amount to.
    Whole {
        /// What it was.
        from: Standing,
        /// What it is now.
        to: Standing,
        /// The views that are down now.
        down: Vec<Arc<str>>,
    },
}

impl ViewsReport {
    pub(super) fn before_any_answer(quorum: &Quorum) -> Self {
        let view = |name: &Arc<str>| ViewReport { name: name.clone(), status: Status::default() };
        let views = quorum.views.iter().map(|view_of| view(&view_of.name)).collect();
        Self { standing: Standing::Starting, need: quorum.need(), views }
    }

    /// Whether every view has found out how it sees the service.
    pub fn is_settled(&self) -> bool {
        self.views.iter().all(|view| view.status.standing != Standing::Starting)
    }

    /// The views that are down.
    pub fn down(&self) -> impl Iterator<Item = &ViewReport> {
        self.views.iter().filter(|view| view.status.standing == Standing::Down)
    }

    /// What the views amount to now.
    pub(super) fn counted(&self) -> Standing {
        let count = |wanted| self.views.iter().filter(|view| view.status.standing == wanted).count();
        let need = Need { need: self.need, of: self.views.len() };
        need.standing(count(Standing::Up), count(Standing::Down))
    }
}

impl ViewReport {
    /// What kind of failure the last answer was; `None` where it was good, or there is none yet.
    pub fn class(&self) -> Option<ProbeClass> {
        Some(self.status.last.as_ref()?.as_ref().err()?.class())
    }

    /// Since when it stands as it does; `None` where it always has.
    pub fn since(&self) -> Option<Timestamp> {
        Some(self.status.lately.changes.last()?.at)
    }
}
