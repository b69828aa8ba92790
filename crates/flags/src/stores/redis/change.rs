use redis::Cmd;

use super::by_hand::stands;
use super::link::Link;
use super::trouble::Trouble;
use super::{held, keys};
use crate::store::{Change, Held, Key, Receipt, Revision};

/// How many lines of the audit are kept, about.
pub(super) const LINES: usize = 10_000;

const SCRIPT: &str = concat!(include_str!("held.lua"), include_str!("change.lua"));

/// What is to be changed.
pub(super) struct Wanted<'a> {
    pub(super) key: &'a Key,
    pub(super) after: Option<&'a str>,
    pub(super) change: &'a Change,
    /// Whether a change that was made outside before is written down too.
    pub(super) outside: bool,
}

/// What became of it.
pub(super) enum Outcome {
    Made(Receipt),
    /// Something else stands there.
    Conflict(Option<Held>),
}

/// Why nothing is known to have been changed.
pub(super) enum Failed {
    /// Nothing was sent that changes anything.
    Before(Trouble),
    /// The change was on its way.
    Sent(Trouble),
}

impl Wanted<'_> {
    /// Makes the change: in one piece, with the revision and the audit.
    pub(super) async fn make(&self, link: &mut Link) -> Result<Outcome, Failed> {
        let expected = match self.expected(link).await.map_err(Failed::Before)? {
            Ok(expected) => expected,
            Err(found) => return Ok(Outcome::Conflict(found)),
        };
        match link.ask::<(u8, u64, Vec<u8>)>(&self.script(&expected)).await {
            Err(trouble) if trouble.forbids("eval") => self.by_hand(link).await,
            Err(trouble) => Err(Failed::Sent(trouble)),
            Ok((0, _, before)) => Ok(Outcome::Conflict(held::held(&before))),
            Ok((_, revision, before)) => Ok(made(Revision(revision), &before)),
        }
    }

    /// The word that must stand there, empty where anything may. Something unreadable has no word of its own, so that
    /// is looked up.
    async fn expected(&self, link: &mut Link) -> Result<Result<Vec<u8>, Option<Held>>, Trouble> {
        let Some(expected) = &self.change.only_if else { return Ok(Ok(Vec::new())) };
        match expected {
            None => Ok(Ok(held::NOTHING.to_vec())),
            Some(Held::Text(text)) => Ok(Ok(held::word(Some(text)).into_owned())),
            Some(Held::Unreadable(_)) => {
                let word = stands(link, self.key).await?;
                let found = held::held(&word);
                Ok(if found == *expected { Ok(word) } else { Err(found) })
            }
        }
    }

    fn script(&self, expected: &[u8]) -> Cmd {
        let mut script = redis::cmd("EVAL");
        script.arg(SCRIPT).arg(4).arg(self.key.to_string());
        script.arg(&[keys::REVISION, keys::AUDIT, keys::KNOWN]);
        script.arg(expected).arg(&held::word(self.after)[..]).arg(self.expires()).arg(&self.change.actor);
        script.arg(given(self.change.reason.as_deref())).arg(given(self.change.run.as_deref()));
        script.arg(LINES).arg(Held::LONGEST).arg(if self.outside { "1" } else { "" });
        script
    }

    /// In milliseconds, or empty.
    pub(super) fn expires(&self) -> String {
        self.change.expires.map(|after| after.as_millis().max(1).to_string()).unwrap_or_default()
    }
}

pub(super) fn made(revision: Revision, before: &[u8]) -> Outcome {
    Outcome::Made(Receipt { revision: Some(revision), before: held::held(before) })
}

/// Empty where there is none; none is something else than an empty text.
fn given(text: Option<&str>) -> String {
    text.map(|text| format!("={text}")).unwrap_or_default()
}
