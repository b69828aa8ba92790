use redis::{Cmd, Pipeline, Value};

use super::link::Link;
use super::trouble::Trouble;
use super::{held, keys, read};
use crate::store::{AuditEntry, Change, Held, Key, Receipt, Revision};

/// How many lines of the audit are kept, about.
pub(super) const LINES: usize = 10_000;
/// How often a change is tried anew because somebody else came in between.
const TRIES: usize = 32;

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
    fn expires(&self) -> String {
        self.change.expires.map(|after| after.as_millis().max(1).to_string()).unwrap_or_default()
    }

    /// For a server whose ACL allows no scripts: the connection is ours alone, so what is watched is ours too.
    async fn by_hand(&self, link: &mut Link) -> Result<Outcome, Failed> {
        for _ in 0..TRIES {
            let looked = self.look(link).await.map_err(Failed::Before)?;
            let (before, revision) = match looked {
                Ok(looked) => looked,
                Err(found) => return Ok(Outcome::Conflict(found)),
            };
            if self.transaction(link, &before, revision).await? {
                return Ok(made(revision, &before));
            }
        }
        Err(Failed::Before(Trouble::Said("ERR others change the same flags all the time".to_owned())))
    }

    /// What stands there, and the next revision; or what stands there instead of what should.
    async fn look(&self, link: &mut Link) -> Result<Result<(Vec<u8>, Revision), Option<Held>>, Trouble> {
        let key = self.key.to_string();
        link.ask::<()>(redis::cmd("WATCH").arg(&key).arg(keys::REVISION)).await?;
        let before = stands(link, self.key).await?;
        let counted: Option<String> = link.ask(redis::cmd("GET").arg(keys::REVISION)).await?;
        let found = held::held(&before);
        if self.change.only_if.as_ref().is_some_and(|expected| *expected != found) {
            link.ask::<()>(&redis::cmd("UNWATCH")).await?;
            return Ok(Err(found));
        }
        Ok(Ok((before, Revision(read::revision(counted.as_deref()).0 + 1))))
    }

    /// Whether it was made: not where somebody else came in between.
    async fn transaction(&self, link: &mut Link, before: &[u8], revision: Revision) -> Result<bool, Failed> {
        let mut pipeline = Pipeline::new();
        pipeline.cmd("MULTI").cmd("INCR").arg(keys::REVISION);
        pipeline.add_command(self.line(before, revision)).add_command(self.set());
        let known = [b"0|", &held::word(self.after)[..]].concat();
        pipeline.cmd("HSET").arg(keys::KNOWN).arg(self.key.to_string()).arg(known).cmd("EXEC");
        let mut answers = link.ask_all(&pipeline).await.map_err(Failed::Sent)?;
        let executed = answers.pop().unwrap_or(Ok(Value::Nil));
        if let Some(refused) = answers.into_iter().find_map(Result::err) {
            return Err(Failed::Sent(refused));
        }
        Ok(executed.map_err(Failed::Sent)? != Value::Nil)
    }

    fn set(&self) -> Cmd {
        let key = self.key.to_string();
        let Some(text) = self.after else { return redis::cmd("DEL").arg(key).clone() };
        let mut set = redis::cmd("SET");
        set.arg(key).arg(text);
        if self.change.expires.is_some() {
            set.arg("PX").arg(self.expires());
        }
        set
    }

    fn line(&self, before: &[u8], revision: Revision) -> Cmd {
        let change = self.change;
        let mut line = redis::cmd("XADD");
        line.arg(keys::AUDIT).arg("MAXLEN").arg("~").arg(LINES).arg("*");
        line.arg("key").arg(self.key.to_string()).arg("before").arg(before);
        line.arg("after").arg(&held::word(self.after)[..]).arg("actor").arg(&change.actor);
        line.arg("revision").arg(revision.0);
        for (name, text) in [("reason", &change.reason), ("run", &change.run)] {
            if let Some(text) = text {
                line.arg(name).arg(text);
            }
        }
        line
    }
}

fn made(revision: Revision, before: &[u8]) -> Outcome {
    Outcome::Made(Receipt { revision: Some(revision), before: held::held(before) })
}

/// Empty where there is none; none is something else than an empty text.
fn given(text: Option<&str>) -> String {
    text.map(|text| format!("={text}")).unwrap_or_default()
}

/// What stands there, as a script would say it.
async fn stands(link: &mut Link, key: &Key) -> Result<Vec<u8>, Trouble> {
    let key = key.to_string();
    let kind: String = link.ask(redis::cmd("TYPE").arg(&key)).await?;
    match kind.as_str() {
        "none" => Ok(held::NOTHING.to_vec()),
        "string" => text(link, &key).await,
        other => Ok(format!("?{other}").into_bytes()),
    }
}

async fn text(link: &mut Link, key: &str) -> Result<Vec<u8>, Trouble> {
    let size: usize = link.ask(redis::cmd("STRLEN").arg(key)).await?;
    if size > Held::LONGEST {
        return Ok(format!("#{size}").into_bytes());
    }
    let text: Option<Vec<u8>> = link.ask(redis::cmd("GET").arg(key)).await?;
    Ok(text.map_or_else(|| held::NOTHING.to_vec(), |text| [b"=", &text[..]].concat()))
}

/// The newest lines of the audit, newest first; what is no line of ours is left out.
pub(super) async fn audit(link: &mut Link, newest: usize) -> Result<Vec<AuditEntry>, Trouble> {
    let mut question = redis::cmd("XREVRANGE");
    question.arg(keys::AUDIT).arg("+").arg("-").arg("COUNT").arg(newest);
    let lines: Vec<(String, Vec<(String, Vec<u8>)>)> = link.ask(&question).await?;
    Ok(lines.iter().filter_map(|(id, fields)| entry(id, fields)).collect())
}

fn entry(id: &str, fields: &[(String, Vec<u8>)]) -> Option<AuditEntry> {
    let bytes = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| &value[..]);
    let text = |name: &str| bytes(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Some(AuditEntry {
        at_ms: id.split('-').next()?.parse().ok()?,
        key: Key::parse(&text("key")?)?.ok()?,
        before: held::held(bytes("before")?),
        after: held::held(bytes("after")?),
        actor: text("actor")?,
        reason: text("reason"),
        run: text("run"),
        revision: text("revision").and_then(|text| Some(Revision(text.parse().ok()?))),
    })
}
