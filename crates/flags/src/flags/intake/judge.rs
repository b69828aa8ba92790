//! What makes no sense, and is said once.

use std::sync::Arc;

use super::Intake;
use crate::FlagName;
use crate::flags::event::FlagEvent;
use crate::store::{Held, Key};

impl Intake {
    pub(super) fn judge(&self, key: &Key, held: Option<&Held>) {
        self.say_malformed(key, held.and_then(|held| objection(key, held)));
    }

    /// Rules that were read, and of which something cannot be judged: a segment that is not there, for example.
    pub(super) fn judge_rules(&self, flag: &FlagName) {
        let Some(compiled) = self.documents.compiled(flag) else { return };
        let key = Key::Rules(flag.clone());
        let Some(held) = self.known.get(&key).map(|known| &known.held) else { return };
        // What cannot be read at all was said already.
        if !self.documents.is_broken(flag) && held.text().is_some() {
            let problems = compiled.problems().join("; ");
            self.say_malformed(&key, (!problems.is_empty()).then(|| problems.into()));
        }
    }

    /// Says what is wrong with a value, once.
    pub(super) fn say_malformed(&self, key: &Key, why: Option<Arc<str>>) {
        let known = self.shared.with_status(|status| status.malformed.get(key).cloned());
        if known == why {
            return;
        }
        if let Some(why) = &why {
            tracing::warn!(store = self.store(), %key, %why, "the value of a flag makes no sense");
            self.shared.tell(FlagEvent::Malformed { key: key.clone(), why: Arc::clone(why) });
        }
        self.shared.with_status(|status| match why {
            Some(why) => drop(status.malformed.insert(key.clone(), why)),
            None => drop(status.malformed.remove(key)),
        });
    }
}

fn objection(key: &Key, held: &Held) -> Option<Arc<str>> {
    match held {
        Held::Text(text) => key.objection(text).map(Into::into),
        Held::Unreadable(why) => Some(Arc::clone(why)),
    }
}
