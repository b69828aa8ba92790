use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::metric::{Labels, Metric};

/// The metric's name here: no dots, and the unit at its end.
pub(super) fn name_of(metric: &Metric) -> String {
    let name = plain(metric.name(), true);
    if name.ends_with("_seconds") { name } else { name + "_seconds" }
}

/// Labels under names that are allowed; where two become one, their values are joined by `;`. A name the format
/// itself uses (`reserved`) is told apart as scrapers do it.
pub(super) fn labels_of(labels: &Labels, reserved: &str) -> BTreeMap<String, String> {
    let mut allowed = BTreeMap::<String, String>::new();
    for (name, value) in labels {
        let name = plain(name, false);
        let name = if name == reserved { format!("exported_{name}") } else { name };
        allowed.entry(name).and_modify(|all| _ = write!(all, ";{value}")).or_insert_with(|| value.clone());
    }
    allowed
}

/// Letters, digits and `_`, not beginning with a digit or with `__`; a metric may also have `:`.
fn plain(name: &str, of_metric: bool) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || (of_metric && c == ':');
    let name: String = name.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let name = if name.starts_with("__") { name.trim_start_matches('_') } else { &name };
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some('0'..='9') => format!("_{name}"),
        Some(_) => name.to_owned(),
    }
}

pub(super) fn value(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
}

pub(super) fn help(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}
