use std::sync::Arc;
use std::time::Duration;

use handover_core::RunId;
use handover_edge::AgentClient;
use handover_edge::api::{ViewFigures, ViewsSaid};
use handover_health::Standing;
use handover_rollout::{Outlook, Plan};
use handover_runbook::Record;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::counted::Books;
use super::mark::Mark;
use crate::report::Failure;

/// How old the figures in the agent's metrics may be.
const PERIOD: Duration = Duration::from_secs(1);

/// The outlook of a run that an agent looks after; what is counted at its views goes to the agent's metrics for as long
/// as this is kept.
#[derive(Debug)]
pub(crate) struct Published {
    outlook: Arc<Outlook>,
    task: JoinHandle<()>,
}

impl Published {
    /// As [`outlook`](super::outlook).
    ///
    /// # Errors
    ///
    /// An address cannot be asked.
    pub(crate) fn outlook(
        plan: &Plan,
        records: &[Record],
        agent: &AgentClient,
    ) -> Result<Option<Self>, Failure> {
        let Some(spec) = &plan.views else { return Ok(None) };
        let (outlook, books) = super::counted(spec, records, &Mark::Agent(agent.clone()))?;
        let task = tokio::spawn(publish(plan.run.clone(), Arc::clone(&outlook), books, agent.clone()));
        Ok(Some(Self { outlook, task }))
    }

    /// What the run sees.
    pub(crate) fn seen(&self) -> Arc<Outlook> {
        Arc::clone(&self.outlook)
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn publish(run: RunId, outlook: Arc<Outlook>, books: Books, agent: AgentClient) {
    loop {
        sleep(PERIOD).await;
        let said = ViewsSaid { run: run.clone(), views: figures(&outlook, &books) };
        // An agent that is away for a moment is told the next time.
        if let Err(error) = agent.report_views(&said).await {
            tracing::debug!(%error, "the agent could not be told of the views");
        }
    }
}

fn figures(outlook: &Outlook, books: &Books) -> Vec<ViewFigures> {
    let of = |view: &handover_health::ViewReport| {
        let totals = books.get(&*view.name).map(|series| series.totals()).unwrap_or_default();
        let up = view.status.standing == Standing::Up;
        ViewFigures { name: view.name.to_string(), up, ok: totals.ok, failed: totals.errors }
    };
    outlook.report().views.iter().map(of).collect()
}
