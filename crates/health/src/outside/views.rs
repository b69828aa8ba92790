use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

use super::quorum::Quorum;
use super::report::{ViewsEvent, ViewsReport};
use crate::watch::{Next, Watched};
use crate::{Schedule, Standing, Status};

/// So many changes are kept for a subscriber that is slow.
const EVENTS: usize = 64;

/// The views of a [`Quorum`], each asked in the background by itself; dropped, they are asked no more.
///
/// A view that hangs is felt by no other. A view's standing follows rise and fall and nothing else: a 503 counts like
/// any bad answer, since what answers may be a proxy on the way.
///
/// ```
/// # use std::time::Duration;
/// # use handover_health::{Quorum, Schedule, Standing, View, Views, probe_fn};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let home = View::new("home", probe_fn(|| async { Ok(()) }));
/// let away = View::new("away", probe_fn(|| async { Ok(()) }));
/// let views = Views::spawn(Quorum::new([home, away], 2)?, Schedule::default());
/// assert_eq!(views.settled(Duration::from_secs(5)).await.standing, Standing::Up);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Views {
    told: Arc<Told>,
    schedule: Schedule,
    /// Asks for as long as it is kept.
    _watched: Vec<Watched>,
}

/// What the views have said.
#[derive(Debug)]
struct Told {
    report: watch::Sender<ViewsReport>,
    events: broadcast::Sender<ViewsEvent>,
}

impl Views {
    /// Begins to ask, every view at once and then on schedule.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with time enabled.
    pub fn spawn(quorum: Quorum, schedule: Schedule) -> Self {
        let schedule = schedule.with_unready_at_once(false);
        let report = watch::Sender::new(ViewsReport::before_any_answer(&quorum));
        let told = Arc::new(Told { report, events: broadcast::Sender::new(EVENTS) });
        let watch = |(index, view): (usize, super::View)| {
            let told = told.clone();
            let heard = move |status: &Status| {
                told.heard(index, status);
                Next::Again
            };
            Watched::telling(view.probe, schedule.clone(), heard)
        };
        let watched = quorum.views.into_iter().enumerate().map(watch).collect();
        Self { told, schedule, _watched: watched }
    }

    /// What the views amount to now. Waits for nothing.
    pub fn standing(&self) -> Standing {
        self.told.report.borrow().standing
    }

    /// How each view stands now. Waits for nothing.
    pub fn report(&self) -> ViewsReport {
        self.told.report.borrow().clone()
    }

    /// How often each is asked.
    pub const fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Changes from now on; who lags behind by more than 64 misses the oldest.
    pub fn subscribe(&self) -> broadcast::Receiver<ViewsEvent> {
        self.told.events.subscribe()
    }

    /// Waits until every view has found out how it sees the service, for `limit` at most; says how things stand then.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the waiting; the asking goes on.
    pub async fn settled(&self, limit: Duration) -> ViewsReport {
        let mut reports = self.told.report.subscribe();
        // The sender lives in `self`, so only the limit can end this early.
        let _ = timeout(limit, reports.wait_for(ViewsReport::is_settled)).await;
        self.report()
    }

    /// Waits for the next answer of any view.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the waiting; the asking goes on.
    pub async fn answered(&self) {
        // As above: there is always a sender.
        let _ = self.told.report.subscribe().changed().await;
    }
}

impl Told {
    /// A view answered. Events are sent under the report's lock, so that their order is that of the changes.
    fn heard(&self, index: usize, status: &Status) {
        self.report.send_modify(|report| {
            let view = &mut report.views[index];
            let before = std::mem::replace(&mut view.status, status.clone()).standing;
            if before != status.standing
                && let Some(change) = status.lately.changes.last()
            {
                self.send(ViewsEvent::View { name: view.name.clone(), change: change.clone() });
            }
            let (from, to) = (report.standing, report.counted());
            if from != to {
                report.standing = to;
                let down = report.down().map(|view| view.name.clone()).collect();
                self.send(ViewsEvent::Whole { from, to, down });
            }
        });
    }

    fn send(&self, event: ViewsEvent) {
        // Nobody may be listening.
        let _ = self.events.send(event);
    }
}
