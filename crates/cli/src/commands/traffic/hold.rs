//! `handover traffic hold` and `unhold`: requests wait at the edge for a while.

use std::time::Duration;

use handover_core::Timestamp;
use handover_traffic::{Mode, Route};

use super::change::{self, Wish};
use crate::args::{Hold, Unhold};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::short_duration;
use crate::report::Failure;
use crate::run;

/// Users and the clients in between give up long before this.
const LONGEST: Duration = Duration::from_mins(10);

/// Lets requests wait.
pub(super) async fn hold(args: &Hold, context: &Context) -> Result<Exit, Failure> {
    let attempted = "could not hold requests";
    check(args.time, attempted)?;
    let reached = run::at_the_helm(context.helm().await?).await?;
    let route = Route::hold(reached.status.route.route.split, Timestamp::now().plus(args.time));
    change::make(Wish { attempted, route, dry_run: args.dry_run }, &reached, context).await
}

/// Lets them go on.
pub(super) async fn unhold(args: &Unhold, context: &Context) -> Result<Exit, Failure> {
    let reached = run::at_the_helm(context.helm().await?).await?;
    let now = reached.status.route.route;
    if now.mode == Mode::Serve {
        return Ok(change::tell(context, now, now, args.dry_run));
    }
    let route = Route::serve(now.split);
    let attempted = "could not let requests go on";
    change::make(Wish { attempted, route, dry_run: args.dry_run }, &reached, context).await
}

fn check(time: Duration, attempted: &str) -> Result<(), Failure> {
    if !time.is_zero() && time <= LONGEST {
        return Ok(());
    }
    let because =
        format!("{} is not a time between 1ms and {}", short_duration(time), short_duration(LONGEST));
    Err(Failure::new(attempted, Exit::Usage).because(because).hint("`handover traffic hold --for 10s`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_without_end_is_refused() {
        assert!(check(LONGEST, "x").is_ok() && check(Duration::ZERO, "x").is_err());
        let endless = check(Duration::from_hours(24 * 365), "could not hold requests").unwrap_err();
        insta::assert_snapshot!(endless, @"
        error: could not hold requests
          because: 365d is not a time between 1ms and 10m

        hint: `handover traffic hold --for 10s`
        ");
    }
}
