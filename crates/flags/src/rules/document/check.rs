//! Whether a document of the right shape can be meant.

use super::super::compiled::Test;
use super::limits::{self, few, name};
use super::{Constraint, Fault, Op, Requirement, Rule, Rules, RulesError, Segment, Variant};

type Checked = Result<(), Fault>;

/// Adds where a fault is.
fn at(place: impl FnOnce() -> String, checked: Checked) -> Result<(), RulesError> {
    checked.map_err(|fault| RulesError::Invalid { at: place(), fault })
}

impl Rules {
    /// Whether it can be meant.
    ///
    /// # Errors
    ///
    /// The first thing that cannot. Rules that were not checked harm nobody: whatever cannot be meant in them
    /// admits nobody.
    pub fn check(&self) -> Result<(), RulesError> {
        at(|| "rules".into(), few("rules", self.rules.len(), limits::RULES))?;
        at(|| "rules".into(), searches(&self.rules.iter().flat_map(|rule| &rule.when)))?;
        for (index, rule) in self.rules.iter().enumerate() {
            rule.check(&format!("rules[{index}]"))?;
        }
        at(|| "variants".into(), variants(&self.variants))?;
        at(|| "requires".into(), few("requirements", self.requires.len(), limits::REQUIREMENTS))?;
        for (index, requirement) in self.requires.iter().enumerate() {
            at(|| format!("requires[{index}]"), requirement.check())?;
        }
        Ok(())
    }
}

impl Rule {
    /// Whether it can be meant; `place` is what a fault's place begins with.
    pub(crate) fn check(&self, place: &str) -> Result<(), RulesError> {
        at(|| place.to_owned(), self.words())?;
        constraints(&self.when, place)?;
        at(|| format!("{place}.segments"), segments(&self.segments))?;
        at(|| format!("{place}.variants"), variants(&self.variants))
    }

    fn words(&self) -> Checked {
        self.name.as_deref().map_or(Ok(()), |text| name("name", text))?;
        self.group.as_deref().map_or(Ok(()), |text| name("group", text))?;
        self.stickiness.as_deref().map_or(Ok(()), stickiness)?;
        match (self.from, self.until) {
            (Some(from), Some(until)) if from >= until => Err(Fault::Window { from, until }),
            _ => Ok(()),
        }
    }
}

impl Segment {
    /// Whether it can be meant.
    ///
    /// # Errors
    ///
    /// As for [`Rules::check`].
    pub fn check(&self) -> Result<(), RulesError> {
        at(|| "when".into(), searches(&self.when.iter()))?;
        constraints(&self.when, "")
    }
}

impl Constraint {
    /// Whether it can be meant.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn check(&self) -> Result<(), Fault> {
        name("field", &self.field)?;
        if matches!(self.op, Op::Contains | Op::StartsWith | Op::EndsWith) {
            few("values", self.values.len(), limits::FRAGMENTS)?;
        }
        Test::new(self).map(drop)
    }
}

impl Requirement {
    fn check(&self) -> Checked {
        name("flag", &self.flag)?;
        few("variants", self.variants.len(), limits::VARIANTS)?;
        let asked = self.enabled || self.variants.is_empty();
        if asked { Ok(()) } else { Err(Fault::VariantOfOff(super::shown(&self.flag))) }
    }
}

fn constraints(when: &[Constraint], place: &str) -> Result<(), RulesError> {
    let place = if place.is_empty() { "when".to_owned() } else { format!("{place}.when") };
    at(|| place.clone(), few("constraints", when.len(), limits::CONSTRAINTS))?;
    for (index, constraint) in when.iter().enumerate() {
        at(|| format!("{place}[{index}]"), constraint.check())?;
    }
    Ok(())
}

/// What takes long to answer is rare.
fn searches<'a>(all: &(impl Iterator<Item = &'a Constraint> + Clone)) -> Checked {
    let of = |op: Op| all.clone().filter(move |constraint| constraint.op == op);
    few("regular expressions", of(Op::Regex).count(), limits::REGEXES)?;
    let values = of(Op::Contains).map(|constraint| constraint.values.len()).sum();
    few("values of `contains`", values, limits::FRAGMENTS)
}

fn segments(names: &[String]) -> Checked {
    few("segments", names.len(), limits::SEGMENTS)?;
    names.iter().try_for_each(|segment| name("segments", segment))
}

fn stickiness(text: &str) -> Checked {
    name("stickiness", text)?;
    if text == "currentTime" { Err(Fault::StickyTime) } else { Ok(()) }
}

fn variants(list: &[Variant]) -> Checked {
    few("variants", list.len(), limits::VARIANTS)?;
    list.iter().try_for_each(variant)?;
    one_stickiness(list)?;
    distinct(list)?;
    let chosen = |variant: &Variant| variant.weight > 0 || !variant.overrides.is_empty();
    if list.is_empty() || list.iter().any(chosen) { Ok(()) } else { Err(Fault::NoWeight) }
}

fn variant(variant: &Variant) -> Checked {
    name("name", &variant.name)?;
    variant.stickiness.as_deref().map_or(Ok(()), stickiness)?;
    few("overrides", variant.overrides.len(), limits::CONSTRAINTS)?;
    for fixed in &variant.overrides {
        Constraint { field: fixed.field.clone(), ..Constraint::new("", Op::In, &[]) }.check()?;
    }
    match variant.weight {
        weight if weight > limits::WEIGHT => Err(Fault::Weight { weight, limit: limits::WEIGHT }),
        _ => Ok(()),
    }
}

fn one_stickiness(list: &[Variant]) -> Checked {
    let mut named = list.iter().filter_map(|variant| variant.stickiness.as_deref());
    let Some(first) = named.next() else { return Ok(()) };
    match named.find(|other| *other != first) {
        Some(other) => Err(Fault::MixedStickiness(super::shown(first), super::shown(other))),
        None => Ok(()),
    }
}

fn distinct(list: &[Variant]) -> Checked {
    let mut names: Vec<&str> = list.iter().map(|variant| variant.name.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Fault::SameName(super::shown(pair[0]))),
        None => Ok(()),
    }
}
