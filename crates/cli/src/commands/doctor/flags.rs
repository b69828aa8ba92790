//! The flags that a deployment sets: whether it could.

use super::check::Check;
use crate::flags::{FlagsLook, changes, look, store_at};
use crate::report::Failure;
use crate::settings::Settings;

/// Asks the store, and changes nothing; no check where a deployment sets no flags.
pub(super) async fn examine(settings: &Settings) -> Option<Check> {
    check(look(store_at(settings).as_ref(), &changes(settings)).await)
}

fn check(looked: Result<Option<FlagsLook>, Failure>) -> Option<Check> {
    match looked {
        Ok(looked) => looked.map(|flags| Check::ok("flags", flags.brief())),
        Err(failure) => Some(Check::failed("flags", &failure, "mend `[flags]` in handover.toml")),
    }
}
