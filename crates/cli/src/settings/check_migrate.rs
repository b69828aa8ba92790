//! What no single value of `[migrate]` shows.

use super::Migrate;
use super::check::fault;
use super::document::Fault;
use crate::migrate::{is_var_name, rule};

/// Refuses what no migration could be judged by.
pub(super) fn check_migrate(migrate: Option<&Migrate>) -> Result<(), Fault> {
    let Some(migrate) = migrate else { return Ok(()) };
    check_paths(migrate)?;
    check_rules(migrate)?;
    check_vars(migrate)
}

fn check_paths(migrate: &Migrate) -> Result<(), Fault> {
    for (at, path) in migrate.paths.iter().enumerate() {
        if path.as_os_str().is_empty() {
            return fault(format!("migrate.paths[{at}]"), "is empty");
        }
        if migrate.paths[..at].contains(path) {
            return fault(format!("migrate.paths[{at}]"), "is there twice");
        }
    }
    match &migrate.catalog {
        Some(path) if path.as_os_str().is_empty() => fault("migrate.catalog", "is empty"),
        _ => Ok(()),
    }
}

fn check_rules(migrate: &Migrate) -> Result<(), Fault> {
    for name in migrate.levels.keys() {
        if rule::find(name).is_none() {
            return fault(format!("migrate.levels.{name}"), rule::unknown(name));
        }
    }
    let twice = migrate.levels.keys().find_map(|name| {
        let one = rule::find(name)?;
        let other = migrate
            .levels
            .keys()
            .find(|other| *other != name && rule::find(other).is_some_and(|r| r.id == one.id))?;
        Some((name, other))
    });
    match twice {
        Some((name, other)) => fault(
            format!("migrate.levels.{name}"),
            format!("is the same rule as `{other}`; keep one of the two"),
        ),
        None => Ok(()),
    }
}

fn check_vars(migrate: &Migrate) -> Result<(), Fault> {
    for (name, value) in &migrate.vars {
        if !is_var_name(name) {
            return fault(
                "migrate.vars",
                format!("{name:?} is not the name of a value: letters, digits, `_` and `.`"),
            );
        }
        if value.contains('\0') {
            return fault(format!("migrate.vars.{name}"), "holds a NUL character, which no SQL can");
        }
    }
    Ok(())
}
