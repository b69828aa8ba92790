//! Rules made ready to be asked: whatever can be read, compiled, sorted or hashed before, is.
//!
//! A question costs a few comparisons and at most one hash per share, and allocates nothing. What cannot be judged
//! (a constraint that means nothing, a segment that is missing) closes the rule it is in and is listed in
//! [`Compiled::problems`].

mod admission;
#[cfg(feature = "openfeature")]
mod basis;
mod choice;
mod requirement;
mod segments;
mod sticky;
mod test;
mod words;

use std::sync::Arc;

#[cfg(feature = "openfeature")]
pub(crate) use basis::Basis;
#[cfg(test)]
pub(crate) use requirement::{NO_VARIANT, NoOthers};
pub(crate) use requirement::{Other, Others};
pub(super) use test::Test;

use super::context::Context;
use super::document::{Requirement, Rules, Segment, Variant};
use admission::Admission;
use choice::Choice;
use segments::Segments;

/// The rules of one flag.
#[derive(Debug)]
pub(crate) struct Compiled {
    requires: Box<[Requirement]>,
    rules: Box<[Admission]>,
    /// The variants of whoever is admitted by a rule that has none.
    choice: Option<Choice>,
    problems: Box<[String]>,
}

/// What the rules say to one caller.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decision<'a> {
    /// Whether the flag is on, if its gate is open.
    pub(crate) on: bool,
    /// In which variant; none for those it is off for.
    pub(crate) variant: Option<&'a Arc<Variant>>,
    pub(crate) why: Why<'a>,
}

/// Which part of the rules decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'a> {
    /// There are no rules: it is on for everybody.
    Everybody,
    /// This rule admitted the caller, the first that did; the first of all is 0.
    Rule { index: usize, name: Option<&'a str> },
    /// No rule admitted the caller.
    NoRule,
    /// This other flag is not as required.
    Requires(&'a str),
}

impl Compiled {
    /// Makes a flag's rules ready. `segments` is asked for each segment's name once.
    pub(crate) fn new(flag: &str, rules: &Rules, segments: &dyn Fn(&str) -> Option<Arc<Segment>>) -> Self {
        let mut segments = Segments::new(segments);
        let (mut ready, mut problems) = (Vec::new(), Vec::new());
        for (index, rule) in rules.rules.iter().enumerate() {
            let (admission, problem) = Admission::new(flag, rule, &mut segments);
            problems.extend(problem.map(|why| format!("rules[{index}] admits nobody: {why}")));
            ready.push(admission);
        }
        Self {
            requires: rules.requires.clone().into(),
            rules: ready.into(),
            choice: Choice::new(flag, &rules.variants, None),
            problems: problems.into(),
        }
    }

    /// What the rules say to a caller. Allocates nothing, but for what a regular expression needs the first time
    /// that a thread asks it.
    #[inline]
    pub(crate) fn decide<'a>(&'a self, context: &Context<'_>, others: &dyn Others) -> Decision<'a> {
        match self.requires.iter().find(|required| !required.holds(context, others)) {
            Some(missing) => Decision { on: false, variant: None, why: Why::Requires(&missing.flag) },
            None => self.decide_alone(context),
        }
    }

    /// As if it required no other flag.
    fn decide_alone<'a>(&'a self, context: &Context<'_>) -> Decision<'a> {
        if self.rules.is_empty() {
            return Decision { on: true, variant: self.variant(None, context), why: Why::Everybody };
        }
        match self.rules.iter().position(|rule| rule.admits(context)) {
            Some(index) => self.admitted(index, context),
            None => Decision { on: false, variant: None, why: Why::NoRule },
        }
    }

    fn admitted<'a>(&'a self, index: usize, context: &Context<'_>) -> Decision<'a> {
        let rule = &self.rules[index];
        let variant = self.variant(rule.choice.as_ref(), context);
        Decision { on: true, variant, why: Why::Rule { index, name: rule.name.as_deref() } }
    }

    /// By the rule's own variants, else by the flag's.
    fn variant<'a>(&'a self, own: Option<&'a Choice>, context: &Context<'_>) -> Option<&'a Arc<Variant>> {
        own.or(self.choice.as_ref())?.of(context)
    }

    /// Whether it depends on other flags.
    pub(crate) fn has_requirements(&self) -> bool {
        !self.requires.is_empty()
    }

    /// What cannot be judged, and what that means; one line each.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Whether the answer to one caller may change with time alone. That of another flag it requires is not asked.
    pub(crate) fn changes_with_time(&self) -> bool {
        self.rules.iter().any(|rule| !rule.is_closed() && rule.asks_the_time())
    }
}
