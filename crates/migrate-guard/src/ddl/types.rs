use std::fmt;

use crate::ObjectName;

/// A type as a column has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeRef {
    /// Its name as the catalog spells it: `int4`, `varchar`, `timestamptz`, `bpchar` for `char`; `serial4` and its kin
    /// stay as they are.
    pub name: ObjectName,
    /// What stands in parentheses: `varchar(20)`, `numeric(10, 2)`.
    pub modifiers: Vec<i64>,
    /// `interval`'s fields, or what else stands after the name, in upper case.
    pub fields: Option<String>,
    /// How many dimensions of an array.
    pub dimensions: u8,
}

impl TypeRef {
    /// A type without modifiers.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: ObjectName::bare(name), ..Self::default() }
    }

    /// `smallserial`, `serial`, `bigserial`.
    pub fn is_serial(&self) -> bool {
        self.name.schema.is_none()
            && matches!(self.name.name.as_str(), "serial2" | "serial4" | "serial8")
            && self.dimensions == 0
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(fields) = &self.fields {
            write!(f, " {fields}")?;
        }
        if !self.modifiers.is_empty() {
            let modifiers: Vec<_> = self.modifiers.iter().map(ToString::to_string).collect();
            write!(f, "({})", modifiers.join(","))?;
        }
        (0..self.dimensions).try_for_each(|_| f.write_str("[]"))
    }
}
