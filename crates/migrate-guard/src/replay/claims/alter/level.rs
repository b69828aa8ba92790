use crate::Lock;
use crate::ddl::{Action, ColumnAction, Constraint, ConstraintKind};

/// Storage parameters that are not read by running statements, so that a weak lock will do; all but these need the
/// strongest (`reloptions.c`).
const WEAK: [&str; 8] = [
    "deduplicate_items",
    "fillfactor",
    "log_autovacuum_min_duration",
    "log_autoanalyze_min_duration",
    "parallel_workers",
    "toast_tuple_target",
    "vacuum_index_cleanup",
    "vacuum_truncate",
];

/// The lock that an action needs (`AlterTableGetLockLevel`).
pub(super) fn of(action: &Action) -> Lock {
    match action {
        Action::AddConstraint(constraint) => constraint_level(constraint),
        Action::Column { action: ColumnAction::SetStatistics | ColumnAction::SetOptions, .. }
        | Action::ValidateConstraint(_)
        | Action::ClusterOn
        | Action::Attach { .. }
        | Action::Detach { concurrently: true, .. }
        | Action::Detach { finalize: true, .. } => Lock::ShareUpdateExclusive,
        Action::Parameters(names) => parameters(names),
        Action::Trigger { .. } => Lock::ShareRowExclusive,
        _ => Lock::AccessExclusive,
    }
}

fn constraint_level(constraint: &Constraint) -> Lock {
    match constraint.kind {
        ConstraintKind::Foreign { .. } => Lock::ShareRowExclusive,
        _ => Lock::AccessExclusive,
    }
}

fn parameters(names: &[String]) -> Lock {
    if names.iter().all(|name| is_weak(name)) { Lock::ShareUpdateExclusive } else { Lock::AccessExclusive }
}

fn is_weak(name: &str) -> bool {
    let name = name.strip_prefix("toast.").unwrap_or(name);
    name.starts_with("autovacuum_") || name.starts_with("vacuum_") || WEAK.contains(&name)
}
