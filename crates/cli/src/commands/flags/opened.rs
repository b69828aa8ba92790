//! From what was typed, or what the settings say, to a store.

use std::sync::Arc;

use handover_flags::FlagStore;

use crate::context::Context;
use crate::exit::Exit;
use crate::flags::{store, store_at};
use crate::report::Failure;

/// The store that was typed, else that of the settings, which are not read where one was typed. Connects to nothing.
///
/// # Errors
///
/// [`Exit::Usage`]: neither says where, or it is no such place. What was typed is not repeated: it may hold a password.
pub(super) fn open(at: Option<&str>, context: &Context) -> Result<Arc<dyn FlagStore>, Failure> {
    if let Some(at) = at {
        return store::open(at, &context.folder);
    }
    match context.settings_if_any()?.as_ref().and_then(store_at) {
        Some(at) => store::open_at(&at, &context.folder),
        None => Err(nowhere()),
    }
}

fn nowhere() -> Failure {
    Failure::new("could not find the flags", Exit::Usage)
        .because("nothing says where they are")
        .hint("`--store redis://HOST:6379/0` says it for this once, `store = \"…\"` or `store_env = \"REDIS_URL\"` in `[flags]` of handover.toml for ever")
}
