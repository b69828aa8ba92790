use std::cell::Cell;

use jiff::civil::Date;

use super::parse;
use crate::ddl::{Expr, Value};
use crate::replay::scope::Scope;

/// What stands in a string for a part that is not known: a name that nothing has, and that can stand in most places.
pub(super) const GAP: &str = "handover_not_known";

/// The longest string that is made: more is not SQL that anybody wrote.
const LONGEST: usize = 1 << 20;

/// A string that is made of what is known, and perhaps of what is guessed.
#[derive(Clone, Debug)]
pub(in crate::replay::blocks) struct Guess {
    pub(in crate::replay::blocks) text: String,
    /// Whether another day, or what is not known here, would make another string.
    pub(in crate::replay::blocks) guessed: bool,
}

impl Guess {
    /// Whether no part of it is missing.
    pub(in crate::replay::blocks) fn is_certain(&self) -> bool {
        !self.text.contains(GAP)
    }
}

/// What is known where an expression is evaluated.
pub(super) struct Known<'a> {
    pub(super) scope: &'a Scope,
    today: Date,
    gaps: bool,
    columns: bool,
    guessed: Cell<bool>,
}

impl<'a> Known<'a> {
    pub(super) fn new(scope: &'a Scope, today: Date) -> Self {
        Self { scope, today, gaps: false, columns: false, guessed: Cell::new(scope.guessed) }
    }

    /// The same, with a name in place of what is not known.
    pub(super) fn with_gaps(self) -> Self {
        Self { gaps: true, ..self }
    }

    /// The same where columns of a row are variables: `c.relname` is `relname`.
    pub(super) fn with_columns(self) -> Self {
        Self { columns: true, ..self }
    }

    /// The day, on which the result then depends.
    pub(super) fn today(&self) -> Date {
        self.guessed.set(true);
        self.today
    }

    /// What stands for something that is not known, if anything may.
    pub(super) fn gap(&self) -> Option<String> {
        self.gaps.then(|| {
            self.guessed.set(true);
            GAP.to_owned()
        })
    }

    /// The value of a variable, or of a field of one.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let column = name.rsplit('.').next().filter(|_| self.columns);
        let value = self.scope.value(name).or_else(|| self.scope.value(column?));
        value.map(ToOwned::to_owned)
    }

    /// The text that an expression comes to.
    pub(super) fn text_of(&self, expr: &Expr) -> Option<String> {
        let text = match &expr.value {
            Value::Constant(text) => Some(text.clone()),
            Value::Null => None,
            Value::Column(_) | Value::Computed => parse::value(&expr.text, self),
        };
        text.filter(|text| text.len() <= LONGEST)
    }

    /// The same, and whether it is a guess.
    pub(super) fn guess_of(&self, expr: &Expr) -> Option<Guess> {
        let text = self.text_of(expr)?;
        Some(Guess { text, guessed: self.guessed.get() })
    }
}
