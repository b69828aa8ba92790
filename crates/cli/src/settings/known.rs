//! Which keys the file may and must have, and what to say about one it may not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::schema;

/// The keys the settings understand, taken from their schema. Indices are left out: `smoke[].path`.
#[derive(Debug)]
pub(super) struct KnownKeys {
    /// Of each table, the names of its keys.
    names: BTreeMap<String, BTreeSet<String>>,
    /// Of each table, the keys it cannot be without.
    required: BTreeMap<String, Vec<String>>,
}

impl KnownKeys {
    /// Those of `handover.toml`.
    pub(super) fn of_settings() -> Self {
        let mut known = Self { names: BTreeMap::new(), required: BTreeMap::new() };
        known.collect("", schema().as_value());
        known
    }

    /// What to do about the key at `path`, or `None` for one that is known or stands in no table we know.
    pub(super) fn advice_if_unknown(&self, path: &str) -> Option<String> {
        let pattern = without_indices(path);
        let (table, name) = pattern.rsplit_once('.').unwrap_or(("", &pattern));
        let known = self.names.get(table)?;
        // An element of an array is no key of its own.
        let is_element = name.ends_with(']');
        if is_element || known.contains(name) { None } else { Some(self.advice(table, name)) }
    }

    /// The keys that the table at `path` cannot be without, as whole paths.
    pub(super) fn required_under(&self, path: &str) -> Vec<String> {
        let dot = if path.is_empty() { "" } else { "." };
        let names = self.required.get(&without_indices(path)).into_iter().flatten();
        names.map(|name| format!("{path}{dot}{name}")).collect()
    }

    fn advice(&self, table: &str, name: &str) -> String {
        let names = || self.names[table].iter().map(String::as_str);
        if let Some(near) = nearest(name, names()) {
            return format!("did you mean `{near}`?");
        }
        if let Some((home, _)) = self.names.iter().find(|(_, names)| names.contains(name)) {
            return match home.as_str() {
                "" => format!("`{name}` is a section of its own"),
                home => format!("`{name}` belongs to `{home}`"),
            };
        }
        let list: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        format!("the keys here are {}", list.join(", "))
    }

    fn collect(&mut self, path: &str, schema: &Value) {
        if schema["items"].is_object() {
            self.collect(&format!("{path}[]"), &schema["items"]);
        }
        let Some(properties) = schema["properties"].as_object() else { return };
        self.names.insert(path.to_owned(), properties.keys().cloned().collect());
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.required.insert(path.to_owned(), required.map(str::to_owned).collect());
        for (name, inner) in properties {
            let dot = if path.is_empty() { "" } else { "." };
            self.collect(&format!("{path}{dot}{name}"), inner);
        }
    }
}

/// `steps[12].weight` as `steps[].weight`.
fn without_indices(path: &str) -> String {
    let mut inside = false;
    path.chars()
        .filter(|c| {
            inside = (inside || *c == '[') && *c != ']';
            !inside || *c == '['
        })
        .collect()
}

/// The name a typing mistake away, if there is one.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.map(|other| (distance(name, other), other)).min()?;
    // A third of the letters wrong is still a mistake; more is another word.
    let allowed = name.chars().count().max(near.1.chars().count()).div_ceil(3);
    (near.0 <= allowed).then_some(near.1)
}

/// How many letters must be inserted, removed or replaced to make one word the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, r) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(l != *r);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_single_letters() {
        for (left, right, apart) in
            [("", "", 0), ("bake", "bake", 0), ("bak", "bake", 1), ("", "abc", 3), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(left, right), apart, "{left} {right}");
        }
    }

    #[test]
    fn indices_do_not_hide_a_key() {
        assert_eq!(without_indices("strategy.steps[12].weight"), "strategy.steps[].weight");
    }

    #[test]
    fn another_word_is_no_typing_mistake() {
        assert_eq!(nearest("lisen", ["name", "listen"].into_iter()), Some("listen"));
        assert_eq!(nearest("colour", ["name", "listen"].into_iter()), None);
    }
}
