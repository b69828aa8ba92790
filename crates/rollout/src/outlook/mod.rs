//! How the service looks from outside during a run.
//!
//! What the judge counts is what arrived. Users who do not get through any more send nothing that could be counted, so
//! the service is also asked from outside, at several addresses. When too many of these views lose it after the switch,
//! the run goes back, under three rules:
//!
//! - **Never for one view more than was agreed.** Of n views of which k are needed, n - k may be lost. A view alone
//!   decides only where all are needed.
//! - **Never for what was so before.** A view counts only if it saw the service well right before the switch. One that
//!   stable could not satisfy either says nothing about the candidate; where too few are left, the views are told of
//!   and decide nothing.
//! - **Never for one's own network.** Where the lost views all fail in the same way, without anybody answering, and the
//!   backend that moves traffic cannot be reached either, it is this machine that is cut off. The run waits and says
//!   so. Nothing is lost by it: a way back could not be taken without the backend. Once that answers, each view is
//!   asked once more, and if too many are down then, the way back is taken. An agent on this machine always answers: there a cut uplink takes the candidate back,
//!   which is safe, and the reason says what the views met.
//!
//! At a share below 100 % a view may be answered by either release, so a candidate that is bad for a view is seldom bad
//! three times in a row; a view that clients' stickiness leads to the candidate sees it at once. A lost quorum goes back
//! from every share: that is safe from everywhere.

mod before;
mod line;
mod sight;
mod spec;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use handover_health::{Views, ViewsEvent, ViewsReport};
use handover_runbook::Record;
use tokio::sync::{Mutex, broadcast};

pub(crate) use line::{Changed, note};
pub use line::{ViewLine, view_lines};
pub(crate) use sight::Sight;
pub use spec::ViewsSpec;

/// The views of one run, and which of them saw the service well before the switch.
#[derive(Debug)]
pub struct Outlook {
    pub(crate) views: Views,
    /// Names; not there before that was found out.
    before: OnceLock<BTreeSet<String>>,
    /// Shared by the steps of a run; one of them listens at a time, so each change is told once.
    pub(crate) heard: Mutex<broadcast::Receiver<ViewsEvent>>,
    pub(crate) doubt: Mutex<Option<Doubt>>,
}

/// Nobody answers the views: that may be this machine's own network.
#[derive(Debug)]
pub(crate) struct Doubt {
    /// How often each view had been asked when that was last so.
    pub(crate) checks: Vec<u64>,
    /// Whether the run's story has it.
    pub(crate) said: bool,
}

impl Outlook {
    /// These views, for a run that goes on from these records: what its first driver found out before the switch is
    /// there. None are the records of a new run.
    pub fn new(views: Views, records: &[Record]) -> Self {
        let heard = Mutex::new(views.subscribe());
        let before = OnceLock::new();
        if let Some(found) = before::recorded(records) {
            before.get_or_init(|| found);
        }
        Self { views, before, heard, doubt: Mutex::default() }
    }

    /// How each view stands now.
    pub fn report(&self) -> ViewsReport {
        self.views.report()
    }

    /// How things look now.
    pub(crate) fn sight(&self) -> Sight {
        self.sight_of(self.views.report())
    }

    /// Keeps what the views say now as what was so before the switch.
    pub(crate) fn keep_as_before(&self, report: &ViewsReport) {
        self.before.get_or_init(|| before::well(report));
    }

    pub(crate) fn sight_of(&self, report: ViewsReport) -> Sight {
        Sight::new(report, self.before.get().cloned().unwrap_or_default())
    }
}
