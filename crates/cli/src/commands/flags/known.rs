//! Names as they are typed, and the nearest where there is none.

use handover_flags::{Contents, FlagName, FlagStore, Held, Key, StoreError};

use super::failed::failed;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::nearest;

/// The flag of this name.
///
/// # Errors
///
/// [`Exit::Usage`]: it is no name at all.
pub(super) fn named(text: &str, attempted: &str) -> Result<FlagName, Failure> {
    FlagName::new(text).map_err(|error| Failure::new(attempted, Exit::Usage).because_of(&error))
}

/// Everything in the store.
///
/// # Errors
///
/// It cannot be read.
pub(super) async fn load(store: &dyn FlagStore, attempted: &str) -> Result<Contents, Failure> {
    store.load().await.map_err(|error| failed(attempted, &error))
}

/// What stands under a flag's gate.
pub(super) fn gate<'a>(contents: &'a Contents, flag: &FlagName) -> Option<&'a Held> {
    contents.values.get(&Key::Gate(flag.clone()))
}

/// What stands under a flag's rules.
pub(super) fn rules<'a>(contents: &'a Contents, flag: &FlagName) -> Option<&'a Held> {
    contents.values.get(&Key::Rules(flag.clone()))
}

/// Whether the store has anything for this flag.
pub(super) fn is_in(contents: &Contents, flag: &FlagName) -> bool {
    gate(contents, flag).or_else(|| rules(contents, flag)).is_some()
}

/// Whether any process ever said that it uses this flag; no store keeping it, nobody did.
///
/// # Errors
///
/// It cannot be read.
pub(super) async fn is_used(
    store: &dyn FlagStore,
    flag: &FlagName,
    attempted: &str,
) -> Result<bool, Failure> {
    match store.usage().await {
        Ok(usage) => Ok(usage.contains_key(flag)),
        Err(StoreError::Unsupported { .. }) => Ok(false),
        Err(error) => Err(failed(attempted, &error)),
    }
}

/// There is no such flag; with `create` that is no hindrance, and may be typed.
pub(super) fn missing(
    attempted: &str,
    flag: &FlagName,
    store: &dyn FlagStore,
    contents: &Contents,
) -> Failure {
    let failure = Failure::new(attempted, Exit::Refused)
        .because(format!("there is no flag `{flag}` in {}", store.name()));
    let names: Vec<_> = contents.flags().map(FlagName::as_str).collect();
    match nearest(flag.as_str(), names.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => failure.hint("the store is empty: check `--store`"),
        None => failure.hint("`handover flags list` shows those that there are"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_name_is_said_without_its_escape_sequences() {
        let failure = named("\u{1b}[31mred", "could not show the flag").unwrap_err();
        insta::assert_snapshot!(failure, @r"
        error: could not show the flag
          because: `\u{1b}[31mred` is no name of a flag: it holds control characters
        ");
    }
}
