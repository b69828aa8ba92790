use super::wire;
use crate::rules::{Constraint, Op};

/// Unleash's operators and ours. Where there is none of ours for one value, there is for its opposite.
fn op(name: &str) -> Option<(Op, bool)> {
    let op = match name {
        "NOT_IN" => return Some((Op::In, true)),
        "IN" => Op::In,
        "STR_CONTAINS" => Op::Contains,
        "STR_STARTS_WITH" => Op::StartsWith,
        "STR_ENDS_WITH" => Op::EndsWith,
        "NUM_EQ" => Op::NumEq,
        "NUM_GT" => Op::NumGt,
        "NUM_GTE" => Op::NumGte,
        "NUM_LT" => Op::NumLt,
        "NUM_LTE" => Op::NumLte,
        "DATE_AFTER" => Op::DateAfter,
        "DATE_BEFORE" => Op::DateBefore,
        "SEMVER_EQ" => Op::SemverEq,
        "SEMVER_GT" => Op::SemverGt,
        "SEMVER_GTE" => Op::SemverGte,
        "SEMVER_LT" => Op::SemverLt,
        "SEMVER_LTE" => Op::SemverLte,
        "REGEX" => Op::Regex,
        "IN_CIDR" => Op::Cidr,
        _ => return None,
    };
    Some((op, false))
}

/// One constraint, with what of it was left out; or why it cannot be carried over.
pub(super) fn constraint(theirs: &wire::Constraint) -> Result<(Constraint, Option<String>), String> {
    let (op, opposite) =
        op(&theirs.operator).ok_or_else(|| format!("there is no operator {:?}", theirs.operator))?;
    let mut ours = Constraint::new(&theirs.context_name, op, &[]);
    ours.values = values(theirs, op);
    ours.not = theirs.inverted != opposite;
    // Unleash's lists of whole values always mind the case.
    ours.ignore_case = theirs.case_insensitive && op.knows_case() && op != Op::In;
    let note = (op == Op::Cidr && !ours.not).then(|| without_nonsense(&mut ours)).flatten();
    ours.check().map_err(|fault| format!("{} on {:?}: {fault}", theirs.operator, theirs.context_name))?;
    Ok((ours, note))
}

fn values(theirs: &wire::Constraint, op: Op) -> Vec<String> {
    if op.takes_many() {
        return theirs.values.iter().map(|text| text.0.clone()).collect();
    }
    let value = theirs.value.iter().map(|text| text.0.as_str());
    // Blanks around a number or a date mean nothing; in a pattern they do.
    let trimmed = |text: &str| if op == Op::Regex { text.to_owned() } else { text.trim().to_owned() };
    value.map(trimmed).collect()
}

/// Takes out of a list of networks what is none, as Unleash does; of a list that shuts people out nothing is taken,
/// since that would let them in.
fn without_nonsense(list: &mut Constraint) -> Option<String> {
    let fits = |value: &String| Constraint::new("remoteAddress", Op::Cidr, &[value]).check().is_ok();
    let (kept, gone): (Vec<_>, Vec<_>) = list.values.drain(..).partition(fits);
    list.values = kept;
    (!gone.is_empty()).then(|| format!("left out of a list of networks: {}", gone.join(", ")))
}
