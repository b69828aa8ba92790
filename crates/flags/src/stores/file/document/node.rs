use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;

use super::object::each;

/// A JSON value whose keys keep their order: who edits a file finds it again as it was.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The text that a reader gets: a string as it is, anything else as compact JSON.
    pub(super) fn into_text(self) -> Result<String, serde_json::Error> {
        match self {
            Self::Text(text) => Ok(text),
            other => serde_json::to_string(&other),
        }
    }

    /// The node that reads as this text, and looks as a person would write it.
    pub(super) fn gate(text: &str) -> Self {
        match text {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            odd => Self::Text(odd.to_owned()),
        }
    }

    /// As above, for texts that are JSON: nested where that keeps every byte of it.
    pub(super) fn nested(text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(node @ Self::Object(_)) if serde_json::to_string(&node).is_ok_and(|same| same == text) => node,
            _ => Self::Text(text.to_owned()),
        }
    }

    /// The keys of an object, made one if it is not.
    pub(super) fn entries(&mut self) -> &mut Vec<(String, Self)> {
        match self {
            Self::Object(entries) => entries,
            other => {
                *other = Self::Object(Vec::new());
                other.entries()
            }
        }
    }

    /// What stands under a key, after all others if it is new.
    pub(super) fn under(&mut self, key: &str) -> &mut Self {
        let entries = self.entries();
        let at = entries.iter().position(|(name, _)| name == key).unwrap_or(entries.len());
        if at == entries.len() {
            entries.push((key.to_owned(), Self::Null));
        }
        &mut entries[at].1
    }

    /// Takes a key away.
    pub(super) fn forget(&mut self, key: &str) {
        self.entries().retain(|(name, _)| name != key);
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Nodes)
    }
}

struct Nodes;

impl<'de> Visitor<'de> for Nodes {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        Number::from_f64(value).map(Node::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = from.next_element()? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        each(&mut from, |key, from| {
            entries.push((key.to_owned(), from.next_value()?));
            Ok(())
        })?;
        Ok(Node::Object(entries))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Number(value) => value.serialize(to),
            Self::Text(value) => to.serialize_str(value),
            Self::List(list) => to.collect_seq(list),
            Self::Object(entries) => {
                let mut map = to.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
        }
    }
}
