//! Follows a run from its journal and the agent's status, until it ends or asks for a person.
//!
//! Following changes nothing: whoever hangs up misses lines, not the deployment.

mod json;
mod live;
mod plain;
mod stand;

use std::time::Duration;

use handover_core::RunId;
use handover_edge::api::AgentStatus;
use handover_rollout::{Outcome, Plan};
use handover_runbook::{Journal, Record};

pub(crate) use json::JsonView;
pub(crate) use live::LiveView;
pub(crate) use plain::PlainView;
pub(crate) use stand::{Stand, Waiting};

use crate::exit::Exit;
use crate::helm::Helm;
use crate::output::Output;
use crate::report::Failure;
use crate::run::plan_of;

/// The view that fits how this process shows things.
pub(crate) fn view(output: Output) -> Box<dyn View + Send> {
    let out = std::io::stdout();
    match output {
        Output { json: true, .. } => Box::new(JsonView::new(out)),
        Output { live: true, .. } => Box::new(LiveView::new(out, output.colour())),
        _ => Box::new(PlainView::new(out)),
    }
}

/// How often the journal is read: below what a person notices.
const PERIOD: Duration = Duration::from_millis(100);

/// How long nobody may drive a run before the follower says so and gives up.
const ABANDONED: Duration = Duration::from_mins(2);

/// How long an ended run may still count as going on: a driver that died in that moment is started again first.
const LET_GO: Duration = Duration::from_secs(5);

/// Shows a run as it goes.
pub(crate) trait View {
    /// A record was written.
    fn record(&mut self, record: &Record);
    /// How things stand now; called at every tick.
    fn stand(&mut self, stand: &Stand);
    /// The run ended, or is left to itself.
    fn close(&mut self);
}

/// A run as far as it was followed.
#[derive(Debug)]
pub(crate) struct Followed {
    /// Its plan.
    pub(crate) plan: Plan,
    /// Every record.
    pub(crate) records: Vec<Record>,
    /// How it stands.
    pub(crate) outcome: Outcome,
}

/// When to stop following a run that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Stay until the end, through gates and pauses.
    UntilEnd,
    /// Leave when a person is asked or the run is paused: the run waits, a script need not.
    UntilAsked,
}

impl Patience {
    /// A person at a terminal sees the question and may answer it elsewhere; a script gets exit code 6.
    pub(crate) const fn of(output: Output) -> Self {
        if output.live { Self::UntilEnd } else { Self::UntilAsked }
    }
}

/// Follows `run` to its end, as far as `patience` goes.
///
/// # Errors
///
/// The journal cannot be read, or nobody drives the run any more.
pub(crate) async fn follow(
    journal: &dyn Journal,
    client: &Helm,
    run: &RunId,
    patience: Patience,
    view: &mut dyn View,
) -> Result<Followed, Failure> {
    let mut follower = Follower::new(journal, client, run);
    let ended = follower.follow(patience, view).await;
    view.close();
    ended
}

struct Follower<'a> {
    journal: &'a dyn Journal,
    client: &'a Helm,
    run: &'a RunId,
    records: Vec<Record>,
    status: Option<AgentStatus>,
    silent_since: Option<tokio::time::Instant>,
}

impl<'a> Follower<'a> {
    fn new(journal: &'a dyn Journal, client: &'a Helm, run: &'a RunId) -> Self {
        Self { journal, client, run, records: Vec::new(), status: None, silent_since: None }
    }

    async fn follow(&mut self, patience: Patience, view: &mut dyn View) -> Result<Followed, Failure> {
        loop {
            self.read(view).await?;
            let plan = plan_of(&self.records)?;
            let outcome = Outcome::of(&self.records);
            let stand = Stand::of(&plan, &self.records, self.status.as_ref());
            view.stand(&stand);
            let left = patience == Patience::UntilAsked && stand.waiting.is_some_for_a_person();
            if outcome != Outcome::Unfinished {
                self.let_go().await;
            }
            if outcome != Outcome::Unfinished || left {
                let records = std::mem::take(&mut self.records);
                return Ok(Followed { plan, records, outcome });
            }
            self.still_driven()?;
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn read(&mut self, view: &mut dyn View) -> Result<(), Failure> {
        let from = self.records.last().map_or(0, |record| record.seq + 1);
        let new = self.journal.read(self.run, from).await;
        let new = new.map_err(|e| Failure::of("could not read the journal", Exit::Unknown, &e))?;
        for record in &new {
            view.record(record);
        }
        self.records.extend(new);
        // An agent that is being restarted does not answer for a moment; the journal goes on.
        self.status = self.client.status().await.ok();
        Ok(())
    }

    /// A run that has ended is the agent's until its driver has said so. Whoever types the next deployment as soon as
    /// this one is over must not be refused for that moment.
    async fn let_go(&mut self) {
        let deadline = tokio::time::Instant::now() + LET_GO;
        while self.is_driven() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(PERIOD / 10).await;
            self.status = self.client.status().await.ok();
        }
    }

    /// Whether somebody sees to the run: an agent, which restarts drivers, or a driver that lives.
    fn is_driven(&self) -> bool {
        let active = self.status.as_ref().and_then(|s| s.run.as_ref()).filter(|r| r.request.run == *self.run);
        active.is_some_and(|run| self.client.hosted_by().is_none() || run.driver.is_some())
    }

    /// An active run has an agent behind it that restarts its driver; without one it waits for a person.
    fn still_driven(&mut self) -> Result<(), Failure> {
        if let Some(failure) = self.client.gave_up() {
            return Err(failure);
        }
        if self.is_driven() {
            self.silent_since = None;
            return Ok(());
        }
        let since = *self.silent_since.get_or_insert_with(tokio::time::Instant::now);
        if since.elapsed() < ABANDONED {
            return Ok(());
        }
        Err(Failure::new(format!("could not follow run {} to its end", self.run), Exit::Unknown)
            .because("nobody drives it any more")
            .hint("`handover resume` goes on"))
    }
}
