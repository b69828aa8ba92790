//! `handover rollback`: during a run the candidate goes back; after one, the release before takes over again.

use handover_core::{ReleaseId, Timestamp};
use handover_edge::ReleaseStore;
use handover_runbook::Order;

use super::{deploy, plan};
use crate::args::Rollback;
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::helm::Helm;
use crate::report::Failure;
use crate::run::{self, Intent, Reached, Standing};

const ATTEMPTED: &str = "could not roll back";

/// Goes back.
pub(super) async fn run(args: &Rollback, context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let state_dir = context.state_dir(&settings, Access::Write)?;
    let reached = if args.dry_run {
        run::at_the_helm(Helm::of(&settings, &state_dir).await?).await?
    } else {
        run::ensure_agent(&settings, &state_dir, context.output).await?
    };
    if let Some(active) = &reached.status.run {
        if args.to.is_none() {
            let order = Order::TurnBack { verb: "rollback".into(), reason: args.why.clone() };
            let wish = super::steer::Wish { run: None, order, dry_run: args.dry_run, detach: args.detach };
            return super::steer::give(wish, context).await;
        }
        return Err(Failure::new(ATTEMPTED, Exit::Refused)
            .because(format!("run {} is going on", active.request.run))
            .hint("`handover rollback` without `--to` takes it back first"));
    }
    let store = ReleaseStore::new(&state_dir);
    let to = target(args, &reached, &store)?;
    let standing = Standing::of(&reached.client, &reached.status);
    let run_id = run::new_run_id(Timestamp::now());
    let plan = run::plan(&settings, &standing, Intent::GoBack(to), run_id, by(args));
    if args.dry_run {
        return plan::check_and_print(&plan, &reached.client, context);
    }
    let Reached { client, .. } = reached;
    let begun = deploy::Begun::seal(plan, client, &state_dir).await?;
    Box::pin(deploy::conclude(begun, args.detach, context)).await
}

/// Who goes back, and why: part of the sealed plan.
fn by(args: &Rollback) -> String {
    match &args.why {
        Some(why) => format!("{} ({why})", run::who()),
        None => run::who(),
    }
}

fn target(args: &Rollback, reached: &Reached, store: &ReleaseStore) -> Result<ReleaseId, Failure> {
    let status = &reached.status;
    if let Some(to) = &args.to {
        // What a command launches by its name alone was never frozen here.
        if status.slots.iter().any(|(_, slot)| slot.release.as_ref() == Some(to)) {
            return Ok(to.clone());
        }
        store.spec(to).map_err(|e| {
            Failure::of(ATTEMPTED, Exit::Refused, &e).hint("`handover releases list` shows what is there")
        })?;
        return Ok(to.clone());
    }
    let serving = Standing::of(&reached.client, status).stable;
    let other = serving.and_then(|(slot, _)| status.slots[slot.other()].release.clone());
    other.ok_or_else(|| {
        Failure::new(ATTEMPTED, Exit::Refused)
            .because("no release is kept warm to go back to")
            .hint("`handover releases list`, then `handover rollback --to RELEASE`")
    })
}
