mod allocations;
mod decisions;
mod documents;
mod errors;
mod hostile;
mod page;
mod schema;
mod shares;

use std::sync::Arc;

use super::{Compiled, Context, Decision, NoOthers, Rules, Segment};

/// A flag called `flag` with these rules, which need not be checked.
fn compiled(rules: &str) -> Compiled {
    Compiled::new("flag", &serde_json::from_str(rules).unwrap(), &|_| None)
}

fn with_segment(rules: &str, name: &str, segment: &str) -> Compiled {
    let segment = Arc::<Segment>::new(serde_json::from_str(segment).unwrap());
    Compiled::new("flag", &Rules::parse(rules).unwrap(), &|asked| (asked == name).then(|| segment.clone()))
}

fn decide<'a>(compiled: &'a Compiled, context: &Context<'_>) -> Decision<'a> {
    compiled.decide(context, &NoOthers)
}

fn is_on(rules: &str, context: &Context<'_>) -> bool {
    decide(&compiled(rules), context).on
}
