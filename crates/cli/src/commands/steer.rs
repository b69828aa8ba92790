//! `promote`, `pause`, `approve`, `abort` and `resume`: orders to a run.
//!
//! An order is durable once it is in the order book. A living driver takes it within 200 ms; where none lives, the
//! agent is started and starts one, which takes the order first.

use std::time::Duration;

use handover_core::RunId;
use handover_edge::api::RunRequest;
use handover_rollout::{Outcome, Plan, order_words};
use handover_runbook::{Body, Journal as _, Order, Orders as _, Record, SqliteStore, StepName};
use tokio::time::{Instant, sleep};

use super::deploy;
use super::interruption::Interruption;
use crate::args::{Promote, Steer};
use crate::context::{Access, Context};
use crate::exit::Exit;
use crate::follow::{Followed, Patience, follow, view};
use crate::helm::Helm;
use crate::output::short_duration;
use crate::report::Failure;
use crate::run;

/// How long a driver may take to confirm an order: it looks every 100 ms, a new one has to start first, and the agent
/// replaces one that holds still once its lease has run out.
const CONFIRM_BEYOND_LEASE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// One order to give.
pub(super) struct Wish {
    /// Which run; the one that is going on where absent.
    pub(super) run: Option<RunId>,
    pub(super) order: Order,
    pub(super) dry_run: bool,
    /// Do not wait for the run's end.
    pub(super) detach: bool,
}

impl Wish {
    fn of(args: &Steer, order: Order) -> Self {
        Self { run: args.run.clone(), order, dry_run: args.dry_run, detach: true }
    }
}

/// `handover promote`.
pub(super) async fn promote(args: &Promote, context: &Context) -> Result<Exit, Failure> {
    let order = if args.full { Order::AdvanceAll } else { Order::Advance };
    give(Wish::of(&args.steer, order), context).await
}

/// `handover pause`.
pub(super) async fn pause(args: &Steer, context: &Context) -> Result<Exit, Failure> {
    give(Wish::of(args, Order::Pause), context).await
}

/// `handover approve`.
pub(super) async fn approve(args: &Steer, context: &Context) -> Result<Exit, Failure> {
    give(Wish::of(args, Order::Approve), context).await
}

/// `handover resume`: the driver goes on, and a pause is over.
pub(super) async fn resume(args: &Steer, context: &Context) -> Result<Exit, Failure> {
    let wish = Wish { detach: false, ..Wish::of(args, Order::Continue) };
    give(wish, context).await
}

/// `handover abort`: takes the candidate back and waits for it.
pub(super) async fn abort(args: &Steer, context: &Context) -> Result<Exit, Failure> {
    let order = Order::TurnBack { verb: "abort".into(), reason: args.why.clone() };
    give(Wish { detach: false, ..Wish::of(args, order) }, context).await
}

/// Gives an order, makes sure that somebody takes it, and waits for the end where the verb promises one.
pub(super) async fn give(wish: Wish, context: &Context) -> Result<Exit, Failure> {
    Box::pin(carry(wish, context)).await
}

async fn carry(wish: Wish, context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let state_dir = context.state_dir(&settings, Access::Read)?;
    let store = run::open_journal(&state_dir).await?;
    let run = going_on(&store, wish.run.as_ref()).await?;
    if wish.dry_run {
        let object = serde_json::json!({ "version": 1, "run": run, "order": wish.order, "taken": false });
        context.output.result(format!("would order run {run}: {}", order_words(&wish.order)), &object);
        return Ok(Exit::Done);
    }
    let patience = settings.agent.lease_ttl.get() + CONFIRM_BEYOND_LEASE;
    if wish.order == Order::Advance {
        // Without a living driver the step in hand would never change.
        let client = run::ensure_agent(&settings, &state_dir, context.output).await?.client;
        ensure_driver(&store, &client, &run).await?;
        until_something_waits(&store, &run, patience).await?;
    }
    let number = store.give(&run, wish.order.clone(), &run::who()).await;
    let number = number.map_err(|e| Failure::of("could not give the order", Exit::Refused, &e))?;
    let client = run::ensure_agent(&settings, &state_dir, context.output).await?.client;
    ensure_driver(&store, &client, &run).await?;
    confirmed(&store, &run, number, patience).await?;
    // Whoever drives the run from here stays with it.
    if wish.detach && !client.drives_here() {
        let object = serde_json::json!({ "version": 1, "run": run, "order": wish.order, "taken": true });
        context.output.result(format!("run {run} took the order: {}", order_words(&wish.order)), &object);
        return Ok(Exit::Done);
    }
    let mut view = view(context.output);
    let patience = if client.drives_here() { Patience::UntilEnd } else { Patience::of(context.output) };
    let following = follow(store.as_ref(), &client, &run, patience, view.as_mut());
    let interruption = Interruption { helm: &client, store: &store, run: &run };
    let Some(followed) = interruption.unless_during(following, context).await? else {
        return Ok(Exit::Waiting);
    };
    if went_back_as_asked(&wish.order, &followed) {
        deploy::show(context, &followed);
        return Ok(Exit::Done);
    }
    Ok(deploy::finish(context, &followed))
}

/// The unfinished run, or the named one if it is unfinished.
async fn going_on(store: &SqliteStore, named: Option<&RunId>) -> Result<RunId, Failure> {
    let runs =
        store.runs().await.map_err(|e| Failure::of("could not read the journal", Exit::Refused, &e))?;
    let found = runs.iter().find(|summary| match named {
        Some(run) => summary.run == *run,
        None => summary.ending.is_none(),
    });
    let refuse = |because: String| {
        Err(Failure::new("could not give the order", Exit::Refused)
            .because(because)
            .hint("`handover history` lists the runs; `handover rollback` goes back to the release before"))
    };
    match (found, named) {
        (Some(summary), _) if summary.ending.is_none() => Ok(summary.run.clone()),
        (Some(summary), _) => refuse(format!("run {} is over", summary.run)),
        (None, Some(run)) => refuse(format!("the journal knows no run {run}")),
        (None, None) => refuse("no run is going on".into()),
    }
}

/// The agent looks after an active run by itself; a run it has forgotten is handed to it again.
async fn ensure_driver(store: &SqliteStore, client: &Helm, run: &RunId) -> Result<(), Failure> {
    let records = store.read(run, 0).await;
    let records = records.map_err(|e| Failure::of("could not read the journal", Exit::Refused, &e))?;
    let plan: Plan = run::plan_of(&records)?;
    let request = RunRequest { run: run.clone(), candidate: plan.slot, stable: plan.stable_slot() };
    let started = client.start_run(&request).await;
    started.map_err(|e| Failure::of(format!("could not go on with run {run}"), Exit::Refused, &e))
}

/// An order to go on means nothing to a step that does not wait, such as the proof after a shift: it would be taken and
/// change nothing. Such a step is over soon, or its run fails.
async fn until_something_waits(store: &SqliteStore, run: &RunId, patience: Duration) -> Result<(), Failure> {
    let deadline = Instant::now() + patience;
    loop {
        let records = store.read(run, 0).await;
        let records = records.map_err(|e| Failure::of("could not read the journal", Exit::Refused, &e))?;
        let Some(busy) = busy_with(&records)? else { return Ok(()) };
        if Instant::now() > deadline {
            return Err(Failure::new("could not promote", Exit::Refused)
                .because(format!("{busy} is in hand, and only judging and baking can be ended early"))
                .hint("`handover promote --full` skips the waiting of every later step"));
        }
        sleep(POLL).await;
    }
}

/// The step in hand, where it is not one that waits. One that waited and is over leaves nothing to end either.
fn busy_with(records: &[Record]) -> Result<Option<String>, Failure> {
    let plan = run::plan_of(records)?;
    let in_hand = records.iter().rev().find_map(|record| match &record.body {
        Body::Intent { step, .. }
        | Body::Verified { step, .. }
        | Body::Watching { step }
        | Body::Proceeded { step, .. } => Some(step),
        _ => None,
    });
    let over = records.iter().any(|record| matches!(record.body, Body::Ended { .. } | Body::Turned { .. }));
    let waits =
        |step: &StepName| plan.outline().forward.iter().any(|s| s.name == *step && s.can_be_ended_early());
    let busy = !over && !in_hand.is_some_and(waits);
    Ok(busy.then(|| in_hand.map_or_else(|| "the beginning".into(), ToString::to_string)))
}

/// Waits until a driver has written that it took the order.
async fn confirmed(store: &SqliteStore, run: &RunId, number: u64, patience: Duration) -> Result<(), Failure> {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        let records = store.read(run, 0).await;
        let records = records.map_err(|e| Failure::of("could not read the journal", Exit::Unknown, &e))?;
        if taken(&records, number) {
            return Ok(());
        }
        sleep(POLL).await;
    }
    Err(Failure::new("could not see the order taken", Exit::Unknown)
        .because(format!(
            "no driver confirmed it within {}; it stays in the order book",
            short_duration(patience)
        ))
        .hint("`handover status` shows whether a driver lives"))
}

fn taken(records: &[Record], wanted: u64) -> bool {
    records.iter().any(|record| match &record.body {
        Body::Ordered { number, .. } => *number >= wanted,
        // A run that ended meanwhile takes no orders; its end says more than a confirmation would.
        Body::Ended { .. } => true,
        _ => false,
    })
}

/// Going back is what was asked for, so a run that went back is done.
fn went_back_as_asked(order: &Order, followed: &Followed) -> bool {
    let back = matches!(followed.outcome, Outcome::RolledBack | Outcome::Refused);
    back && matches!(order, Order::TurnBack { .. })
}
