//! The two documents, as they are written and kept.

mod check;
mod constraint;
mod error;
mod limits;
mod object;
mod op;
mod variant;

use serde::{Deserialize, Serialize};

pub use constraint::Constraint;
pub use error::{Fault, RulesError};
pub use op::Op;
pub use variant::{Override, Payload, Variant};

pub(super) use error::{shortened, shown};
pub(super) use limits::{LONGEST_LOOKED_INTO, REGEX_BYTES, REGEX_LENGTH, REGEX_NESTING};

use super::value::{Moment, Percentage};

/// Who gets a flag that is on, and in which variant: the document of a key `feature-rules:<flag>`.
///
/// Any rule that admits the caller turns the flag on. Without rules it is on for everybody, so a flag that shall be
/// on for nobody is switched off, or has one rule of 0 %.
///
/// # Examples
///
/// ```
/// use handover_flags::rules::Rules;
///
/// let rules = Rules::parse(r#"{"rules": [{"percentage": 12.5}]}"#)?;
/// assert_eq!(rules.rules.len(), 1);
/// assert!(Rules::parse(r#"{"rules": [{"percentage": 120}]}"#).is_err());
/// # Ok::<(), handover_flags::rules::RulesError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Rules {
    /// Each admits some callers.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub rules: Vec<Rule>,
    /// The variants of whoever is admitted by a rule that has none of its own.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub variants: Vec<Variant>,
    /// Other flags that must be as said here, for the same caller; all of them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub requires: Vec<Requirement>,
}

/// Admits the callers for whom everything in it holds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Rule {
    /// For people: what it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What must hold; all of it.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub when: Vec<Constraint>,
    /// Segments whose constraints must hold as well. One that is missing holds for nobody.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<String>,
    /// The first moment at which it admits anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The first moment at which it admits nobody any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// The share of the others that is admitted. A caller who has nothing to stick to is not, even at 100 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<Percentage>,
    /// What a caller's place in the share sticks to: `default` (the user, else the session, else chance), `random`,
    /// or a field of the context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stickiness: Option<String>,
    /// Rollouts of the same group admit the same callers; by default the flag's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The variants of whoever is admitted by this rule.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub variants: Vec<Variant>,
}

/// How another flag must be.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Requirement {
    /// Its name. A flag that is not known, or requires others itself, is never as required.
    pub flag: String,
    /// Whether it must be on or off.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")] // Left out where it is true.
    pub enabled: bool,
    /// Which variant it must have, if not any; `disabled` is the name of having none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
}

impl Requirement {
    /// `flag` must be on.
    pub fn on(flag: &str) -> Self {
        Self { flag: flag.to_owned(), enabled: true, variants: Vec::new() }
    }
}

fn yes() -> bool {
    true
}

/// Callers described once for many rules: the document of a key `feature-segment:<name>`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Segment {
    /// What must hold; all of it.
    #[serde(deserialize_with = "object::list")]
    pub when: Vec<Constraint>,
}

impl Rules {
    /// One rule that admits nobody.
    pub fn nobody() -> Self {
        Self { rules: vec![Rule::nobody()], ..Self::default() }
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What is wrong with it and where: no JSON, an unknown key, a value out of its bounds, a regular expression
    /// that does not compile, or more of anything than is allowed.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = limits::read(text)?;
        rules.check()?;
        Ok(rules)
    }
}

impl Rule {
    /// Admits nobody.
    pub fn nobody() -> Self {
        Self { percentage: Some(Percentage::NOBODY), ..Self::default() }
    }
}

impl Segment {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// As for [`Rules::parse`].
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let segment: Self = limits::read(text)?;
        segment.check()?;
        Ok(segment)
    }
}

/// What serde says: shortened, and without control characters, which may come from the document.
fn shown_error(error: &serde_json::Error) -> String {
    const LENGTH: usize = 600;
    let text: String =
        error.to_string().chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.len() <= LENGTH {
        return text;
    }
    format!("{} at line {} column {}", shown(&text), error.line(), error.column())
}
