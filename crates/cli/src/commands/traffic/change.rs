//! One change of the route by hand: lease, apply with its fence, give the lease back, read back.

use handover_core::{OpId, Timestamp};
use handover_traffic::{Change, Expected, Revision, Route, SwitchError};
use serde::Serialize;

use super::show::{RouteShown, VERSION};
use crate::commands::by_hand::{ByHand, refuse_run};
use crate::context::Context;
use crate::exit::Exit;
use crate::helm::Helm;
use crate::report::Failure;
use crate::run::Reached;

/// What a change came to.
#[derive(Debug, Serialize)]
struct Changed {
    version: u32,
    dry_run: bool,
    before: RouteShown,
    after: RouteShown,
}

/// What is wished for, and what to call it when it fails.
pub(super) struct Wish {
    pub(super) attempted: &'static str,
    pub(super) route: Route,
    pub(super) dry_run: bool,
}

/// Makes the change, unless it is only to be shown.
///
/// # Errors
///
/// Why not; nothing changed, except where the agent did not confirm.
pub(super) async fn make(wish: Wish, reached: &Reached, context: &Context) -> Result<Exit, Failure> {
    let before = &reached.status.route;
    if wish.dry_run {
        refuse_run(&reached.status, wish.attempted)?;
        return Ok(tell(context, before.route, wish.route, true));
    }
    let by_hand = ByHand::begin(&reached.client, wish.attempted).await?;
    let made = by_hand.during(apply(&wish, before.revision, &by_hand, &reached.client)).await;
    by_hand.end().await;
    let after = made.map_err(|error| failed(&error, wish.attempted))?;
    Ok(tell(context, before.route, after, false))
}

/// Applies and reads back what is in force.
async fn apply(
    wish: &Wish,
    planned_on: Revision,
    by_hand: &ByHand,
    client: &Helm,
) -> Result<Route, SwitchError> {
    let switcher = client.switcher();
    let change = Change {
        route: wish.route,
        expected: Expected::Revision(planned_on),
        op: op_id(),
        fence: by_hand.fence(),
    };
    switcher.apply(&change).await?;
    Ok(switcher.observe().await?.route)
}

/// A name that no other wish has.
pub(super) fn op_id() -> OpId {
    OpId::new(format!("by-hand/{}-{:08x}", Timestamp::now().unix_millis(), fastrand::u32(..)))
}

/// Shows what was and what is, or would be.
pub(super) fn tell(context: &Context, before: Route, after: Route, dry_run: bool) -> Exit {
    let changed = Changed { version: VERSION, dry_run, before: before.into(), after: after.into() };
    let line = if dry_run {
        format!("would change from {} to {}", changed.before, changed.after)
    } else {
        format!("in force: {} (was {})", changed.after, changed.before)
    };
    context.output.result(line, &changed);
    Exit::Done
}

fn failed(error: &SwitchError, attempted: &str) -> Failure {
    match error {
        SwitchError::Unconfirmed { .. } => Failure::of(attempted, Exit::Unknown, error)
            .hint("`handover traffic show` reads back what is in force"),
        _ => Failure::of(attempted, Exit::Refused, error),
    }
}
