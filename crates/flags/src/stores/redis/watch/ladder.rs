//! How changes come from the server: the best way that it has and that really works.

use std::sync::Arc;

use redis::Value;

use super::{End, Watcher};
use crate::store::Delivery;
use crate::stores::redis::keys;
use crate::stores::redis::link::{Link, Patience};
use crate::stores::redis::pushed::Inbox;
use crate::stores::redis::trouble::Trouble;

/// What a keyspace event must be sent for: texts, generic commands, lapses and evictions.
const NEEDED: &str = "$gxe";
/// For how long a sign of life may stay, should it not be removed, in milliseconds.
const CANARY_MS: u32 = 10_000;

/// A way down which changes come.
pub(super) struct Way {
    pub(super) link: Link,
    pub(super) inbox: Arc<Inbox>,
    pub(super) delivery: Delivery,
}

/// What became of a sign of life.
enum Sung {
    Heard,
    Unheard,
    /// It could not be written.
    Forbidden(String),
}

/// How a server says that it sends keyspace events.
enum Configured {
    Right,
    Unknown,
    Wrong(String),
}

/// Why a way is no good, or how the connection ended.
type Tried = Result<Result<(), String>, Trouble>;

impl Watcher {
    /// Connects, and finds the best way.
    pub(super) async fn climb(&mut self) -> Result<Way, End> {
        let patience = Patience::all(self.options.patience());
        let inbox = Arc::new(Inbox::default());
        let told = self.server.link_told(&inbox, patience).await;
        match told {
            Err(trouble) if old(&trouble) => {
                self.cannot("tell of changes by itself", &format!("it speaks RESP2 only: {trouble}")).await?;
                let link = self.server.link(patience).await.map_err(|trouble| self.lost(trouble))?;
                Ok(self.polled(link, inbox))
            }
            Err(trouble) => Err(self.lost(trouble)),
            Ok(link) => self.best(link, inbox).await,
        }
    }

    async fn best(&mut self, mut link: Link, inbox: Arc<Inbox>) -> Result<Way, End> {
        link.set_patience(Patience::Each(self.options.patience()));
        match self.pushed(&mut link, &inbox).await.map_err(|trouble| self.lost(trouble))? {
            Ok(()) => return Ok(Way { link, inbox, delivery: Delivery::Push }),
            Err(why) => self.cannot("tell of changes by itself", &why).await?,
        }
        match self.notified(&mut link, &inbox).await.map_err(|trouble| self.lost(trouble))? {
            Ok(()) => return Ok(Way { link, inbox, delivery: Delivery::Notified }),
            Err(why) => self.cannot("tell of changes by keyspace events", &why).await?,
        }
        Ok(self.polled(link, inbox))
    }

    fn polled(&self, link: Link, inbox: Arc<Inbox>) -> Way {
        Way { link, inbox, delivery: Delivery::Polled { every: self.options.poll } }
    }

    async fn cannot(&mut self, what: &str, why: &str) -> Result<(), End> {
        let text = format!("{} cannot {what}: {why}", self.name);
        Ok(self.notices.once(&self.teller, text).await?)
    }

    /// Whether the server tells of changes, and whether that arrives.
    async fn pushed(&self, link: &mut Link, inbox: &Inbox) -> Tried {
        let canary = format!("{}{:016x}", keys::CANARY, fastrand::u64(..));
        if let Err(why) = said_no(track(link, [canary.as_str()]).await)? {
            return Ok(Err(why));
        }
        match self.sings(link, inbox, &canary).await? {
            Sung::Heard => {}
            Sung::Unheard => return Ok(Err("it says that it does, and nothing arrives".to_owned())),
            // Who may not write has to believe what is said.
            Sung::Forbidden(_) if tracks(link).await? => {}
            Sung::Forbidden(_) => return Ok(Err("it says that it does not".to_owned())),
        }
        link.ask::<()>(redis::cmd("CLIENT").arg("TRACKING").arg("OFF")).await?;
        said_no(track(link, keys::told()).await)
    }

    /// Whether the server sends keyspace events, and whether they arrive.
    async fn notified(&self, link: &mut Link, inbox: &Inbox) -> Tried {
        let configured = self.configured(link).await?;
        if let Configured::Wrong(why) = configured {
            return Ok(Err(why));
        }
        let database = self.server.address.database();
        for prefix in keys::told().chain([keys::CANARY]) {
            let pattern = format!("__keyspace@{database}__:{prefix}*");
            if let Err(why) = said_no(link.ask::<Value>(redis::cmd("PSUBSCRIBE").arg(pattern)).await)? {
                return Ok(Err(why));
            }
        }
        let canary = format!("{}{:016x}", keys::CANARY, fastrand::u64(..));
        Ok(match (self.sings(link, inbox, &canary).await?, configured) {
            (Sung::Heard, _) | (Sung::Forbidden(_), Configured::Right) => Ok(()),
            (Sung::Unheard, _) => Err("none arrive".to_owned()),
            (Sung::Forbidden(why), _) => Err(why),
        })
    }

    /// Writes a sign of life and removes it, and listens for both.
    async fn sings(&self, link: &mut Link, inbox: &Inbox, canary: &str) -> Result<Sung, Trouble> {
        let mut set = redis::cmd("SET");
        set.arg(canary).arg("").arg("PX").arg(CANARY_MS);
        let commands = [set, redis::cmd("DEL").arg(canary).clone()];
        for command in commands {
            let answer = match link.ask::<Value>(&command).await {
                Err(trouble @ (Trouble::Said(_) | Trouble::Odd(_))) => {
                    return Ok(Sung::Forbidden(trouble.to_string()));
                }
                answer => answer?,
            };
            if answer == Value::Int(0) {
                // The database was emptied or swapped meanwhile: nothing was removed, and nothing is told.
                break;
            }
            if !self.arrives(link, inbox, canary).await? {
                return Ok(Sung::Unheard);
            }
            inbox.take();
        }
        Ok(Sung::Heard)
    }

    /// It is not long in coming: only something in between could hold it up.
    async fn arrives(&self, link: &mut Link, inbox: &Inbox, canary: &str) -> Result<bool, Trouble> {
        let heard = async {
            while !inbox.heard(canary) {
                inbox.rings().await;
            }
        };
        if tokio::time::timeout(self.options.heartbeat, heard).await.is_ok() {
            return Ok(true);
        }
        // A server that was held up has told by the time that it answers.
        link.ask::<()>(&redis::cmd("PING")).await?;
        Ok(inbox.heard(canary))
    }

    /// What the server says of itself; many a hosted one does not say.
    async fn configured(&self, link: &mut Link) -> Result<Configured, Trouble> {
        let mut question = redis::cmd("CONFIG");
        question.arg("GET").arg("notify-keyspace-events");
        let flags = match link.ask::<Vec<(String, String)>>(&question).await {
            Ok(answer) => answer.into_iter().map(|(_, flags)| flags).collect::<String>(),
            Err(Trouble::Said(_)) => return Ok(Configured::Unknown),
            Err(trouble) => return Err(trouble),
        };
        if enough(&flags) {
            return Ok(Configured::Right);
        }
        if !self.options.configure {
            let why = format!("notify-keyspace-events is `{flags}` and would have to hold `K{NEEDED}`");
            return Ok(Configured::Wrong(why));
        }
        let mut command = redis::cmd("CONFIG");
        command.arg("SET").arg("notify-keyspace-events").arg(format!("{flags}K{NEEDED}"));
        let set = said_no(link.ask::<()>(&command).await)?;
        Ok(set.map_or_else(Configured::Wrong, |()| Configured::Right))
    }
}

/// Whether these flags of the configuration send all that is needed.
fn enough(flags: &str) -> bool {
    flags.contains('K') && (flags.contains('A') || NEEDED.chars().all(|flag| flags.contains(flag)))
}

/// A refusal is no failure of the connection.
fn said_no<T>(answer: Result<T, Trouble>) -> Tried {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(trouble @ (Trouble::Said(_) | Trouble::Odd(_))) => Ok(Err(trouble.to_string())),
        Err(trouble) => Err(trouble),
    }
}

/// Whether a server does not know the newer protocol, or does not let this user speak it.
fn old(trouble: &Trouble) -> bool {
    trouble.forbids("hello") || trouble.code() == "NOPROTO"
}

async fn track(link: &mut Link, prefixes: impl IntoIterator<Item = &str>) -> Result<(), Trouble> {
    let mut command = redis::cmd("CLIENT");
    command.arg("TRACKING").arg("ON").arg("BCAST");
    for prefix in prefixes {
        command.arg("PREFIX").arg(prefix);
    }
    link.ask(&command).await
}

/// Whether the server says that it tells. One that knows no such question is believed.
async fn tracks(link: &mut Link) -> Result<bool, Trouble> {
    match link.ask::<Value>(redis::cmd("CLIENT").arg("TRACKINGINFO")).await {
        Ok(info) => Ok(format!("{info:?}").contains("bcast")),
        Err(Trouble::Said(_)) => Ok(true),
        Err(trouble) => Err(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_a_part_of_the_changes_are_not_enough() {
        for (flags, expected) in
            [("", false), ("KEA", true), ("K$", false), ("E$gxe", false), ("$gxeK", true), ("AE", false)]
        {
            assert_eq!(enough(flags), expected, "{flags}");
        }
    }
}
