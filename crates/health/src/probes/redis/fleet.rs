use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use redis::{Cmd, cmd};

use super::link::{Link, Server};
use crate::probes::kept::Kept;
use crate::watch::random;
use crate::{Fleet, InvalidProbe, ProbeError, Standing, Tally};

/// An instance that has said nothing for this long does not count.
const FRESH: Duration = Duration::from_secs(30);

/// The instances of a service, which tell one another through Redis how a check stands: for
/// [`Check::fail_open`](crate::Check::fail_open).
///
/// One hash per check, `handover:health:<service>:<check>`, with a field per instance: its standing, and when it said so by
/// the clock of the server. A check of this very server cannot fail open by it.
pub struct RedisFleet {
    server: Server,
    service: String,
    instance: String,
    fresh: Duration,
    kept: Kept<Link>,
}

impl RedisFleet {
    /// The instances of `service` that use the server at this URL; see [`RedisProbe::connect`](crate::RedisProbe::connect).
    ///
    /// # Errors
    ///
    /// It is not a URL of Redis, or TLS cannot be set up.
    pub fn connect(url: &str, service: &str) -> Result<Self, InvalidProbe> {
        Ok(Self {
            server: Server::parse(url)?,
            service: service.to_owned(),
            instance: format!("{:016x}", random()),
            fresh: FRESH,
            kept: Kept::default(),
        })
    }

    /// An instance counts for this long after it has said something; longer than the period of the check. 30 s by default.
    #[must_use]
    pub fn with_fresh(mut self, fresh: Duration) -> Self {
        self.fresh = fresh;
        self
    }

    async fn told(&self, link: &mut Link, key: &str, standing: Standing) -> Result<Tally, ProbeError> {
        let (seconds, micros): (u64, u64) = link.run(&cmd("TIME")).await?;
        let now = seconds.saturating_mul(1_000).saturating_add(micros / 1_000);
        let said = format!("{} {now}", standing.as_str());
        let () = link.run(Cmd::new().arg("HSET").arg(key).arg(&self.instance).arg(said)).await?;
        let kept = u64::try_from(self.fresh.as_millis()).unwrap_or(u64::MAX / 2).saturating_mul(2);
        let () = link.run(Cmd::new().arg("PEXPIRE").arg(key).arg(kept)).await?;
        let all: Vec<(String, String)> = link.run(Cmd::new().arg("HGETALL").arg(key)).await?;
        self.forget(link, key, now, &all).await?;
        Ok(tally(now, self.fresh, &all))
    }

    /// Instances that are gone, so that the hash does not grow with each deployment.
    async fn forget(
        &self,
        link: &mut Link,
        key: &str,
        now: u64,
        all: &[(String, String)],
    ) -> Result<(), ProbeError> {
        let gone = all.iter().filter(|(_, said)| standing(said, now, self.fresh).is_none());
        let gone: Vec<_> = gone.map(|(instance, _)| instance).collect();
        if gone.is_empty() {
            return Ok(());
        }
        link.run(Cmd::new().arg("HDEL").arg(key).arg(gone)).await
    }
}

#[async_trait]
impl Fleet for RedisFleet {
    async fn share(&self, check: &str, standing: Standing) -> Result<Tally, ProbeError> {
        let key = format!("handover:health:{}:{check}", self.service);
        let mut link = match self.kept.take() {
            Some(link) => link,
            None => self.server.link().await?,
        };
        let tally = self.told(&mut link, &key, standing).await?;
        self.kept.put(link);
        Ok(tally)
    }
}

fn tally(now: u64, fresh: Duration, all: &[(String, String)]) -> Tally {
    let said = all.iter().filter_map(|(_, said)| standing(said, now, fresh));
    said.fold(Tally::default(), |tally, standing| match standing {
        Standing::Up => Tally { up: tally.up + 1, ..tally },
        Standing::Down => Tally { down: tally.down + 1, ..tally },
        // Who does not know yet is neither.
        Standing::Starting => tally,
    })
}

/// What an instance said lately; anything else is none.
fn standing(said: &str, now: u64, fresh: Duration) -> Option<Standing> {
    let (word, at) = said.split_once(' ')?;
    let age = Duration::from_millis(now.saturating_sub(at.parse().ok()?));
    let known = [Standing::Starting, Standing::Up, Standing::Down];
    known.into_iter().find(|standing| standing.as_str() == word).filter(|_| age <= fresh)
}

impl fmt::Debug for RedisFleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisFleet").field("service", &self.service).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_silent_for_too_long_or_makes_no_sense_does_not_count() {
        let said = [
            "up 1000",
            "down 60000",
            "down 89999",
            "starting 90000",
            "down 99999",
            "nonsense",
            "up",
            "up x",
            "left 90000",
        ];
        let all: Vec<_> = said.iter().map(|said| (String::new(), (*said).to_owned())).collect();
        assert_eq!(tally(90_000, FRESH, &all), Tally { up: 0, down: 3 });
        assert_eq!(tally(200_000, FRESH, &all), Tally::default());
    }
}
