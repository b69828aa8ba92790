use super::super::context::Context;
use super::super::document::Requirement;
use super::Compiled;

/// The flags there are, for those that depend on others.
pub(crate) trait Others {
    /// What the question answers about another flag, `None` where it is not known.
    fn ask(&self, flag: &str, question: &mut dyn FnMut(Option<Other<'_>>) -> bool) -> bool;
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
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoOthers;

#[cfg(test)]
impl Others for NoOthers {
    fn ask(&self, _: &str, question: &mut dyn FnMut(Option<Other<'_>>) -> bool) -> bool {
        question(None)
    }
}

/// What Unleash calls the variant of a flag that has none.
pub(crate) const NO_VARIANT: &str = "disabled";

impl Requirement {
    /// Whether it is fulfilled. One flag deep, as in Unleash, so there is no circle to run in.
    pub(super) fn holds(&self, context: &Context<'_>, others: &dyn Others) -> bool {
        others.ask(&self.flag, &mut |other| other.is_some_and(|other| self.suits(other, context)))
    }

    fn suits(&self, other: Other<'_>, context: &Context<'_>) -> bool {
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
