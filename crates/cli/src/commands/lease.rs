//! `handover lease`: who may act on the service, and taking that from them.

use handover_core::Fence;
use handover_edge::api::{AgentStatus, LeaseRequest, LeaseView};
use serde::Serialize;

use super::by_hand::refused;
use super::status::lease_line;
use crate::args::{Lease, TakeOver};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run::{self, Reached};

/// The version of the JSON forms.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    lease: Option<&'a LeaseView>,
}

#[derive(Serialize)]
struct Taken<'a> {
    version: u32,
    dry_run: bool,
    was: Option<&'a LeaseView>,
    fence: Option<Fence>,
}

/// Carries out what was typed.
pub(super) async fn run(verb: &Lease, context: &Context) -> Result<Exit, Failure> {
    let reached = run::at_the_helm(context.helm().await?).await?;
    match verb {
        Lease::Show => {
            let lease = reached.status.lease.as_ref();
            let text = lease.map_or_else(|| "nobody holds the lease".into(), lease_line);
            context.output.result(text, &Shown { version: VERSION, lease });
            Ok(Exit::Done)
        }
        Lease::TakeOver(args) => take_over(args, &reached, context).await,
    }
}

/// Takes the lease and lets it go: whoever held it is too late from then on, and the next driver may begin.
async fn take_over(args: &TakeOver, reached: &Reached, context: &Context) -> Result<Exit, Failure> {
    let was = reached.status.lease.as_ref();
    let mut taken = Taken { version: VERSION, dry_run: args.dry_run, was, fence: None };
    if args.dry_run || was.is_none() {
        context.output.result(would(was), &taken);
        return Ok(Exit::Done);
    }
    let attempted = "could not take the lease over";
    let pid = std::process::id();
    let request =
        LeaseRequest { holder: format!("{} by hand (pid {pid})", run::who()), pid, take_over: true };
    let lease = reached.client.acquire(&request).await.map_err(|error| refused(&error, attempted))?;
    // Where giving it back fails it runs out by itself: its holder, this process, is about to end.
    drop(reached.client.release(&lease).await);
    taken.fence = Some(lease.fence);
    context
        .output
        .result(said(was, lease.fence, &reached.status, reached.client.hosted_by().is_none()), &taken);
    Ok(Exit::Done)
}

fn would(was: Option<&LeaseView>) -> String {
    match was {
        Some(lease) => format!("would take the lease from {}", lease_line(lease)),
        None => "nobody holds the lease: there is nothing to take over".into(),
    }
}

fn said(was: Option<&LeaseView>, fence: Fence, status: &AgentStatus, agent: bool) -> String {
    let from = was.map_or_else(|| "nobody".into(), lease_line);
    let next = status.run.as_ref().map(|active| {
        let run = &active.request.run;
        if agent {
            format!("\nthe agent goes on with run {run} in another driver; `handover abort` takes it back")
        } else {
            format!(
                "\nthe driver of run {run} stops; `handover resume` goes on, `handover abort` takes it back"
            )
        }
    });
    format!("took the lease from {from}; the fence is {fence} now{}", next.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    #[test]
    fn it_is_said_whose_lease_it_was_and_what_comes_next() {
        let status = fixtures::status();
        insta::assert_snapshot!(said(status.lease.as_ref(), Fence::new(8), &status, true), @"
        took the lease from driver of 20261123-011244-abcd (pid 99) since 2026-11-23 01:12:44Z, fence 3, 12s left; the fence is 8 now
        the agent goes on with run 20261123-011244-abcd in another driver; `handover abort` takes it back
        ");
        insta::assert_snapshot!(would(status.lease.as_ref()), @"would take the lease from driver of 20261123-011244-abcd (pid 99) since 2026-11-23 01:12:44Z, fence 3, 12s left");
        insta::assert_snapshot!(would(None), @"nobody holds the lease: there is nothing to take over");
    }
}
