//! The file's text: what it says, and how it is changed with the least disturbance.
//!
//! ```json
//! {
//!   "revision": 7,
//!   "flags": { "scan_creation": { "enabled": true, "rules": { "rollout": 10 } } },
//!   "segments": { "paying": { "constraints": [] } }
//! }
//! ```

mod nearest;
mod node;
mod object;
mod shape;

use self::node::Node;
use self::object::Parsed;
use self::shape::Whole;
use crate::store::{BoxError, Contents, Key, Revision};

/// What a byte order mark looks like, which some editors put first.
const MARK: char = '\u{feff}';

/// What a text says.
///
/// # Errors
///
/// It is no UTF-8, no JSON, or not of the shape above: where, and how.
pub(super) fn contents(bytes: &[u8]) -> Result<Contents, BoxError> {
    let text = text(bytes)?;
    let whole: Parsed<Whole> = serde_json::from_str(text).map_err(|error| located(&error))?;
    Ok(whole.0.contents())
}

fn text(bytes: &[u8]) -> Result<&str, BoxError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = place(&bytes[..error.valid_up_to()]);
        format!("line {line}, column {column}: it is not UTF-8")
    })?;
    let text = text.strip_prefix(MARK).unwrap_or(text);
    if text.trim().is_empty() {
        return Err("line 1, column 1: it is empty; a file without flags holds `{}`".into());
    }
    Ok(text)
}

/// Where a text ends: line and column, from 1.
fn place(before: &[u8]) -> (usize, usize) {
    let line = before.split(|byte| *byte == b'\n').count();
    let begins = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(&before[begins..]).chars().count() + 1)
}

/// The error with its place first.
fn located(error: &serde_json::Error) -> BoxError {
    let (line, column) = (error.line(), error.column());
    let said = error.to_string();
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
    format!("line {line}, column {column}: {said}").into()
}

/// The file's text, to be changed.
#[derive(Debug, Clone)]
pub(super) struct Document(Node);

impl Document {
    /// A file that is not there yet.
    pub(super) const fn new() -> Self {
        Self(Node::Object(Vec::new()))
    }

    /// A file that is.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, BoxError> {
        Ok(Self(serde_json::from_str(text(bytes)?).map_err(|error| located(&error))?))
    }

    /// Puts a text under a key, or takes it away; all else stays where it is.
    pub(super) fn set(&mut self, key: &Key, text: Option<&str>) {
        let (name, part) = (key.name().as_str(), part(key));
        match (part, text) {
            (Some(part), Some(text)) => {
                let new = if part == "enabled" { Node::gate(text) } else { Node::nested(text) };
                *self.0.under("flags").under(name).under(part) = new;
            }
            (None, Some(text)) => *self.0.under("segments").under(name) = Node::nested(text),
            (Some(part), None) => self.forget(name, part),
            (None, None) => self.0.under("segments").forget(name),
        }
    }

    /// A flag of which nothing is left is gone too.
    fn forget(&mut self, name: &str, part: &str) {
        let flags = self.0.under("flags");
        flags.under(name).forget(part);
        if flags.under(name).entries().is_empty() {
            flags.forget(name);
        }
    }

    pub(super) fn count(&mut self, revision: Revision) {
        self.first("revision", Node::Number(revision.0.into()));
    }

    pub(super) fn mark(&mut self, epoch: &str) {
        self.first("epoch", Node::Text(epoch.to_owned()));
    }

    /// Something about the whole, which stands before its flags.
    fn first(&mut self, key: &str, value: Node) {
        let entries = self.0.entries();
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, there)) => *there = value,
            None => entries.insert(0, (key.to_owned(), value)),
        }
    }

    /// The text, two spaces to a level.
    pub(super) fn print(&self) -> Result<String, BoxError> {
        Ok(serde_json::to_string_pretty(&self.0)? + "\n")
    }
}

/// Where in its flag a key stands; a segment stands for itself.
const fn part(key: &Key) -> Option<&'static str> {
    match key {
        Key::Gate(_) => Some("enabled"),
        Key::Rules(_) => Some("rules"),
        Key::Segment(_) => None,
    }
}

#[cfg(test)]
mod tests;
