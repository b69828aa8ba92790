use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of an object as a statement gives it: folded to lower case where it is not quoted, without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectName {
    /// What stands before the dot; of `database.schema.name`, the middle.
    pub schema: Option<String>,
    /// What stands after it.
    pub name: String,
}

impl ObjectName {
    /// A name without a schema.
    pub fn bare(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// A name within a schema.
    pub fn within(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: Some(schema.into()), name: name.into() }
    }

    /// The name with `schema` put in where none is given.
    pub fn or_in(&self, schema: &str) -> QualifiedName {
        let schema = self.schema.as_deref().unwrap_or(schema);
        QualifiedName { schema: schema.to_owned(), name: self.name.clone() }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The full name of an object: its schema and its own name, unquoted.
///
/// Shown, and written in JSON, as `schema.name`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The schema, `public` where nothing else is known.
    pub schema: String,
    /// The object's own name.
    pub name: String,
}

impl QualifiedName {
    /// The object `name` of `schema`.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl Serialize for QualifiedName {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for QualifiedName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.split_once('.') {
            Some((schema, name)) => Ok(Self::new(schema, name)),
            None => Ok(Self::new("public", text)),
        }
    }
}
