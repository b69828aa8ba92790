//! Template values: `{{ .Namespace }}`, `${schema}` and their kin, filled in where they are given.
//!
//! What is not given stays in the text as it is and is named; in the SQL it becomes an identifier of the same length,
//! `__schema_` for `${schema}`, so that what is around it parses and no offset moves.

mod expression;
mod fill;
mod opening;
mod zones;

pub(super) use fill::fill;

/// Which template values a runner puts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Templates {
    /// None of its own: only values that are given are filled in.
    #[default]
    Given,
    /// It is not known what does: `{{ name }}` and `${name}`, where they stand outside of strings.
    Any,
    /// Go's `text/template`: `{{ .Name }}`, anywhere.
    Go,
    /// Flyway: `${name}`, anywhere.
    Flyway,
    /// goose, between `ENVSUB ON` and `OFF`: `${NAME}`, `${NAME:-default}`, `$NAME`.
    Environment,
}
