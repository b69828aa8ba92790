//! Whether an expression must be computed for each row, or once.

mod names;

use self::names::{OF_ROWS, STEADY, VOLATILE};
use crate::ObjectName;
use crate::catalog::Function;
use crate::ddl::{Call, Ddl, Expr, Language, Step, Verb, Volatility};
use crate::replay::World;

/// How deep SQL functions that call one another are looked into.
const DEPTH: u32 = 8;

/// What is volatile in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volatile {
    /// The function.
    pub(super) function: String,
    /// Nobody made that function, so it is taken to be what a function is unless it says otherwise.
    pub(super) assumed: bool,
}

/// The first call of an expression that is volatile, if any.
pub(super) fn volatile(world: &World<'_>, expr: &Expr) -> Option<Volatile> {
    first(world, &expr.calls, DEPTH)
}

fn first(world: &World<'_>, calls: &[Call], depth: u32) -> Option<Volatile> {
    let mut certain = calls.iter().filter_map(|call| of_call(world, call, depth));
    let first = certain.next()?;
    if !first.assumed {
        return Some(first);
    }
    Some(certain.find(|other| !other.assumed).unwrap_or(first))
}

fn of_call(world: &World<'_>, call: &Call, depth: u32) -> Option<Volatile> {
    let made = world.catalog.functions_named(&call.name, &world.path);
    let volatile = match meant(made, call) {
        Some(function) => return of_function(world, function, call, depth),
        None if is_steady(&call.name) => return None,
        None => VOLATILE.binary_search(&call.name.name.as_str()).is_ok(),
    };
    Some(Volatile { function: call.name.to_string(), assumed: !volatile })
}

/// The function of that name that takes so many arguments, or any.
fn meant<'a>(made: &'a [Function], call: &Call) -> Option<&'a Function> {
    let fits = |function: &&Function| function.arguments.len() == call.arguments.len();
    made.iter().find(fits).or(made.last())
}

fn of_function(world: &World<'_>, function: &Function, call: &Call, depth: u32) -> Option<Volatile> {
    if function.volatility != Volatility::Volatile {
        return None;
    }
    match inlined(function).filter(|_| depth > 0) {
        Some(calls) => first(world, calls, depth - 1),
        None => Some(Volatile { function: call.name.to_string(), assumed: false }),
    }
}

/// What a function calls whose body the planner puts in the place of the call: SQL, one `SELECT` that reads nothing.
fn inlined(function: &Function) -> Option<&[Call]> {
    let body = function.body.as_ref().filter(|_| function.language == Language::Sql)?.block();
    let [Step::Statement(statement)] = body.steps.as_slice() else { return None };
    match &statement.ddl {
        Ddl::Query(query) if query.verb == Verb::Select && query.reads.is_empty() && query.only.is_some() => {
            Some(&query.calls)
        }
        _ => None,
    }
}

/// Whether a function is PostgreSQL's own, or of an extension that comes with it.
pub(in crate::replay) fn is_built_in(name: &ObjectName) -> bool {
    let listed = |names: &[&str]| names.binary_search(&name.name.as_str()).is_ok();
    is_steady(name) || listed(&VOLATILE) || listed(&OF_ROWS)
}

fn is_steady(name: &ObjectName) -> bool {
    let bare = name.name.as_str();
    let system = name.schema.as_deref() == Some("pg_catalog");
    let known = STEADY.binary_search(&bare).is_ok();
    let family = ["pg_", "has_", "txid_", "st_"].iter().any(|family| bare.starts_with(family));
    (known || family || system) && VOLATILE.binary_search(&bare).is_err()
}
