use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{ReleaseId, Retry, Slot};
use handover_traffic::verify::{Heard, Prober, ProberError};
use tokio::time::{Instant, sleep, timeout};

use super::{Roster, Standing};
use crate::{Front, ProbeAnswer, SmokeMethod, SmokeSpec, WorldError};

/// A public address that did not answer may do so in a moment.
const AGAIN: Duration = Duration::from_millis(500);

/// How long a proxy may take to find a release that has just come up, and how often it is asked meanwhile.
const PIN_PATIENCE: Duration = Duration::from_secs(6);
const PIN_PAUSE: Duration = Duration::from_millis(100);

/// How a request reaches one slot whatever the split.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Door {
    /// Through the public address, with this header; whoever answers must be the slot that was meant.
    Header {
        /// The header's name.
        name: String,
        /// Its value, which is a secret.
        value: String,
    },
    /// At an address of its own.
    Address {
        /// A base such as `https://shop-4f1c.example.com/`.
        url: String,
        /// A header that opens it, name and secret value.
        with: Option<(String, String)>,
    },
}

/// Knows each slot's door.
#[async_trait]
pub trait Doors: fmt::Debug + Send + Sync {
    /// The way to what is in `slot`; `None` where there is none before it has traffic.
    ///
    /// # Errors
    ///
    /// It is not known.
    async fn door(&self, slot: Slot) -> Result<Option<Door>, WorldError>;
}

/// A service as its users reach it, over HTTP or HTTPS.
#[derive(Debug)]
pub struct WebFront {
    public: Option<Prober>,
    roster: Roster,
    doors: Arc<dyn Doors>,
    names: Vec<String>,
    limit: Duration,
}

impl WebFront {
    /// Whose answers carry no release's name; who answers cannot be proven then, and nothing is stopped.
    pub fn nameless(roster: Roster, doors: Arc<dyn Doors>, limit: Duration) -> Self {
        Self { public: None, roster, doors, names: Vec::new(), limit }
    }

    /// The public address `url`, whose answers name a release or a slot in the first of these headers that they have.
    ///
    /// # Errors
    ///
    /// The address or a name is none.
    pub fn new(
        url: &str,
        names: &[String],
        roster: Roster,
        doors: Arc<dyn Doors>,
        limit: Duration,
    ) -> Result<Self, ProberError> {
        let borrowed: Vec<&str> = names.iter().map(String::as_str).collect();
        let public = Some(Prober::new(url, &borrowed, limit)?);
        Ok(Self { public, roster, doors, names: names.to_vec(), limit })
    }

    /// The status of an answer that the pinned slot gave. A pin that the proxy does not follow ends at whoever serves,
    /// and that would prove the wrong release; but it may not have found the new one yet.
    async fn pinned(&self, prober: &Prober, slot: Slot, test: &SmokeSpec) -> Result<u16, WorldError> {
        let begun = Instant::now();
        loop {
            let (status, name) = answer(prober, test).await?;
            let standing = self.roster.read()?;
            if name.as_deref().is_some_and(|name| is_slot(&standing, slot, name)) {
                return Ok(status);
            }
            if begun.elapsed() > PIN_PATIENCE {
                let other = name.unwrap_or_else(|| "nobody by name".into());
                return Err(WorldError::refused(format!(
                    "{}: {other} answered instead of {slot}",
                    test.name
                )));
            }
            sleep(PIN_PAUSE).await;
        }
    }

    /// Probes come with this header, by which the proxy tells them from users' requests; its value is a secret.
    ///
    /// # Errors
    ///
    /// The name or the value is none that a header can have.
    pub fn with_probe_header(mut self, name: &str, value: &str) -> Result<Self, ProberError> {
        self.public = self.public.map(|public| public.with_header(name, value)).transpose()?;
        Ok(self)
    }

    fn prober(&self, door: &Door) -> Result<Prober, WorldError> {
        match door {
            Door::Header { name, value } => {
                let public =
                    self.public.clone().ok_or_else(|| WorldError::refused("no public address is known"))?;
                Ok(public.with_header(name, value)?)
            }
            Door::Address { url, with } => {
                let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
                let prober = Prober::new(url, &names, self.limit)?;
                match with {
                    Some((name, value)) => Ok(prober.with_header(name, value)?),
                    None => Ok(prober),
                }
            }
        }
    }
}

#[async_trait]
impl Front for WebFront {
    async fn smoke(&self, slot: Slot, test: &SmokeSpec) -> Result<(), WorldError> {
        let Some(door) = self.doors.door(slot).await? else {
            let why = format!("{slot} cannot be reached before it has traffic; remove `[[smoke]]`");
            return Err(WorldError::refused(why));
        };
        let prober = self.prober(&door)?.at_path(&test.path)?;
        let prober = if test.method == SmokeMethod::Post { prober.posting() } else { prober };
        let status = match door {
            Door::Header { .. } => self.pinned(&prober, slot, test).await?,
            Door::Address { .. } => answer(&prober, test).await?.0,
        };
        if status == test.expect {
            return Ok(());
        }
        Err(WorldError::refused(format!("{}: status {status} instead of {}", test.name, test.expect)))
    }

    async fn probe(&self) -> ProbeAnswer {
        let Some(public) = &self.public else {
            return ProbeAnswer::Nobody("the service's answers name no release".into());
        };
        match (public.ask().await, self.roster.read()) {
            (Heard::Name(name), Ok(standing)) => named(&standing, &name),
            (Heard::Name(_), Err(error)) => ProbeAnswer::Nobody(error.to_string()),
            (Heard::Nobody(why), _) => ProbeAnswer::Nobody(why),
        }
    }

    fn names_releases(&self) -> bool {
        self.public.is_some()
    }

    fn deals_like_users(&self) -> bool {
        true
    }
}

async fn answer(prober: &Prober, test: &SmokeSpec) -> Result<(u16, Option<String>), WorldError> {
    let late = || Err(format!("no answer within {:?}", test.timeout));
    let answer = timeout(test.timeout, prober.fetch()).await.unwrap_or_else(|_| late());
    answer.map_err(|why| unanswered(&test.name, &why))
}

/// The release that calls itself so: by its own name, or by its slot's.
fn named(standing: &Standing, name: &str) -> ProbeAnswer {
    let seats = Slot::BOTH.into_iter().filter_map(|slot| Some((slot, standing.seats[slot].as_ref()?)));
    let found = seats.into_iter().find(|(slot, seat)| name == slot.as_str() || name == seat.release.as_str());
    match (found, name.parse::<ReleaseId>()) {
        (Some((_, seat)), _) => ProbeAnswer::Release(seat.release.clone()),
        (None, Ok(stranger)) => ProbeAnswer::Release(stranger),
        (None, Err(_)) => ProbeAnswer::Nobody(format!("the answer calls its release {name:?}")),
    }
}

fn is_slot(standing: &Standing, slot: Slot, name: &str) -> bool {
    let release = standing.seats[slot].as_ref().map(|seat| seat.release.as_str());
    name == slot.as_str() || Some(name) == release
}

/// Nobody answered: that says nothing of the candidate.
fn unanswered(test: &str, why: &str) -> WorldError {
    let message = format!("{test}: {why}");
    WorldError { message, retry: Retry::After(AGAIN), fenced: false, source: None }
}

impl From<ProberError> for WorldError {
    fn from(error: ProberError) -> Self {
        Self::refused(error.to_string())
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { name, .. } => f.debug_struct("Header").field("name", name).finish_non_exhaustive(),
            Self::Address { url, .. } => f.debug_struct("Address").field("url", url).finish_non_exhaustive(),
        }
    }
}
