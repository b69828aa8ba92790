use std::sync::Arc;

use super::super::context::Context;
use super::super::document::Rule;
use super::super::value::Moment;
use super::choice::Choice;
use super::segments::{Segments, tests};
use super::sticky::Rollout;
use super::test::Test;

/// A rule, ready to be asked.
#[derive(Debug)]
pub(super) struct Admission {
    pub(super) name: Option<Box<str>>,
    tests: Box<[Test]>,
    segments: Box<[Arc<[Test]>]>,
    rollout: Option<Rollout>,
    window: Option<(Option<Moment>, Option<Moment>)>,
    pub(super) choice: Option<Choice>,
    /// Something in it cannot be judged, so it admits nobody.
    broken: bool,
}

impl Admission {
    /// The rule, and why it admits nobody where it cannot be judged.
    pub(super) fn new<'a>(flag: &str, rule: &'a Rule, segments: &mut Segments<'a>) -> (Self, Option<String>) {
        let own = tests(&rule.when);
        let shared: Result<Box<[_]>, _> = rule.segments.iter().map(|name| segments.tests(name)).collect();
        let problem = own.as_ref().err().or(shared.as_ref().err()).cloned();
        let group = rule.group.as_deref().unwrap_or(flag);
        let admission = Self {
            name: rule.name.as_deref().map(Box::from),
            tests: own.unwrap_or_default(),
            segments: shared.unwrap_or_default(),
            rollout: Rollout::new(flag, rule),
            window: (rule.from.is_some() || rule.until.is_some()).then_some((rule.from, rule.until)),
            choice: Choice::new(group, &rule.variants, rule.stickiness.as_deref()),
            broken: problem.is_some(),
        };
        (admission, problem)
    }

    #[inline]
    pub(super) fn admits(&self, context: &Context<'_>) -> bool {
        !self.broken
            && self.tests.iter().all(|test| test.holds(context))
            && self.segments.iter().all(|tests| tests.iter().all(|test| test.holds(context)))
            && self.rollout.as_ref().is_none_or(|rollout| rollout.admits(context))
            && self.window.is_none_or(|window| open(window, context))
    }

    fn all_tests(&self) -> impl Iterator<Item = &Test> {
        self.tests.iter().chain(self.segments.iter().flat_map(|tests| tests.iter()))
    }

    /// Whether it admits nobody at any time.
    pub(super) fn is_closed(&self) -> bool {
        self.broken || self.rollout.as_ref().is_some_and(Rollout::is_closed)
    }

    /// Whether it admits everybody at any time.
    #[cfg(feature = "openfeature")]
    pub(super) fn is_open(&self) -> bool {
        let all = self.rollout.as_ref().is_none_or(Rollout::is_open);
        !self.broken && all && self.window.is_none() && self.all_tests().next().is_none()
    }

    /// Whether a share decides whom it admits.
    #[cfg(feature = "openfeature")]
    pub(super) fn goes_by_share(&self) -> bool {
        self.rollout.as_ref().is_some_and(|rollout| !rollout.is_open())
    }

    /// Whether it may admit a caller at one time and not at another.
    pub(super) fn asks_the_time(&self) -> bool {
        self.window.is_some() || self.all_tests().any(Test::asks_the_time)
    }
}

/// Whether it is time. A time that cannot be read is none.
fn open((from, until): (Option<Moment>, Option<Moment>), context: &Context<'_>) -> bool {
    let within = |now| from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until);
    context.time().is_some_and(within)
}
