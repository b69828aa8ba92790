//! A configuration with its reasons: YAML for people, with comments, and the same as JSON.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// A value of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    Number(u64),
    Map(Vec<Entry>),
    List(Vec<Node>),
}

/// A key with its value, and why it is so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    key: Cow<'static, str>,
    value: Node,
    why: Option<String>,
}

/// A key with its value.
pub(super) fn entry(key: impl Into<Cow<'static, str>>, value: impl Into<Node>) -> Entry {
    Entry { key: key.into(), value: value.into(), why: None }
}

impl Entry {
    /// With a comment above it, a line of the text each.
    pub(super) fn because(self, why: impl Into<String>) -> Self {
        Self { why: Some(why.into()), ..self }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn value(&self) -> &Node {
        &self.value
    }
}

impl From<u64> for Node {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<const N: usize> From<[Entry; N]> for Node {
    fn from(entries: [Entry; N]) -> Self {
        Self::Map(entries.into())
    }
}

impl From<Vec<Entry>> for Node {
    fn from(entries: Vec<Entry>) -> Self {
        Self::Map(entries)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Number(number) => to.serialize_u64(*number),
            Self::List(nodes) => to.collect_seq(nodes),
            Self::Map(entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                for Entry { key, value, .. } in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// As YAML, with the comments.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = String::new();
        write_node(&mut lines, self, 0)?;
        f.write_str(&lines)
    }
}

fn write_node(out: &mut String, node: &Node, depth: usize) -> fmt::Result {
    match node {
        Node::Text(text) => writeln!(out, "{:depth$}{}", "", scalar(text)),
        Node::Number(number) => writeln!(out, "{:depth$}{number}", ""),
        Node::Map(entries) => entries.iter().try_for_each(|entry| write_entry(out, entry, depth)),
        Node::List(nodes) => nodes.iter().try_for_each(|node| write_item(out, node, depth)),
    }
}

fn write_entry(out: &mut String, Entry { key, value, why }: &Entry, depth: usize) -> fmt::Result {
    for line in why.iter().flat_map(|why| why.lines()) {
        writeln!(out, "{:depth$}# {line}", "")?;
    }
    write!(out, "{:depth$}{}:", "", scalar(key))?;
    match value {
        Node::Text(text) => writeln!(out, " {}", scalar(text)),
        Node::Number(number) => writeln!(out, " {number}"),
        Node::Map(_) | Node::List(_) => {
            out.push('\n');
            write_node(out, value, depth + 2)
        }
    }
}

/// The first line of an item stands beside its dash.
fn write_item(out: &mut String, node: &Node, depth: usize) -> fmt::Result {
    let mut inner = String::new();
    write_node(&mut inner, node, depth + 2)?;
    writeln!(out, "{:depth$}- {}", "", inner.trim_start().trim_end_matches('\n'))
}

/// Plain where YAML cannot take it for anything else; JSON's quotes mean the same there.
fn scalar(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '.' | '-');
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let word = begins && text.chars().all(plain) && !words.contains(&text.to_ascii_lowercase().as_str());
    let seconds = |digits: &str| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    if word || text.strip_suffix('s').is_some_and(seconds) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(quoted(text))
}

/// In ASCII, since YAML allows fewer characters between quotes than JSON does.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in serde_json::Value::from(text).to_string().chars() {
        match u32::from(c) {
            0x20..0x7f => out.push(c),
            code => out.extend(format!("\\U{code:08x}").chars()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn nodes() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![any::<u32>().prop_map(|n| Node::Number(n.into())), ".*".prop_map(Node::Text)];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let entries = vec((".{1,9}", inner.clone(), proptest::option::of("[ -~]{0,20}")), 1..4);
            let entry = |(key, value, why): (String, Node, Option<String>)| {
                let entry = entry(key, value);
                why.into_iter().fold(entry, Entry::because)
            };
            let unique = |mut entries: Vec<Entry>| {
                entries.sort_by(|a, b| a.key.cmp(&b.key));
                entries.dedup_by(|a, b| a.key == b.key);
                Node::Map(entries)
            };
            prop_oneof![
                vec(inner, 1..4).prop_map(Node::List),
                entries.prop_map(move |all| unique(all.into_iter().map(entry).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_reader_of_yaml_finds_what_json_says(node in nodes()) {
            let read: serde_json::Value = serde_yaml_ng::from_str(&node.to_string()).unwrap();
            prop_assert_eq!(read, serde_json::to_value(&node).unwrap());
        }
    }

    #[test]
    fn reasons_stand_above_what_they_are_for() {
        let node = Node::from([
            entry("a", [entry("b", 1).because("one\ntwo"), entry("no", "yes")]),
            entry(
                "list",
                Node::List(vec![Node::from([entry("c", "d e").because("why"), entry("f", 2)]), "x".into()]),
            ),
        ]);
        insta::assert_snapshot!(node, @r#"
        a:
          # one
          # two
          b: 1
          "no": "yes"
        list:
          - # why
            c: "d e"
            f: 2
          - x
        "#);
    }
}
