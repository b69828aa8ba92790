//! A state asked of ours: imported, compiled, decided.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::super::{Import, import};
use crate::rules::{Compiled, Context, Decision, Other, Others, Rules, Segment};

pub(super) struct Ours {
    pub(super) import: Import,
    compiled: BTreeMap<String, Compiled>,
}

impl Ours {
    pub(super) fn of(state: &str) -> Self {
        let import = import(state).unwrap();
        let segment = |name: &str| import.segments.get(name).cloned().map(Arc::<Segment>::new);
        let ready = |(flag, rules): (&String, &Rules)| (flag.clone(), Compiled::new(flag, rules, &segment));
        let compiled = import.rules.iter().map(ready).collect();
        Self { import, compiled }
    }

    /// Gate and rules.
    pub(super) fn decide(&self, flag: &str, context: &Context<'_>) -> Option<Decision<'_>> {
        let decision = self.compiled.get(flag)?.decide(context, self);
        self.import.gates[flag].then_some(decision)
    }

    pub(super) fn is_on(&self, flag: &str, context: &Context<'_>) -> bool {
        self.decide(flag, context).is_some_and(|decision| decision.on)
    }
}

impl Others for Ours {
    fn ask(&self, flag: &str, question: &mut dyn FnMut(Option<Other<'_>>) -> bool) -> bool {
        let rules = self.compiled.get(flag);
        question(rules.map(|rules| Other { gate: self.import.gates[flag], rules: Some(rules) }))
    }
}

/// A context as Unleash writes it; null is not known.
pub(super) fn context(value: &Value) -> Context<'_> {
    let (fields, properties) = (value.as_object().unwrap(), value["properties"].as_object());
    let all = fields.iter().filter(|(name, _)| *name != "properties").chain(properties.into_iter().flatten());
    all.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .fold(Context::new(), |context, (name, value)| context.with(name, value))
}
