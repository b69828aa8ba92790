//! A change by `WATCH` and `MULTI`.

use redis::{Cmd, Pipeline, Value};

use super::change::{Failed, LINES, Outcome, Wanted, made};
use super::link::Link;
use super::trouble::Trouble;
use super::{held, keys, read};
use crate::store::{Held, Key, Revision};

/// How often a change is tried anew because somebody else came in between.
const TRIES: usize = 32;

impl Wanted<'_> {
    /// For a server whose ACL allows no scripts: the connection is ours alone, so what is watched is ours too.
    pub(super) async fn by_hand(&self, link: &mut Link) -> Result<Outcome, Failed> {
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
        Ok(Ok((before, Revision(counted.as_deref().map(read::revision).unwrap_or_default().0 + 1))))
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

/// What stands there, as a script would say it.
pub(super) async fn stands(link: &mut Link, key: &Key) -> Result<Vec<u8>, Trouble> {
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
