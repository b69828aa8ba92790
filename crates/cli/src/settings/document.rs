//! The parsed file with the place of every key, so that each message names its line.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Place;
use super::known::KnownKeys;
use super::{SettingsError, SourceFile};

/// One key of the file and where it is.
#[derive(Debug)]
struct Node {
    /// The whole path, such as `strategy.steps[1].weight`.
    path: String,
    key: Range<usize>,
    value: Range<usize>,
    /// Whether other keys stand below it by name.
    table: bool,
}

/// A file that is TOML; what it says is not looked at yet.
#[derive(Debug)]
pub(super) struct Document<'a> {
    source: &'a SourceFile,
    table: Spanned<DeTable<'a>>,
    nodes: Vec<Node>,
}

/// Something wrong with the value of a key, found once the whole file was understood.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) key: String,
    pub(super) because: String,
}

impl<'a> Document<'a> {
    /// Parses the text.
    pub(super) fn parse(source: &'a SourceFile) -> Result<Self, SettingsError> {
        let table = DeTable::parse(source.text()).map_err(|error| {
            let at = place(source, error.span().map_or(source.text().len(), |span| span.start));
            SettingsError::Syntax { at, message: error.message().to_owned() }
        })?;
        let mut nodes = Vec::new();
        collect_table("", table.get_ref(), &mut nodes);
        nodes.sort_by_key(|node| node.key.start);
        Ok(Self { source, table, nodes })
    }

    /// Refuses the first key that means nothing, then the first that is missing.
    pub(super) fn check_keys(&self, known: &KnownKeys) -> Result<(), SettingsError> {
        self.check_unknown(known)?;
        self.check_missing(known)
    }

    /// Refuses the first key that means nothing.
    pub(super) fn check_unknown(&self, known: &KnownKeys) -> Result<(), SettingsError> {
        for node in &self.nodes {
            if let Some(advice) = known.advice_if_unknown(&node.path) {
                let at = place(self.source, node.key.start);
                return Err(SettingsError::UnknownKey { at, key: node.path.clone(), advice });
            }
        }
        Ok(())
    }

    fn check_missing(&self, known: &KnownKeys) -> Result<(), SettingsError> {
        let parents = self.nodes.iter().filter(|node| node.table).map(|node| node.path.as_str());
        for parent in std::iter::once("").chain(parents) {
            for key in known.required_under(parent) {
                if !self.nodes.iter().any(|node| node.path == key) {
                    return Err(SettingsError::MissingKey { at: self.place_of(parent), key });
                }
            }
        }
        Ok(())
    }

    /// Reads the values.
    pub(super) fn decode<T: Deserialize<'a>>(&self) -> Result<T, SettingsError> {
        T::deserialize(toml::Deserializer::from(self.table.clone())).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let key = self.key_at(start).to_owned();
            SettingsError::Value { at: place(self.source, start), key, because: error.message().to_owned() }
        })
    }

    /// Gives a fault its line: that of its key, or of the nearest key above it that is there.
    pub(super) fn fault(&self, fault: &Fault) -> SettingsError {
        let Fault { key, because } = fault;
        SettingsError::Value { at: self.place_of(key), key: key.clone(), because: because.clone() }
    }

    fn place_of(&self, path: &str) -> Place {
        let above = self.nodes.iter().filter(|node| is_at_or_above(&node.path, path));
        let nearest = above.max_by_key(|node| node.path.len());
        place(self.source, nearest.map_or(0, |node| node.key.start))
    }

    /// The longest path whose key or value covers this byte.
    fn key_at(&self, byte: usize) -> &str {
        let covers = |node: &&Node| node.key.contains(&byte) || node.value.contains(&byte);
        let deepest = self.nodes.iter().filter(covers).max_by_key(|node| node.path.len());
        deepest.map_or("the file", |node| &node.path)
    }
}

fn is_at_or_above(ancestor: &str, path: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn place(source: &SourceFile, byte: usize) -> Place {
    Place::after(source.path(), &source.text().as_bytes()[..byte.min(source.text().len())])
}

fn collect_table(prefix: &str, table: &DeTable<'_>, nodes: &mut Vec<Node>) {
    for (key, value) in table {
        let dot = if prefix.is_empty() { "" } else { "." };
        let path = format!("{prefix}{dot}{}", key.get_ref());
        collect_value(path, key.span(), value, nodes);
    }
}

fn collect_value(path: String, key: Range<usize>, value: &Spanned<DeValue<'_>>, nodes: &mut Vec<Node>) {
    match value.get_ref() {
        DeValue::Table(table) => collect_table(&path, table, nodes),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_value(format!("{path}[{index}]"), item.span(), item, nodes);
            }
        }
        _ => {}
    }
    let table = matches!(value.get_ref(), DeValue::Table(_));
    nodes.push(Node { path, key, value: value.span(), table });
}
