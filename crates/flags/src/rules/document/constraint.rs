use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use super::Op;

/// What must hold of one field of the context.
///
/// A field that the caller does not have, or has a value in it that cannot be read as the operator needs, does not
/// hold; with `not` it does.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Written", into = "Written")]
#[non_exhaustive]
pub struct Constraint {
    /// The field's name: `userId`, `sessionId`, `remoteAddress`, `environment`, `appName`, `currentTime` (the
    /// system's clock where it is not given), or one that the program gives with `Context::with`.
    pub field: String,
    /// How it is compared.
    pub op: Op,
    /// With what: any one of these for the operators that take many, exactly one for the others.
    pub values: Vec<String>,
    /// Turns the answer around.
    pub not: bool,
    /// Upper and lower case are the same; for operators on text.
    pub ignore_case: bool,
}

impl Constraint {
    /// The constraint that `field` is compared by `op` with `values`.
    pub fn new(field: &str, op: Op, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Self { field: field.to_owned(), op, values, not: false, ignore_case: false }
    }
}

/// As a person writes it: one `value`, or several `values`; numbers without quotes if they like.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    field: String,
    op: Op,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Word>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Word>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    not: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ignore_case: bool,
}

impl TryFrom<Written> for Constraint {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let values = match (written.value, written.values) {
            (Some(Word(value)), None) => vec![value],
            (None, Some(values)) => values.into_iter().map(|word| word.0).collect(),
            (Some(_), Some(_)) => return Err("a constraint has `value` or `values`, not both"),
            (None, None) => return Err("a constraint has a `value`, or several `values`"),
        };
        let Written { field, op, not, ignore_case, .. } = written;
        Ok(Self { field, op, values, not, ignore_case })
    }
}

impl From<Constraint> for Written {
    fn from(constraint: Constraint) -> Self {
        let Constraint { field, op, values, not, ignore_case } = constraint;
        let mut words: Vec<Word> = values.into_iter().map(Word).collect();
        let value = if !op.takes_many() && words.len() == 1 { words.pop() } else { None };
        let values = value.is_none().then_some(words);
        Self { field, op, value, values, not, ignore_case }
    }
}

/// A text, or a number or truth value as its text.
#[derive(Serialize)]
#[serde(transparent)]
struct Word(String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl Visitor<'_> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        Ok(Word(text.to_owned()))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Word, E> {
        Ok(Word(truth.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Word, E> {
        number.is_finite().then(|| Word(number.to_string())).ok_or_else(|| E::custom("a number has an end"))
    }
}
