//! From what is known to what readers see.

use std::collections::BTreeSet;

use super::known::settle;
use super::{Intake, OnStale};
use crate::FlagName;
use crate::rules::Context;
use crate::store::Key;

impl Intake {
    pub(super) fn publish_all(&self) {
        let declared = self.safe.keys();
        let known = self.known.keys().filter(|key| !matches!(key, Key::Segment(_))).map(Key::name);
        let flags: BTreeSet<_> = declared.chain(known).collect();
        for flag in flags {
            self.publish(flag);
        }
    }

    pub(super) fn publish(&self, flag: &FlagName) {
        let Some(slot) = self.shared.table.add(flag) else {
            tracing::error!(store = self.store(), %flag, "there are too many flags: this one is not read");
            return;
        };
        self.judge_rules(flag);
        let safe = self.safe.get(flag).copied();
        let stale = self.too_old && self.on_stale == OnStale::Safe;
        let gate = self.known.get(&Key::Gate(flag.clone()));
        let rules = self.known.get(&Key::Rules(flag.clone()));
        let (word, compiled) = settle(safe, stale, gate, rules, self.documents.compiled(flag));
        slot.publish(word, compiled);
        if slot.is_followed() {
            slot.tell(self.shared.ask(&slot, &Context::new()));
        }
    }

    /// Tells those who follow flags whose rules turn with time.
    pub(in crate::flags) fn tick(&self) {
        for flag in self.documents.turning_with_time() {
            if let Some(slot) = self.shared.table.get(flag.as_str()).filter(|slot| slot.is_followed()) {
                slot.tell(self.shared.ask(slot, &Context::new()));
            }
        }
    }
}
