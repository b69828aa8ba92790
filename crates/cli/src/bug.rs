//! A panic is a bug of ours: it is shown as one, and never passes for an answer.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};

use crate::exit::Exit;
use crate::output::Output;
use crate::report::Failure;

/// Runs `work`; a panic in it, or in any thread meanwhile, is shown, and `work`'s own ends with [`Exit::Bug`].
pub(crate) fn guarded(output: Output, work: impl FnOnce() -> Exit) -> Exit {
    std::panic::set_hook(Box::new(move |info| output.failure(&describe(info))));
    caught(work)
}

fn caught(work: impl FnOnce() -> Exit) -> Exit {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::Bug)
}

fn describe(info: &PanicHookInfo<'_>) -> Failure {
    let at = info.location().map_or_else(String::new, |at| format!(" (at {}:{})", at.file(), at.line()));
    let said = info.payload_as_str().unwrap_or("without a word");
    Failure::new("handover stopped in a way it never should", Exit::Bug)
        .because(format!("{said}{at}"))
        .hint("this is a bug: please report it with these lines; `handover status` shows how things stand")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_as_a_bug() {
        assert_eq!(caught(|| panic!("a test panics on purpose")), Exit::Bug);
        assert_eq!(caught(|| Exit::Done), Exit::Done);
    }
}
