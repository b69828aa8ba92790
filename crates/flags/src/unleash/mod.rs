//! From Unleash: its state becomes gates, rules and segments, and every user stays in the bucket they are in.
//!
//! What cannot be carried over admits nobody, and a note says so; nothing is left out that would have kept somebody
//! out.

mod constraint;
mod segments;
mod state;
mod strategy;
mod variant;
mod wire;

use std::collections::BTreeMap;
use std::fmt;

use crate::rules::{Requirement, Rules, Segment};
use segments::Names;
use state::Known;

/// What a state of Unleash is here.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Import {
    /// Which flags are on: the values of the keys `feature:<flag>`.
    pub gates: BTreeMap<String, bool>,
    /// Whom each is on for: the documents of the keys `feature-rules:<flag>`. Every flag is here, also one whose
    /// rules are empty, since those may replace others.
    pub rules: BTreeMap<String, Rules>,
    /// The documents of the keys `feature-segment:<name>`.
    pub segments: BTreeMap<String, Segment>,
    /// What is not as it was in Unleash.
    pub notes: Vec<Note>,
}

/// Something that is not as it was in Unleash.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The flag or segment.
    pub of: String,
    /// What about it.
    pub what: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.of, self.what)
    }
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// No JSON, or not of the shape of a state.
    #[error("{0}")]
    Shape(String),
    /// JSON, but no state.
    #[error("there are neither `features` nor `events` in it, so it is no state of Unleash")]
    NoState,
}

/// Reads a state: `{version, features, segments}` as an Unleash server sends it to clients (and they keep it as a
/// backup), or `{events}` of its delta API.
///
/// # Errors
///
/// If it is no such state. What is in it but cannot be carried over is no error but a [`Note`].
///
/// # Examples
///
/// ```
/// let state = r#"{"version": 2, "features": [{"name": "checkout", "enabled": true, "strategies": [
///     {"name": "flexibleRollout", "parameters": {"rollout": "25", "groupId": "checkout"}}]}]}"#;
/// let import = handover_flags::unleash::import(state)?;
/// assert_eq!(import.gates["checkout"], true);
/// assert_eq!(serde_json::to_string(&import.rules["checkout"]).unwrap(),
///     r#"{"rules":[{"percentage":25,"group":"checkout"}]}"#);
/// # Ok::<(), handover_flags::unleash::ImportError>(())
/// ```
pub fn import(json: &str) -> Result<Import, ImportError> {
    let state = serde_json::from_str(json).map_err(|error| ImportError::Shape(error.to_string()))?;
    let known = Known::of(state)?;
    let names = Names::new(&known.segments);
    let mut import = Import::default();
    known.segments.values().for_each(|theirs| import.segment(theirs, names.of(theirs.id)));
    known.features.values().for_each(|theirs| import.feature(theirs, &names));
    Ok(import)
}

impl Import {
    /// One that cannot be carried over is left out, so that the rules that ask for it admit nobody.
    fn segment(&mut self, theirs: &wire::Segment, name: String) {
        match segments::segment(theirs) {
            Ok((segment, notes)) => {
                self.note(&name, notes);
                self.segments.insert(name, segment);
            }
            Err(why) => {
                self.note(&name, [format!("left out, so rules with this segment admit nobody: {why}")]);
            }
        }
    }

    fn feature(&mut self, theirs: &wire::Feature, names: &Names) {
        let mut notes = Vec::new();
        let rules = rules(theirs, names, &mut notes);
        let missing = rules.rules.iter().flat_map(|rule| &rule.segments);
        let missing = missing.filter(|name| !self.segments.contains_key(*name));
        notes.extend(missing.map(|name| format!("there is no segment {name:?}, so its rule admits nobody")));
        let rules = match rules.check() {
            Ok(()) => rules,
            Err(error) => {
                notes.push(format!("it is on for nobody: {error}"));
                Rules::nobody()
            }
        };
        self.note(&theirs.name, notes);
        self.gates.insert(theirs.name.clone(), theirs.enabled);
        self.rules.insert(theirs.name.clone(), rules);
    }

    fn note(&mut self, of: &str, notes: impl IntoIterator<Item = String>) {
        self.notes.extend(notes.into_iter().map(|what| Note { of: of.to_owned(), what }));
    }
}

fn rules(theirs: &wire::Feature, names: &Names, notes: &mut Vec<String>) -> Rules {
    let mut rules = Rules::default();
    for strategy in &theirs.strategies {
        let (rule, about) = strategy::rule(strategy, names);
        rules.rules.push(rule);
        notes.extend(about);
    }
    rules.variants = variant::variants(&theirs.variants, None, notes);
    rules.requires = theirs.dependencies.iter().map(|theirs| requirement(theirs, notes)).collect();
    if matches!(rules.rules.as_slice(), [only] if *only == crate::rules::Rule::default()) {
        rules.rules.clear();
    }
    rules
}

fn requirement(theirs: &wire::Dependency, notes: &mut Vec<String>) -> Requirement {
    let mut ours = Requirement::on(&theirs.feature);
    ours.enabled = theirs.enabled.unwrap_or(true);
    if ours.enabled {
        ours.variants.clone_from(&theirs.variants);
    } else if !theirs.variants.is_empty() {
        notes.push(format!("{:?} must be off, so its variants are not asked for", theirs.feature));
    }
    ours
}

#[cfg(test)]
mod tests;
