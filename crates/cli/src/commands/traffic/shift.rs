//! `handover traffic shift`: another split by hand.

use handover_core::Slot;
use handover_edge::api::{AgentStatus, InstanceState, PanicRequest};
use handover_traffic::{Route, Split};

use super::change::{self, Wish};
use crate::args::Shift;
use crate::commands::by_hand::refused;
use crate::context::Context;
use crate::exit::Exit;
use crate::helm::Helm;
use crate::report::Failure;
use crate::run::{self};

const ATTEMPTED: &str = "could not move traffic by hand";

/// Moves traffic as asked.
pub(super) async fn run(args: &Shift, context: &Context) -> Result<Exit, Failure> {
    let helm = context.helm().await?;
    if args.now && !args.dry_run {
        return break_glass(&helm, args, context).await;
    }
    let reached = run::at_the_helm(helm).await?;
    let split = wished(args, &reached.status)?;
    if args.now {
        let before = reached.status.route.route;
        return Ok(change::tell(context, before, Route::serve(split), true));
    }
    refuse_silent(&reached.status, split)?;
    let route = Route { split, ..reached.status.route.route };
    change::make(Wish { attempted: ATTEMPTED, route, dry_run: args.dry_run }, &reached, context).await
}

/// Everything to stable: the agent knows where that is, raises the fence and asks nobody.
async fn break_glass(client: &Helm, args: &Shift, context: &Context) -> Result<Exit, Failure> {
    // What was in force is worth knowing, but nothing here waits for it.
    let before = client.observe().await.ok().map(|observed| observed.route);
    let why = format!("{}: {}", run::who(), args.why);
    let request = PanicRequest { to: None, why, op: change::op_id() };
    client.panic(&request).await.map_err(|error| refused(&error, ATTEMPTED))?;
    let after = client.observe().await.map_err(|error| unread(&error))?;
    Ok(change::tell(context, before.unwrap_or(after.route), after.route, false))
}

fn unread(error: &handover_edge::ClientError) -> Failure {
    Failure::new("could not read back what is in force", Exit::Unknown)
        .because_of(error)
        .hint("`handover traffic show` tries again")
}

fn wished(args: &Shift, status: &AgentStatus) -> Result<Split, Failure> {
    let Some((stable, _)) = &status.stable else {
        return Err(Failure::new(ATTEMPTED, Exit::Refused)
            .because("no release is known to be stable yet, so neither slot is the candidate's")
            .hint("`handover deploy` makes one"));
    };
    let share = args.candidate.map_or(0, crate::settings::Weight::bps);
    Ok(Split::from_bps(stable.other(), share).unwrap_or(Split::all(*stable)))
}

/// A share for a slot in which nothing can answer would be a share of errors.
fn refuse_silent(status: &AgentStatus, split: Split) -> Result<(), Failure> {
    let ready = |slot: Slot| status.slots[slot].instances.iter().any(|i| i.state == InstanceState::Ready);
    let grows = |slot: Slot| split.bps(slot) > status.route.route.split.bps(slot);
    let Some(slot) = Slot::BOTH.into_iter().find(|&slot| grows(slot) && !ready(slot)) else { return Ok(()) };
    let because = match &status.slots[slot].release {
        Some(release) => format!("no instance of release {release} in {slot} is ready to answer"),
        None => format!("no release runs in {slot}"),
    };
    Err(Failure::new(ATTEMPTED, Exit::Refused)
        .because(because)
        .hint("`handover status` shows what each slot does; `handover deploy` launches a release"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::fixtures;

    fn args(candidate: Option<&str>) -> Shift {
        let candidate = candidate.map(|weight| weight.parse().unwrap());
        Shift { stable: candidate.is_none(), candidate, now: false, why: "x".into(), dry_run: false }
    }

    #[test]
    fn the_candidate_is_whatever_is_not_stable() {
        let mut status = fixtures::idle();
        assert_eq!(wished(&args(Some("25%")), &status).unwrap().bps(Slot::Green), 2_500);
        assert_eq!(wished(&args(None), &status).unwrap(), Split::ALL_BLUE);
        status.stable = Some((Slot::Green, "v41".parse().unwrap()));
        assert_eq!(wished(&args(Some("25%")), &status).unwrap().bps(Slot::Blue), 2_500);
        status.stable = None;
        insta::assert_snapshot!(wished(&args(None), &status).unwrap_err(), @"
        error: could not move traffic by hand
          because: no release is known to be stable yet, so neither slot is the candidate's

        hint: `handover deploy` makes one
        ");
    }

    #[test]
    fn a_slot_in_which_nothing_is_ready_gets_no_more_than_it_has() {
        let mut status = fixtures::idle();
        status.slots[Slot::Green].instances.remove(0);
        let split = |bps| Split::from_green_bps(bps).unwrap();
        insta::assert_snapshot!(refuse_silent(&status, split(2_500)).unwrap_err(), @"
        error: could not move traffic by hand
          because: no instance of release v42 in green is ready to answer

        hint: `handover status` shows what each slot does; `handover deploy` launches a release
        ");
        assert!(refuse_silent(&status, split(500)).is_ok(), "less is always possible");
        status.slots[Slot::Green].release = None;
        insta::assert_snapshot!(refuse_silent(&status, split(2_500)).unwrap_err(), @"
        error: could not move traffic by hand
          because: no release runs in green

        hint: `handover status` shows what each slot does; `handover deploy` launches a release
        ");
    }
}
