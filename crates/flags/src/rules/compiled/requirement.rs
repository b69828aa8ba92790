use super::super::context::Context;
use super::super::document::Requirement;
use super::Compiled;

/// The flags there are, for those that depend on others.
pub(crate) trait Others {
    /// Another flag; `None` where it is not known.
    fn find(&self, flag: &str) -> Option<Other<'_>>;
}

/// A flag that another one requires.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Other<'a> {
    /// Whether its gate is open.
    pub(crate) gate: bool,
    /// Its rules, if it has any.
    pub(crate) rules: Option<&'a Compiled>,
}

/// No other flag is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoOthers;

impl Others for NoOthers {
    fn find(&self, _: &str) -> Option<Other<'_>> {
        None
    }
}

/// What Unleash calls the variant of a flag that has none.
pub(crate) const NO_VARIANT: &str = "disabled";

impl Requirement {
    /// Whether it is fulfilled. One flag deep, as in Unleash, so there is no circle to run in.
    pub(super) fn holds(&self, context: &Context<'_>, others: &dyn Others) -> bool {
        let Some(other) = others.find(&self.flag) else { return false };
        let Some(rules) = other.rules else { return self.fits(other.gate, NO_VARIANT) };
        if rules.has_requirements() {
            return false;
        }
        let decision = rules.decide_alone(context);
        let variant = decision.variant.map_or(NO_VARIANT, |variant| &variant.name);
        self.fits(other.gate && decision.on, variant)
    }

    fn fits(&self, on: bool, variant: &str) -> bool {
        let any = self.variants.is_empty() || !self.enabled;
        on == self.enabled && (any || self.variants.iter().any(|wanted| wanted == variant))
    }
}
