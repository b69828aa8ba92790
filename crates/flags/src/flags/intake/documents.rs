//! Rules and segments as documents: parsed once, and the last that made sense kept.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::FlagName;
use crate::rules::{Compiled, Rules, Segment};
use crate::store::{Held, Key};

#[derive(Default)]
pub(super) struct Documents {
    rules: HashMap<FlagName, Arc<Rules>>,
    segments: HashMap<FlagName, Arc<Segment>>,
    compiled: HashMap<FlagName, Arc<Compiled>>,
    /// Flags whose rules cannot be read.
    broken: HashSet<FlagName>,
}

impl Documents {
    /// Takes up what stands under a key. What cannot be read leaves the last that could.
    pub(super) fn note(&mut self, key: &Key, held: Option<&Held>) {
        match (key, held) {
            (Key::Gate(_), _) => {}
            (Key::Rules(flag), None) => {
                self.rules.remove(flag);
                self.compiled.remove(flag);
                self.broken.remove(flag);
            }
            (Key::Segment(name), None) => drop(self.segments.remove(name)),
            (Key::Rules(flag), Some(held)) => self.note_rules(flag, held),
            (Key::Segment(name), Some(held)) => {
                if let Some(Ok(segment)) = held.text().map(Segment::parse) {
                    self.segments.insert(name.clone(), Arc::new(segment));
                }
            }
        }
    }

    fn note_rules(&mut self, flag: &FlagName, held: &Held) {
        let Some(Ok(rules)) = held.text().map(Rules::parse) else {
            self.broken.insert(flag.clone());
            return;
        };
        self.broken.remove(flag);
        self.rules.insert(flag.clone(), Arc::new(rules));
        self.compile(flag);
    }

    /// Segments changed: whatever speaks of them is made anew.
    pub(super) fn settle_segments(&mut self) {
        let flags: Vec<_> = self.rules.keys().cloned().collect();
        for flag in &flags {
            self.compile(flag);
        }
    }

    fn compile(&mut self, flag: &FlagName) {
        if let Some(rules) = self.rules.get(flag) {
            let segment = |name: &str| self.segments.get(name).cloned();
            let compiled = Compiled::new(flag.as_str(), rules, &segment);
            self.compiled.insert(flag.clone(), Arc::new(compiled));
        }
    }

    pub(super) fn compiled(&self, flag: &FlagName) -> Option<&Arc<Compiled>> {
        self.compiled.get(flag)
    }

    /// Whether the rules that stand there now cannot be read.
    pub(super) fn is_broken(&self, flag: &FlagName) -> bool {
        self.broken.contains(flag)
    }

    /// Flags whose rules turn with nothing but time.
    pub(super) fn turning_with_time(&self) -> impl Iterator<Item = &FlagName> {
        self.compiled.iter().filter(|(_, rules)| rules.changes_with_time()).map(|(flag, _)| flag)
    }
}
