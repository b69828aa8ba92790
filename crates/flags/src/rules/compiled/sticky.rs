use super::super::bucket::{Group, PLACES, place};
use super::super::context::{Context, Field};
use super::super::document::Rule;

/// What a caller's place sticks to.
#[derive(Debug)]
pub(super) enum Sticky {
    /// The user, else the session, else chance.
    Default,
    /// Chance, every time.
    Random,
    Field(Field),
}

impl Sticky {
    pub(super) fn new(name: Option<&str>) -> Self {
        match name {
            None | Some("default") => Self::Default,
            Some("random") => Self::Random,
            Some(field) => Self::Field(Field::named(field)),
        }
    }

    #[inline]
    pub(super) fn id<'c>(&self, context: &'c Context<'_>) -> Option<&'c str> {
        match self {
            Self::Default => context.text(&Field::User).or_else(|| context.text(&Field::Session)),
            Self::Random => None,
            Self::Field(field) => context.text(field),
        }
    }
}

/// A share of the callers.
#[derive(Debug)]
pub(super) struct Rollout {
    group: Group,
    sticky: Sticky,
    /// The first place that is not admitted.
    end: u32,
}

impl Rollout {
    /// `None` where the rule asks for no share.
    pub(super) fn new(flag: &str, rule: &Rule) -> Option<Self> {
        let group = Group::of_rollout(rule.group.as_deref().unwrap_or(flag));
        let sticky = Sticky::new(rule.stickiness.as_deref());
        rule.percentage.map(|percentage| Self { group, sticky, end: percentage.steps() })
    }

    #[inline]
    pub(super) fn admits(&self, context: &Context<'_>) -> bool {
        match (self.sticky.id(context), &self.sticky) {
            (Some(id), _) => place(self.group.hash(id)) < self.end,
            (None, Sticky::Field(_)) => false,
            (None, Sticky::Default | Sticky::Random) => fastrand::u32(0..PLACES) < self.end,
        }
    }

    /// Nobody is admitted.
    pub(super) fn is_closed(&self) -> bool {
        self.end == 0
    }

    /// Everybody is admitted, known or not.
    #[cfg(feature = "openfeature")]
    pub(super) fn is_open(&self) -> bool {
        self.end == PLACES && !matches!(self.sticky, Sticky::Field(_))
    }
}
