//! Some keys of a JSON file that is somebody's: the others stay as they are, in their order and their wording.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::ser::PrettyFormatter;
use serde_json::value::{RawValue, to_raw_value};

use super::document::{Entry, Node};

/// Why a file is left as it is.
#[derive(Debug, thiserror::Error)]
pub(super) enum MergeError {
    /// It is no object, or not of JSON.
    #[error("what is there is not a JSON object such as Railway reads")]
    Unreadable(#[source] serde_json::Error),
    /// Nothing, or blanks.
    #[error("what is there is empty, and no JSON object")]
    Empty,
    /// What some editors put first.
    #[error("what is there begins with a byte order mark, which JSON does not have")]
    Marked,
    /// Bytes that are no UTF-8.
    #[error("what is there is not text in UTF-8")]
    NotText,
    /// It says something else.
    #[error("{}", .0.join(", "))]
    Differs(Vec<String>),
}

/// An object whose keys keep their order and whose values keep their wording.
#[derive(Default)]
struct Object(Vec<(String, Held)>);

/// A value as it was written, or an object that was looked into.
enum Held {
    Raw(Box<RawValue>),
    Object(Object),
}

/// `text` with the keys of `config` in it; what is there and differs is an error, unless `force`.
pub(super) fn merged(text: &str, config: &Node, force: bool) -> Result<String, MergeError> {
    let mut object = read(text)?;
    let mut differing = Vec::new();
    object.set_all("", config, &mut differing).map_err(MergeError::Unreadable)?;
    if differing.is_empty() || force {
        return Ok(pretty(&object, indent(text)));
    }
    Err(MergeError::Differs(differing))
}

fn read(text: &str) -> Result<Object, MergeError> {
    match text {
        _ if text.trim().is_empty() => Err(MergeError::Empty),
        _ if text.starts_with('\u{feff}') => Err(MergeError::Marked),
        _ => serde_json::from_str(text).map_err(MergeError::Unreadable),
    }
}

/// JSON over lines, each level moved in by `indent`.
pub(super) fn pretty(value: &impl Serialize, indent: &str) -> String {
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    let mut to = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Memory takes everything, and the keys are text.
    let _ = value.serialize(&mut to);
    bytes.push(b'\n');
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the file itself moves a level in by.
fn indent(text: &str) -> &str {
    let blank = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let first = text.lines().skip(1).find(|line| blank(line) > 0);
    first.map_or("  ", |line| &line[..blank(line)])
}

impl Object {
    /// Sets each key of `node`, a map; in maps under it each of theirs. Notes what said something else.
    fn set_all(&mut self, path: &str, node: &Node, differing: &mut Vec<String>) -> serde_json::Result<()> {
        let Node::Map(entries) = node else { return Ok(()) };
        entries.iter().try_for_each(|entry| self.set(path, entry, differing))
    }

    fn set(&mut self, path: &str, entry: &Entry, differing: &mut Vec<String>) -> serde_json::Result<()> {
        let path = if path.is_empty() { entry.key().to_owned() } else { format!("{path}.{}", entry.key()) };
        let at = self.0.iter().position(|(key, _)| key == entry.key());
        let there = at.and_then(|at| self.0[at].1.raw());
        let value = match (entry.value(), there) {
            // Which schema an editor goes by is not for us to change.
            (_, Some(_)) if path == "$schema" => return Ok(()),
            (node @ Node::Map(_), there) => {
                let mut inner: Object =
                    there.map_or_else(|| Ok(Object::default()), |raw| serde_json::from_str(raw.get()))?;
                inner.set_all(&path, node, differing)?;
                Held::Object(inner)
            }
            (node, there) => {
                note_difference(&path, node, there, differing)?;
                Held::Raw(to_raw_value(node)?)
            }
        };
        match at {
            Some(at) => self.0[at].1 = value,
            None => self.0.push((entry.key().to_owned(), value)),
        }
        Ok(())
    }
}

fn note_difference(
    path: &str,
    wanted: &Node,
    there: Option<&RawValue>,
    differing: &mut Vec<String>,
) -> serde_json::Result<()> {
    let Some(there) = there else { return Ok(()) };
    let wanted = serde_json::to_value(wanted)?;
    let found: Value = serde_json::from_str(there.get())?;
    if !same(&found, &wanted) {
        differing.push(format!("{path} is {found}, not {wanted}"));
    }
    Ok(())
}

/// JSON knows one kind of number: 60.0 is 60.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut object = Object::default();
        while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
            if object.0.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom(format!("the key {key:?} stands there twice")));
            }
            object.0.push((key, Held::Raw(value)));
        }
        Ok(object)
    }
}

impl Held {
    fn raw(&self) -> Option<&RawValue> {
        match self {
            Self::Raw(raw) => Some(raw),
            Self::Object(_) => None,
        }
    }
}

impl Serialize for Held {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Raw(raw) => raw.serialize(to),
            Self::Object(object) => object.serialize(to),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
