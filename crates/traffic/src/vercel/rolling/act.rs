use tokio::time::{Instant, sleep};

use super::VercelRolling;
use super::plan::{Step, next_step};
use super::stages::may_roll;
use crate::SwitchError;
use crate::logbook::Intent;
use crate::vercel::job::{carry, eligible, refused, unconfirmed};
use crate::vercel::survey::Survey;
use crate::vercel::{Note, VercelClient};

/// More steps than any release has: back, start, ten stages, complete.
const MOST_STEPS: u32 = 16;

/// Takes one step after the other, each from what was just read, until nothing is left to do.
pub(super) struct Errand<'a> {
    client: &'a VercelClient,
    /// Something may have changed, so that an error no longer means that nothing has.
    acted: bool,
}

impl<'a> Errand<'a> {
    pub(super) const fn new(client: &'a VercelClient) -> Self {
        Self { client, acted: false }
    }

    pub(super) async fn run(
        mut self,
        rolling: &VercelRolling,
        intent: &mut Intent<'_>,
    ) -> Result<(), SwitchError> {
        let ended = self.steps(rolling, intent).await;
        match ended {
            Err(error) if self.acted && !matches!(error, SwitchError::Fenced { .. }) => {
                Err(unconfirmed(error))
            }
            ended => ended,
        }
    }

    async fn steps(&mut self, rolling: &VercelRolling, intent: &mut Intent<'_>) -> Result<(), SwitchError> {
        self.recall(intent).await?;
        for _ in 0..MOST_STEPS {
            let want = rolling.want(intent).await?;
            let survey = self.at_rest().await?;
            match next_step(&survey, &want) {
                Step::Done => return Ok(()),
                Step::Refuse(because) => return Err(refused(because)),
                Step::Move(to) => {
                    carry(self.client, intent, &to).await?;
                    self.acted = true;
                }
                step => self.take(intent, &survey, step).await?,
            }
        }
        Err(unconfirmed("the rolling release does not come to rest"))
    }

    /// What an earlier attempt asked for may have happened, and the platform may show an old state: look for it.
    async fn recall(&mut self, intent: &Intent<'_>) -> Result<(), SwitchError> {
        let Some(note) = intent.note::<Note>()? else { return Ok(()) };
        self.acted = true;
        if matches!(note, Note::Job(_)) {
            return Ok(());
        }
        self.shows(&note).await?;
        Ok(())
    }

    async fn take(
        &mut self,
        intent: &mut Intent<'_>,
        survey: &Survey,
        step: Step,
    ) -> Result<(), SwitchError> {
        let note = match step {
            Step::Start(canary) => {
                eligible(self.client, &canary).await?;
                may_roll(&self.client.rolling_billing().await?, &survey.project.id).map_err(refused)?;
                Note::Start { canary }
            }
            Step::Approve { canary, next } => Note::Approve { canary, next },
            Step::Complete(canary) => Note::Complete { canary },
            Step::Done | Step::Move(_) | Step::Refuse(_) => return Ok(()),
        };
        intent.remember(&note).await?;
        let met = self.ask(&note).await?;
        if self.shows(&note).await.map_err(unconfirmed)? {
            self.acted = true;
            return Ok(());
        }
        match met {
            Some(words) => Err(refused(words)),
            None => Err(unconfirmed("the platform took it on and shows nothing of it")),
        }
    }

    async fn ask(&self, note: &Note) -> Result<Option<String>, SwitchError> {
        match note {
            Note::Start { canary } => self.client.start_release(canary).await,
            Note::Approve { canary, next } => self.client.approve_stage(canary, *next).await,
            Note::Complete { canary } => self.client.complete_release(canary).await,
            Note::Job(_) => Ok(None),
        }
    }

    /// Looks for the effect of a step, as long as the platform may show an old state.
    async fn shows(&self, note: &Note) -> Result<bool, SwitchError> {
        let begun = Instant::now();
        loop {
            if is_shown(&self.at_rest().await?, note) {
                return Ok(true);
            }
            if begun.elapsed() >= self.client.options().settle {
                return Ok(false);
            }
            sleep(self.client.options().poll).await;
        }
    }

    /// Waits until no job is under way, at most as long as one may take.
    async fn at_rest(&self) -> Result<Survey, SwitchError> {
        let begun = Instant::now();
        loop {
            let survey = Survey::take(self.client).await?;
            if survey.under_way().is_none() || begun.elapsed() >= self.client.options().job_limit {
                return Ok(survey);
            }
            sleep(self.client.options().poll).await;
        }
    }
}

fn is_shown(survey: &Survey, note: &Note) -> bool {
    let stage = survey.release.as_ref().and_then(|release| {
        let canary = release.canary()?.to_owned();
        Some((canary, release.active_stage.as_ref().map(|stage| stage.index)))
    });
    match (note, stage) {
        (Note::Start { canary }, Some((now, _))) => *canary == now,
        (Note::Approve { canary, next }, Some((now, index))) => *canary == now && index >= Some(*next),
        (Note::Complete { canary }, None) => survey.is_all_on(canary),
        _ => false,
    }
}
