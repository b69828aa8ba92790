use crate::ddl::{Expr, TypeRef, Value};

/// What `USING` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Using<'e> {
    /// The column as it is.
    Column,
    /// The column, cast once.
    Cast(&'e TypeRef),
    /// Anything else.
    Computed,
}

impl<'e> Using<'e> {
    /// What `expr` says of `column`; nothing is the column.
    pub(super) fn of(expr: Option<&'e Expr>, column: &str) -> Self {
        let Some(expr) = expr else { return Self::Column };
        if !is_of(expr, column) {
            return Self::Computed;
        }
        match (&expr.value, &expr.cast) {
            (Value::Column(_), None) => Self::Column,
            (_, Some(cast)) if casts(&expr.text) == 1 => Self::Cast(cast),
            _ => Self::Computed,
        }
    }
}

/// Whether the column is all that an expression is made of.
fn is_of(expr: &Expr, column: &str) -> bool {
    let alone = expr.calls.is_empty() && expr.reads.is_empty();
    alone && matches!(expr.columns.as_slice(), [only] if only == column) && begins_with(&expr.text, column)
}

/// Whether the text is the column, but for parentheses and casts.
fn begins_with(text: &str, column: &str) -> bool {
    let text = text.to_lowercase();
    let text = text.trim_start_matches(['(', ' ']);
    let inner = text.strip_prefix("cast(").or(text.strip_prefix("cast ("));
    let text = inner.unwrap_or(text).trim_start_matches(['(', ' ']);
    let bare = text.trim_start_matches('"');
    let rest = bare
        .strip_prefix(column.to_lowercase().as_str())
        .map(|rest| rest.trim_start_matches(['"', ')', ' ']));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || rest.starts_with("as "))
}

/// How many casts a text has.
fn casts(text: &str) -> usize {
    let lower = text.to_lowercase();
    lower.matches("::").count() + lower.matches("cast(").count() + lower.matches("cast (").count()
}
