//! Rules by the names that people type.

use handover_migrate_guard::rules::{RULES, Rule};

use crate::settings::nearest;

/// The rule of this id or name, in whatever case.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id.eq_ignore_ascii_case(name) || rule.name.eq_ignore_ascii_case(name))
}

/// Every rule.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied()
}

/// What is said of a name that no rule has, with the one that was probably meant.
pub(crate) fn unknown(name: &str) -> String {
    let near = near(name).map(|rule| format!("; did you mean {} ({})?", rule.id, rule.name));
    format!("there is no rule {name:?}{}", near.unwrap_or_default())
}

/// The rule whose id or name is a typing mistake away.
pub(crate) fn near(name: &str) -> Option<&'static Rule> {
    let (id, lower) = (name.to_ascii_uppercase(), name.to_ascii_lowercase());
    let by_name = nearest(&lower, all().map(|rule| rule.name));
    let by_id = || nearest(&id, all().map(|rule| rule.id));
    by_name.or_else(by_id).and_then(find)
}
