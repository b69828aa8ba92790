use serde::{Deserialize, Serialize};

use super::object;

/// One of the faces a flag has for those it is on for.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Variant {
    /// What the program asks for.
    pub name: String,
    /// Its share of the callers: this of the sum of all weights in the list; at most 1,000,000.
    pub weight: u32,
    /// What a caller's variant sticks to, if not to what the rule sticks to. All in a list stick to the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stickiness: Option<String>,
    /// What the program is given with it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "object::one")]
    pub payload: Option<Payload>,
    /// Who has this variant whatever the weights say; the first that fits counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "object::list")]
    pub overrides: Vec<Override>,
}

impl Variant {
    /// A variant without payload or overrides.
    pub fn new(name: &str, weight: u32) -> Self {
        Self { name: name.to_owned(), weight, stickiness: None, payload: None, overrides: Vec::new() }
    }
}

/// What a program is given with a variant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Payload {
    /// How to read the value: `string`, `json`, `csv` and `number` are usual. Nothing here depends on it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value, as text.
    pub value: String,
}

impl Payload {
    /// A value and how to read it.
    pub fn new(kind: &str, value: &str) -> Self {
        Self { kind: kind.to_owned(), value: value.to_owned() }
    }
}

/// Callers who are given a variant by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Override {
    /// The field of the context that is looked at.
    pub field: String,
    /// The values of those meant.
    pub values: Vec<String>,
}

impl Override {
    /// The callers whose `field` is one of `values`.
    pub fn new(field: &str, values: Vec<String>) -> Self {
        Self { field: field.to_owned(), values }
    }
}
