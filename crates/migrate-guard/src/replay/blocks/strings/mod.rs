//! Strings that a body makes, as far as they are made of what is known: the SQL of `EXECUTE`.

mod about;
mod calls;
mod dates;
mod known;
mod parse;
mod tokens;
mod truth;

use crate::ddl::Expr;
use crate::replay::run::Run;
pub(super) use about::is_about_known;
pub(in crate::replay) use calls::identifier;
pub(super) use known::Guess;
use known::Known;

impl Run<'_, '_> {
    /// The text that an expression comes to, if it can be told.
    pub(super) fn text_of(&self, expr: &Expr) -> Option<String> {
        self.known().text_of(expr)
    }

    /// What an expression comes to that is selected of a row whose columns are declared.
    pub(super) fn selected_of(&self, expr: &Expr) -> Option<String> {
        self.known().with_columns().text_of(expr)
    }

    /// The text that an expression comes to, with a name in place of what is not known.
    pub(super) fn guess_of(&self, expr: &Expr) -> Option<Guess> {
        self.known().with_gaps().guess_of(expr)
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

    /// Whether a comparison of strings that are known holds.
    pub(super) fn truth_of(&self, text: &str) -> Option<bool> {
        truth::truth(text, &self.known())
    }

    fn known(&self) -> Known<'_> {
        Known::new(&self.scope, self.world.context.today)
    }
}
