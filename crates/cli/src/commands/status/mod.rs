//! `handover status`: how things stand, from the agent and the journal.

mod picture;
#[cfg(test)]
mod tests;
mod text;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use handover_core::Timestamp;
use handover_edge::ClientError;
use handover_edge::api::AgentStatus;

use super::past::Past;
use crate::args::Status;
use crate::context::Context;
use crate::exit::Exit;
use crate::follow::{Patience, follow, view};
use crate::helm::Helm;
use crate::report::Failure;
use picture::Picture;
pub(super) use text::lease as lease_line;

const ATTEMPTED: &str = "could not see how things stand";

/// Shows it once, or until Ctrl-C.
pub(super) async fn run(args: &Status, context: &Context) -> Result<Exit, Failure> {
    let look = Look::new(context).await?;
    if args.watch {
        return look.watch(args.every).await;
    }
    let (picture, silence) = look.take().await?;
    context.output.result(&picture, &picture);
    let Some(error) = silence else { return Ok(Exit::Done) };
    if !context.output.json {
        context.output.failure(&no_agent(&error));
    }
    Ok(Exit::Refused)
}

/// Where to look.
struct Look<'a> {
    context: &'a Context,
    state_dir: PathBuf,
    client: Helm,
    service: Option<String>,
}

impl<'a> Look<'a> {
    async fn new(context: &'a Context) -> Result<Self, Failure> {
        let state_dir = context.existing_state_dir()?;
        // With a state folder named, settings are a nicety.
        let service = context.settings().ok().map(|settings| settings.service.name.to_string());
        Ok(Self { context, client: context.helm().await?, state_dir, service })
    }

    /// How things stand, and why the agent did not answer, if it did not.
    async fn take(&self) -> Result<(Picture, Option<ClientError>), Failure> {
        let (status, silence) = match self.client.status().await {
            Ok(status) => (Some(status), None),
            Err(error @ ClientError::Unreachable { .. }) => (None, Some(error)),
            Err(error) => return Err(Failure::of(ATTEMPTED, Exit::Unknown, &error)),
        };
        let records = latest(&self.state_dir, status.as_ref()).await?;
        let service = self.service.clone();
        let picture = Picture::of(service, status.as_ref(), &records, Timestamp::now());
        Ok((picture.hosted_by(self.client.hosted_by()), silence))
    }

    /// Ends by Ctrl-C, when nobody reads any more, or when the journal cannot be read.
    async fn watch(&self, every: Duration) -> Result<Exit, Failure> {
        let output = self.context.output;
        let mut keep = true;
        loop {
            let (picture, _) = self.take().await?;
            if output.live && !keep {
                clear();
            }
            if !output.next(&picture, &picture) {
                return Ok(Exit::Done);
            }
            if !output.json {
                // Blocks in a pipe are told apart by an empty line.
                output.line("");
                // What was told of a run stays on the screen.
                keep = self.follow_active(&picture).await?;
            }
            tokio::time::sleep(every).await;
        }
    }

    /// While a run goes on, it is what there is to see. Answers whether there was one.
    async fn follow_active(&self, picture: &Picture) -> Result<bool, Failure> {
        let active = picture.live.as_ref().and_then(|live| live.active.as_ref());
        let past = Past::open(&self.state_dir).await?;
        let (Some(active), Some(store)) = (active, past.store()) else { return Ok(false) };
        let mut view = view(self.context.output);
        let followed =
            follow(store.as_ref(), &self.client, &active.run, Patience::UntilEnd, view.as_mut()).await;
        if let Err(failure) = followed {
            // A run that nobody drives any more is worth a word, and the next picture says the rest.
            self.context.output.failure(&failure);
        }
        Ok(true)
    }
}

/// The records of the run that goes on, else of the latest one.
async fn latest(
    state_dir: &Path,
    status: Option<&AgentStatus>,
) -> Result<Vec<handover_runbook::Record>, Failure> {
    let past = Past::open(state_dir).await?;
    let active = status.and_then(|status| status.run.as_ref()).map(|run| run.request.run.clone());
    let run = match active {
        Some(run) => Some(run),
        None => past.runs().await?.into_iter().next().map(|latest| latest.run),
    };
    match run {
        Some(run) => past.records(&run).await,
        None => Ok(Vec::new()),
    }
}

pub(super) fn no_agent(error: &ClientError) -> Failure {
    Failure::new(ATTEMPTED, Exit::Refused)
        .because_of(error)
        .hint("`handover agent run` starts one, which finds the releases that still run; `handover doctor` looks further")
}

/// Begins at the top of an empty screen: lines that a narrow terminal wrapped are gone too.
pub(super) fn clear() {
    let _ = write!(io::stdout().lock(), "\x1b[H\x1b[2J");
}
