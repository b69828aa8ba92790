//! What becomes of a column's bytes, and of its indexes, when it gets another type.
//!
//! PostgreSQL (`ATColumnChangeRequiresRewrite`) looks at the expression that makes the new value: if that is the column
//! itself, relabelled or put into a domain that asks nothing, the table stays as it is.

mod binary;
mod facts;
mod modifier;
mod using;

use crate::ddl::{Expr, TypeRef};
use crate::replay::World;
use facts::Facts;
use using::Using;

/// What changing a type comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every row is written anew.
    Rewrite,
    /// The bytes stay. Indexes and foreign keys need not be looked at again if the type's operators are the same.
    Keep {
        /// Whether they are.
        same_operators: bool,
    },
    /// The bytes stay in a session whose time zone is UTC; the operators are others.
    KeepInUtc,
}

/// What changing the type of `column` comes to; `None` where its type is not known.
pub(super) fn outcome(
    world: &World<'_>,
    column: &str,
    from: Option<&TypeRef>,
    to: &TypeRef,
    using: Option<&Expr>,
) -> Option<Outcome> {
    let using = Using::of(using, column);
    if using == Using::Computed {
        return Some(Outcome::Rewrite);
    }
    let (from, to) = (Facts::of(world, from?).after_cast(), Facts::of(world, to));
    if to.constrained && from.domain != to.domain {
        return Some(Outcome::Rewrite);
    }
    let path = match using {
        Using::Cast(through) => vec![Facts::of(world, through), to.clone()],
        _ => vec![to.clone()],
    };
    Some(along(from, &path))
}

/// One cast after another.
fn along(mut from: Facts, path: &[Facts]) -> Outcome {
    let start = from.clone();
    let mut zone = false;
    for to in path {
        match step(&from, to) {
            Some(Step { in_utc }) => zone |= in_utc,
            None => return Outcome::Rewrite,
        }
        from = to.clone().after_cast();
    }
    if zone {
        Outcome::KeepInUtc
    } else {
        Outcome::Keep { same_operators: start.operators() == from.operators() }
    }
}

/// A cast that keeps the bytes.
struct Step {
    in_utc: bool,
}

fn step(from: &Facts, to: &Facts) -> Option<Step> {
    if from.domain.is_some() && from.domain == to.domain {
        return Some(Step { in_utc: false });
    }
    let same = from.ty.name == to.ty.name && from.ty.dimensions.min(1) == to.ty.dimensions.min(1);
    let in_utc = !same && binary::in_utc(from, to);
    if !same && !in_utc && !binary::coercible(from, to) {
        return None;
    }
    let before = if same { from.clone() } else { from.clone().plain() };
    modifier::fits(&before.ty, &to.ty).then_some(Step { in_utc })
}
