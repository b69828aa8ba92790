//! Moving all of production: one job of the platform's, asked for once, followed by what it is, and verified.
//!
//! The platform keeps one job per project in sight, the last one, whoever asked for it. Its status alone proves nothing:
//! it may be the job before ours, or somebody else's. A job is ours if it is of our kind, goes to our deployment, is not
//! older than the platform's own clock was when we asked, and is newer than the last job that we saw before.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use super::calls::Accepted;
use super::survey::Survey;
use super::wire::{AliasRequest, Deployment, JobKind, JobStatus, ReadyState, Substate};
use super::{NAME, Note, VercelClient};
use crate::logbook::Intent;
use crate::{BoxError, SwitchError};

/// A job as it is found again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Job {
    kind: String,
    to: String,
    /// The platform's clock before it was asked: milliseconds since 1970.
    since: u64,
    /// When the last job before it was asked for.
    after: Option<u64>,
}

impl Job {
    /// Whether `found` is this job.
    fn is(&self, found: &AliasRequest) -> bool {
        found.kind.as_str() == self.kind && found.to_deployment_id == self.to && self.is_before(found)
    }

    /// Whether `found` was asked for after this job was about to be.
    fn is_before(&self, found: &AliasRequest) -> bool {
        found.requested_at >= self.since && self.after.is_none_or(|after| found.requested_at > after)
    }
}

/// Moves all of production to `to`, and returns once every host name of production leads there.
pub(super) async fn carry(
    client: &VercelClient,
    intent: &mut Intent<'_>,
    to: &str,
) -> Result<(), SwitchError> {
    if let Some(Note::Job(job)) = intent.note()?
        && job.to == to
        && trace(client, &job).await.map_err(unconfirmed)?
    {
        return follow(client, &job).await;
    }
    let survey = at_rest(client).await?;
    if survey.is_all_on(to) {
        return Ok(());
    }
    let kind = direction(client, &survey, &eligible(client, to).await?).await?;
    let job = Job {
        kind: kind.as_str().to_owned(),
        to: to.to_owned(),
        since: survey.clock.unwrap_or_default(),
        after: survey.project.last_alias_request.as_ref().map(|last| last.requested_at),
    };
    intent.remember(&Note::Job(job.clone())).await?;
    match client.begin(&kind, &survey.project.id, to).await? {
        Accepted::Begun => follow(client, &job).await,
        Accepted::Queued => Err(unconfirmed(queued(&survey, to))),
        Accepted::Conflict(words) => after_conflict(client, &job, words).await,
    }
}

/// Looks for a trace of a job whose request had no answer, as long as the platform may show an old state.
async fn trace(client: &VercelClient, job: &Job) -> Result<bool, SwitchError> {
    let begun = Instant::now();
    loop {
        let project = client.project().await?;
        if project.last_alias_request.is_some_and(|found| job.is(&found)) {
            return Ok(true);
        }
        if begun.elapsed() >= client.options().settle {
            return Ok(false);
        }
        sleep(client.options().poll).await;
    }
}

/// Waits until no job is under way, at most as long as one may take: one that hangs must not bar the way back.
async fn at_rest(client: &VercelClient) -> Result<Survey, SwitchError> {
    let begun = Instant::now();
    loop {
        let survey = Survey::take(client).await?;
        if survey.under_way().is_none() || begun.elapsed() >= client.options().job_limit {
            return Ok(survey);
        }
        sleep(client.options().poll).await;
    }
}

/// The deployment, if production may be given to it.
pub(super) async fn eligible(client: &VercelClient, id: &str) -> Result<Deployment, SwitchError> {
    let deployment = client.deployment(id).await?;
    let shown = deployment.shown();
    if deployment.ready_state != ReadyState::Ready {
        return Err(refused(format!("{shown} is {}, not READY", deployment.ready_state)));
    }
    if !deployment.is_for_production() {
        let target = deployment.target.as_deref().unwrap_or("a preview");
        return Err(refused(format!(
            "{shown} was built for {target}: promoting it would build it anew, with production's variables, so \
             what was tested is not what users would get"
        )));
    }
    match &deployment.substate {
        Some(Substate::Unknown(word)) => Err(refused(format!("{shown} is {word}, which is not known here"))),
        _ => Ok(deployment),
    }
}

/// Back to what had production before and is older than what has it now; forward to anything else. A rolling release
/// is taken back by going to the deployment that it began from.
async fn direction(client: &VercelClient, survey: &Survey, to: &Deployment) -> Result<JobKind, SwitchError> {
    if survey.release.as_ref().is_some_and(|release| release.current() == Some(&to.id)) {
        return Ok(JobKind::Rollback);
    }
    is_the_way_back(client, survey, to)
        .await
        .map(|back| if back { JobKind::Rollback } else { JobKind::Promote })
}

/// Whether `to` had production before, and is older than what has it now.
pub(super) async fn is_the_way_back(
    client: &VercelClient,
    survey: &Survey,
    to: &Deployment,
) -> Result<bool, SwitchError> {
    match survey.production() {
        Some(now) if to.was_promoted() && now != to.id => {
            Ok(client.deployment(now).await?.created_at > to.created_at)
        }
        _ => Ok(false),
    }
}

/// Nothing was begun by a request that met a conflict, but what it met may be what was wished for.
async fn after_conflict(client: &VercelClient, job: &Job, words: String) -> Result<(), SwitchError> {
    let survey = at_rest(client).await.map_err(unconfirmed)?;
    if survey.is_all_on(&job.to) { Ok(()) } else { Err(refused(words)) }
}

/// Follows a job to its end, and verifies what it did. A look that fails is taken again while there is time.
async fn follow(client: &VercelClient, job: &Job) -> Result<(), SwitchError> {
    let begun = Instant::now();
    let mut last: BoxError = "the job was not seen".into();
    while begun.elapsed() < client.options().job_limit {
        match client.project().await.map(|project| project.last_alias_request) {
            Ok(Some(found)) if job.is(&found) && found.job_status.is_over() => {
                return ended(client, job, &found).await;
            }
            Ok(Some(found)) if job.is(&found) => last = under_way(&found).into(),
            Ok(Some(found)) if job.is_before(&found) => return Err(overtaken(&found)),
            Ok(_) => {}
            Err(error) => last = error.into(),
        }
        sleep(client.options().poll).await;
    }
    match Survey::take(client).await {
        Ok(survey) if survey.is_all_on(&job.to) && survey.under_way().is_none() => Ok(()),
        _ => Err(unconfirmed_after(begun.elapsed(), last)),
    }
}

async fn ended(client: &VercelClient, job: &Job, found: &AliasRequest) -> Result<(), SwitchError> {
    let survey = arrived(client, &job.to).await.map_err(unconfirmed)?;
    if survey.is_all_on(&job.to) {
        return Ok(());
    }
    let failed = client.failed_aliases(&survey.project.id).await.unwrap_or_default();
    let failed: Vec<_> = failed.iter().map(|alias| format!("{} ({})", alias.alias, alias.status)).collect();
    let stood = found.from_deployment_id.as_deref().is_some_and(|from| survey.is_all_on(from));
    let text = format!("the {} to {} ended as {}", job.kind, job.to, found.job_status);
    if stood && found.job_status != JobStatus::Succeeded {
        return Err(refused(format!("{text}, and no host name was moved{}", list(": ", &failed))));
    }
    let astray = survey.astray(&job.to).join(", ");
    Err(unconfirmed(format!("{text}; not moved: {astray}{}", list("; it says: ", &failed))))
}

fn list(before: &str, words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!("{before}{}", words.join(", ")) }
}

/// Looks until all of production is `to`'s, as long as the platform may show an old state.
pub(super) async fn arrived(client: &VercelClient, to: &str) -> Result<Survey, SwitchError> {
    let begun = Instant::now();
    loop {
        let survey = Survey::take(client).await?;
        if survey.is_all_on(to) || begun.elapsed() >= client.options().settle {
            return Ok(survey);
        }
        sleep(client.options().poll).await;
    }
}

fn under_way(found: &AliasRequest) -> String {
    format!("the {} to {} is {}", found.kind, found.to_deployment_id, found.job_status)
}

fn overtaken(found: &AliasRequest) -> SwitchError {
    let (kind, to) = (&found.kind, &found.to_deployment_id);
    unconfirmed(format!("somebody else asked for a {kind} to {to} meanwhile"))
}

fn queued(survey: &Survey, to: &str) -> String {
    let canary = survey.release.as_ref().and_then(|release| release.canary()).unwrap_or("another deployment");
    format!("{to} waits until the rolling release of {canary} has ended; complete it, or take it back")
}

/// A no that changed nothing.
pub(super) fn refused(because: String) -> SwitchError {
    SwitchError::Refused { backend: NAME, source: because.into() }
}

/// Something may have changed.
pub(super) fn unconfirmed(source: impl Into<BoxError>) -> SwitchError {
    unconfirmed_after(Duration::ZERO, source.into())
}

fn unconfirmed_after(after: Duration, source: BoxError) -> SwitchError {
    SwitchError::Unconfirmed { backend: NAME, after, source: Some(source) }
}
