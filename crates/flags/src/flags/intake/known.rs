use std::sync::Arc;

use crate::flags::flag::Safe;
use crate::hot::{Reason, Source, State, Verdict};
use crate::rules::Compiled;
use crate::store::{Held, gate};

/// What stands under a key, and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) held: Held,
    pub(super) source: Source,
    /// The last change made through the store when this was learned.
    pub(super) revision: u64,
}

/// What a flag answers: its gate, and behind an open gate its rules.
pub(super) fn settle(
    safe: Option<Safe>,
    stale: bool,
    gate: Option<&Known>,
    rules: Option<&Known>,
    compiled: Option<&Arc<Compiled>>,
) -> (State, Option<Arc<Compiled>>) {
    let fallback = safe.unwrap_or_default().is_on();
    let revision = gate.into_iter().chain(rules).map(|known| known.revision).max().unwrap_or_default();
    let fixed = |on, why, source| (State::new(Verdict::Fixed(on, why), source, revision), compiled.cloned());
    if stale {
        return fixed(fallback, Reason::TooOld, Source::Safe);
    }
    let (open, why, source) = match gate.map(|known| (&known.held, known.source)) {
        None if safe.is_none() && rules.is_none() => return fixed(false, Reason::Unknown, Source::Safe),
        None => (fallback, Reason::Unset, Source::Safe),
        Some((Held::Unreadable(_), _)) => (fallback, Reason::Unreadable, Source::Safe),
        Some((Held::Text(text), source)) => match self::gate(text) {
            Ok(open) => (open, Reason::Gate, source),
            Err(_) => (false, Reason::Malformed, source),
        },
    };
    match (open, rules, compiled) {
        (false, ..) | (true, None, _) => fixed(open, why, source),
        (true, Some(_), None) => fixed(fallback, Reason::RulesUnreadable, Source::Safe),
        (true, Some(rules), Some(compiled)) => {
            // An open gate by default leaves the rules' source as the only one that said anything.
            let source = if source == Source::Safe { rules.source } else { source };
            (State::new(Verdict::Ask, source, revision), Some(Arc::clone(compiled)))
        }
    }
}
