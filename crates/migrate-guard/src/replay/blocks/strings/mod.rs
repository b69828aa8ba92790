//! Strings that a body makes, as far as they are made of what is known: the SQL of `EXECUTE`.

mod calls;
mod dates;
mod parse;
mod tokens;

use crate::ddl::{Expr, Value};
use crate::replay::run::Run;

/// The longest string that is made: more is not SQL that anybody wrote.
const LONGEST: usize = 1 << 20;

impl Run<'_, '_> {
    /// The text that an expression comes to, if it can be told.
    pub(super) fn text_of(&self, expr: &Expr) -> Option<String> {
        match &expr.value {
            Value::Constant(text) => Some(text.clone()),
            Value::Null => None,
            Value::Column(name) => self.scope.value(name).map(ToOwned::to_owned),
            Value::Computed => parse::value(&expr.text, &self.known()).filter(|text| text.len() <= LONGEST),
        }
    }

    /// The arguments of a call that is all there is to an expression, as far as they can be told.
    pub(in crate::replay) fn arguments_of(&self, expr: &Expr) -> Option<Vec<Option<String>>> {
        parse::arguments(&expr.text, &self.known())
    }

    /// The numbers that a loop runs between, `1 .. n`, if they can be told.
    pub(super) fn bounds_of(&self, over: &Expr) -> Option<(i64, i64)> {
        let (from, to) = over.text.split_once(" .. ")?;
        let number = |text: &str| parse::value(text, &self.known())?.parse().ok();
        Some((number(from)?, number(to)?))
    }

    fn known(&self) -> parse::Known<'_> {
        parse::Known { scope: &self.scope, today: self.world.context.today }
    }
}
