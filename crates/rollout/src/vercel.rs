//! Releases that are Vercel's deployments.
//!
//! A release is a deployment that was built for production. [`VercelHost`] takes one that exists, or has one built, and
//! tells the traffic's logbook which deployment a slot stands for. What is written on a deployment finds it again, so
//! a launch whose answer was lost is not made twice.

use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Hint as _, ReleaseId, Retry, RunId, Slot};
use handover_traffic::SwitchError;
use handover_traffic::logbook::Logbook;
use handover_traffic::vercel::{Deployment, Filter, NewDeployment, ReadyState, Source, VercelClient};

use crate::WorldError;
use crate::hosted::{Condition, Host, Seat};

/// The run that had a deployment built.
const RUN: &str = "handoverRun";
/// The release that a deployment is.
const RELEASE: &str = "handoverRelease";
/// So many of a build's last events are read: a failure's cause is among the last lines.
const EVENTS: u32 = 100;
/// So many of its last lines are shown.
const LINES: usize = 20;
/// How long a deployment that was asked for may take to show in the list: what is read may be a few seconds old.
const SHOWS_WITHIN: Duration = Duration::from_secs(10);

/// Where the release's name goes.
const HOLE: &str = "{release}";

/// Where a release comes from. Each text may have `{release}` in it, for the release's name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// This deployment, by id or address: it exists already.
    Existing(String),
    /// What is built from this, unless a deployment of the release is there already.
    Build(Source),
}

impl Origin {
    fn of(&self, release: &ReleaseId) -> Self {
        let named = |text: &str| text.replace(HOLE, release.as_str());
        match self {
            Self::Existing(deployment) => Self::Existing(named(deployment)),
            Self::Build(Source::Commit { sha, reference }) => {
                Self::Build(Source::Commit { sha: named(sha), reference: named(reference) })
            }
            Self::Build(other) => Self::Build(other.clone()),
        }
    }

    /// Whether a deployment is another release's: by its name, or by what is written on it.
    fn is_not(&self, deployment: &Deployment, release: &ReleaseId) -> bool {
        match self {
            Self::Existing(name) => deployment.id != *name && deployment.url != host(name),
            Self::Build(_) => deployment.meta.get(RELEASE).is_some_and(|marked| marked != release.as_str()),
        }
    }
}

/// Vercel as the place where releases run.
#[derive(Debug, Clone)]
pub struct VercelHost {
    client: VercelClient,
    logbook: Logbook,
    origin: Origin,
    shows_within: Duration,
}

impl VercelHost {
    /// Releases come from `origin`; `logbook` is the one of the traffic's switcher.
    pub const fn new(client: VercelClient, logbook: Logbook, origin: Origin) -> Self {
        Self { client, logbook, origin, shows_within: SHOWS_WITHIN }
    }

    /// How long a deployment that was asked for is looked for before it is asked for again.
    #[must_use]
    pub const fn with_patience(mut self, shows_within: Duration) -> Self {
        self.shows_within = shows_within;
        self
    }

    /// A deployment for production that is, or will be, this release; or the one that this run had built, whatever
    /// became of it.
    async fn find(
        &self,
        release: &ReleaseId,
        run: &RunId,
        project: &str,
    ) -> Result<Option<Deployment>, WorldError> {
        let marked = Filter::production().marked(RELEASE, release.as_str());
        let ours = marked.clone().marked(RUN, run.as_str());
        let built = self.client.deployments(project, &ours).await.map_err(|error| asked(&error))?;
        if let Some(built) = built.into_iter().next() {
            return Ok(Some(built));
        }
        if let Some(found) = self.usable(project, &marked).await? {
            return Ok(Some(found));
        }
        match self.origin.of(release) {
            // Whoever pushed a commit may have had it built already.
            Origin::Build(Source::Commit { sha, .. }) => {
                self.usable(project, &Filter::production().of_commit(sha)).await
            }
            Origin::Build(_) | Origin::Existing(_) => Ok(None),
        }
    }

    async fn usable(&self, project: &str, filter: &Filter) -> Result<Option<Deployment>, WorldError> {
        let all = self.client.deployments(project, filter).await.map_err(|error| asked(&error))?;
        Ok(all.into_iter().find(|each| each.is_for_production() && may_come_up(&each.ready_state)))
    }

    /// The deployment of a release: found, or built.
    async fn deployment(&self, release: &ReleaseId, run: &RunId) -> Result<Deployment, WorldError> {
        let source = match self.origin.of(release) {
            Origin::Existing(name) => return self.existing(&name).await,
            Origin::Build(source) => source,
        };
        let project = self.client.project().await.map_err(|error| asked(&error))?.id;
        if let Some(found) = self.find(release, run, &project).await? {
            return Ok(found);
        }
        let order = NewDeployment::of(source).marked(RELEASE, release.as_str()).marked(RUN, run.as_str());
        match self.client.create(&order).await {
            Err(error @ SwitchError::Unconfirmed { .. }) => self.lost(release, run, &project, error).await,
            made => made.map_err(|error| asked(&error)),
        }
    }

    /// A deployment that was asked for, and nobody answered: it may be there all the same.
    async fn lost(
        &self,
        release: &ReleaseId,
        run: &RunId,
        project: &str,
        error: SwitchError,
    ) -> Result<Deployment, WorldError> {
        let begun = tokio::time::Instant::now();
        loop {
            if let Some(found) = self.find(release, run, project).await? {
                return Ok(found);
            }
            if begun.elapsed() >= self.shows_within {
                return Err(asked(&error));
            }
            tokio::time::sleep(self.client.options().poll).await;
        }
    }

    async fn existing(&self, name: &str) -> Result<Deployment, WorldError> {
        let deployment = self.client.deployment(name).await.map_err(|error| asked(&error))?;
        if deployment.is_for_production() {
            return Ok(deployment);
        }
        let shown = deployment.shown();
        Err(WorldError::refused(format!("{shown} was not built for production: have one built that is")))
    }

    /// Whether a deployment in the slot is what was there before the seat's own. Nobody launched what was found there.
    fn is_former(&self, deployment: &Deployment, seat: &Seat) -> bool {
        !seat.is_adopted() && self.origin.of(&seat.release).is_not(deployment, &seat.release)
    }

    async fn assign(&self, slot: Slot, id: Option<String>) -> Result<(), WorldError> {
        let assigned = self.logbook.assign(slot, id).await;
        assigned.map_err(|error| WorldError::refused(error.to_string()))
    }

    /// The deployment that `slot` stands for.
    async fn seated(&self, slot: Slot) -> Result<Option<String>, WorldError> {
        let targets = self.logbook.targets().await;
        Ok(targets.map_err(|error| WorldError::refused(error.to_string()))?[slot].clone())
    }

    async fn lines(&self, deployment: &str) -> Vec<String> {
        let events = self.client.events(deployment, EVENTS).await.unwrap_or_default();
        let lines = events.iter().filter_map(|event| event.text());
        let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
        lines[lines.len().saturating_sub(LINES)..].to_vec()
    }

    async fn condition(&self, deployment: &Deployment) -> Condition {
        let (state, summary) = (&deployment.ready_state, deployment.shown());
        match state {
            ReadyState::Ready => Condition::Ready { summary: format!("{summary} is READY"), restarts: 0 },
            ReadyState::Error | ReadyState::Canceled => {
                let because = deployment.reason.as_ref().map_or_else(String::new, |why| format!(": {why}"));
                let (cause, log) =
                    (format!("{summary} is {state}{because}"), self.lines(&deployment.id).await);
                Condition::Failed { cause, log }
            }
            _ => Condition::Starting { summary: format!("{summary} is {state}") },
        }
    }
}

/// Whether a deployment in this state is, or may become, ready.
const fn may_come_up(state: &ReadyState) -> bool {
    matches!(state, ReadyState::Queued | ReadyState::Building | ReadyState::Initializing | ReadyState::Ready)
}

/// The host name in an address.
fn host(address: &str) -> &str {
    address.trim_start_matches("https://").trim_end_matches('/')
}

fn not_yet() -> Condition {
    Condition::Starting { summary: "no deployment yet".to_owned() }
}

#[async_trait]
impl Host for VercelHost {
    async fn look(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError> {
        let Some(id) = self.seated(slot).await? else { return Ok(not_yet()) };
        match self.client.deployment(&id).await {
            // The seat is taken before the platform is asked: what was there before is not what is to come.
            Ok(before) if self.is_former(&before, seat) => Ok(not_yet()),
            Ok(deployment) => Ok(self.condition(&deployment).await),
            Err(error) => Err(asked(&error)),
        }
    }

    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError> {
        // Until it is known which deployment the release is, the slot stands for none.
        self.assign(slot, None).await?;
        let id = self.deployment(release, run).await?.id;
        self.assign(slot, Some(id)).await
    }

    /// Nothing is stopped: a deployment without traffic costs nothing, and going back to it needs it to be there.
    async fn stop(&self, _: Slot, _: &Seat) -> Result<(), WorldError> {
        Ok(())
    }

    fn stops(&self) -> bool {
        false
    }

    /// What had production before handover came, by the name that is written on it.
    async fn found(&self, slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        let Some(id) = self.seated(slot).await? else { return Ok(None) };
        let deployment = self.client.deployment(&id).await.map_err(|error| asked(&error))?;
        let marked = deployment.meta.get(RELEASE).and_then(|release| release.parse().ok());
        Ok(marked.or_else(|| id.parse().ok()))
    }

    async fn last_lines(&self, slot: Slot, _: &Seat) -> Vec<String> {
        match self.seated(slot).await {
            Ok(Some(id)) => self.lines(&id).await,
            _ => Vec::new(),
        }
    }
}

/// The platform's answer, in a launcher's terms. What may have happened is looked for again.
fn asked(error: &SwitchError) -> WorldError {
    let retry = error.retry();
    let because = std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"));
    let hint = error.hint().filter(|_| retry == Retry::Never);
    let message =
        hint.map_or_else(|| format!("{error}{because}"), |hint| format!("{error}{because} ({hint})"));
    WorldError { message, retry, fenced: false, source: None }
}
