//! Whether checks prove that the rows of a table belong to a partition.
//!
//! PostgreSQL proves it with its planner; here it is proven for a key of one column whose values are written plainly,
//! as people write a check to spare the scan.

use crate::catalog::ConstraintKind;
use crate::ddl::Bound;
use crate::replay::claims::predicate::{
    Fact, constants, facts, not_above, not_below, range_of, valid_checks,
};
use crate::replay::claims::target::Target;

/// Whether the rows of `child` are proven to be within `bound`; `None` where it cannot be said.
pub(super) fn proves_partition(parent: &Target<'_>, child: &Target<'_>, bound: &Bound) -> Option<bool> {
    let Bound::Values(values) = bound else { return of_default(parent, child) };
    let key = parent.relation()?.partition_by.as_ref()?;
    let within_another = parent.relation()?.partition_of.is_some();
    let [column] = key.columns.as_slice() else { return undecided(child) };
    let facts = known(child, column);
    if facts.is_empty() || key.method == "hash" {
        return undecided(child);
    }
    let required =
        child.column(column).is_some_and(|column| column.not_null) || facts.contains(&Fact::NotNull);
    let within = if key.method == "list" { in_list(&facts, values) } else { in_range(&facts, values) };
    match within {
        _ if !required => Some(false),
        Some(true) if within_another => None,
        within => within,
    }
}

/// Without checks, nothing is proven.
fn undecided(child: &Target<'_>) -> Option<bool> {
    let checks = child.relation().map_or(&[][..], |relation| &relation.constraints);
    let checked = checks.iter().any(|check| matches!(check.kind, ConstraintKind::Check { .. }));
    (child.is_complete() && !checked).then_some(false)
}

/// The first partition may be for whatever no other is for.
fn of_default(parent: &Target<'_>, child: &Target<'_>) -> Option<bool> {
    if parent.relation()?.children.is_empty() { Some(true) } else { undecided(child) }
}

/// What valid checks say of a column.
fn known(table: &Target<'_>, column: &str) -> Vec<Fact> {
    valid_checks(table).flat_map(|text| facts(text, column)).collect()
}

/// `FOR VALUES FROM (x) TO (y)`.
fn in_range(facts: &[Fact], values: &str) -> Option<bool> {
    let (from, to) = range_of(values)?;
    let above = from.first()?.eq_ignore_ascii_case("minvalue") || not_below(facts, from.first()?)?;
    let below = to.first()?.eq_ignore_ascii_case("maxvalue") || not_above(facts, to.first()?)?;
    Some(above && below)
}

/// `FOR VALUES IN (x, y)`.
fn in_list(facts: &[Fact], values: &str) -> Option<bool> {
    let wanted = constants(values)?;
    let lists = facts.iter().filter_map(|fact| match fact {
        Fact::In(values) => Some(values),
        _ => None,
    });
    let mut within = lists.map(|list| list.iter().all(|value| wanted.contains(value))).peekable();
    within.peek()?;
    Some(within.any(|within| within))
}
