//! Releases that a command of the operator's starts: `systemctl restart shop@green`, `docker compose up -d shop-green`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, ReleaseId, Retry, RunId, Slot};
use handover_edge::ReleaseStore;
use handover_health::{HealthProbe as _, InstanceProbe, ProbeClass, RiseFall, Standing as Health};
use tokio::time::Instant;

use super::{Condition, Host, Seat};
use crate::local::LocalHooks;
use crate::{HookCall, HookEnd, HookRunner as _, WorldError};

/// What starts and stops releases, and how a started one is asked whether it is ready.
#[derive(Debug, Clone)]
pub struct CommandSpec {
    /// Run by `sh -c` with `$RELEASE`, `$RELEASE_DIR`, `$SLOT`, `$HOST` and `$PORT`; it returns once the release runs.
    pub launch: String,
    /// The same, once the slot has no traffic; without it a release is left running.
    pub stop: Option<String>,
    /// Where both are run.
    pub folder: PathBuf,
    /// Frozen releases; one that was not frozen has no `$RELEASE_DIR`.
    pub releases: ReleaseStore,
    /// For one command.
    pub limit: Duration,
    /// Where each slot's release answers.
    pub addresses: BySlot<SocketAddr>,
    /// The path that says whether it is ready.
    pub path: String,
    /// From one question to the next.
    pub interval: Duration,
    /// For one answer.
    pub timeout: Duration,
    /// Good answers in a row until ready.
    pub rise: u32,
    /// Bad ones in a row until not.
    pub fall: u32,
}

/// A host whose releases start and stop by command.
#[derive(Debug)]
pub struct CommandHost {
    spec: CommandSpec,
    commands: LocalHooks,
    health: BySlot<Mutex<Option<Asked>>>,
}

/// What a seat's release has answered so far.
#[derive(Debug, Clone)]
struct Asked {
    seat: Seat,
    at: Instant,
    counted: RiseFall,
    said: String,
}

impl CommandHost {
    /// A host by these commands, whose ends are kept in `commands`, once per run and slot.
    pub fn new(spec: CommandSpec, commands: LocalHooks) -> Self {
        Self { spec, commands, health: BySlot::from_fn(|_| Mutex::new(None)) }
    }

    fn call(&self, name: &'static str, command: &str, slot: Slot, release: &ReleaseId) -> HookCall {
        let address = self.spec.addresses[slot];
        let store = &self.spec.releases;
        let folder = store.spec(release).ok().map(|spec| store.working_folder(&spec));
        let always = [
            ("SLOT", slot.to_string()),
            ("HOST", address.ip().to_string()),
            ("PORT", address.port().to_string()),
        ];
        let frozen = folder.map(|folder| ("RELEASE_DIR", folder.display().to_string()));
        let env = always.into_iter().chain(frozen);
        HookCall {
            name,
            command: command.to_owned(),
            folder: self.spec.folder.clone(),
            release: release.clone(),
            limit: self.spec.limit,
            env: env.map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }

    fn launch_call(&self, slot: Slot, release: &ReleaseId) -> HookCall {
        self.call("launch", &self.spec.launch, slot, release)
    }

    /// Asks, unless the last answer is younger than the interval.
    async fn health(&self, slot: Slot, seat: &Seat) -> (Health, String) {
        let known = self.lock(slot).clone().filter(|asked| asked.seat == *seat);
        if let Some(asked) = known.as_ref().filter(|asked| asked.at.elapsed() < self.spec.interval) {
            return (asked.counted.standing(), asked.said.clone());
        }
        let before =
            known.map_or_else(|| RiseFall::new(self.spec.rise, self.spec.fall), |asked| asked.counted);
        let (counted, said) = self.ask(slot, before).await;
        let standing = counted.standing();
        *self.lock(slot) =
            Some(Asked { seat: seat.clone(), at: Instant::now(), counted, said: said.clone() });
        (standing, said)
    }

    async fn ask(&self, slot: Slot, mut counted: RiseFall) -> (RiseFall, String) {
        let address = self.spec.addresses[slot];
        let checked = match InstanceProbe::new(address, &self.spec.path) {
            Ok(probe) => probe.check(self.spec.timeout).await,
            Err(error) => return (counted, error.to_string()),
        };
        match checked {
            Ok(_) => {
                counted.good();
                (counted, format!("{address}{} is well", self.spec.path))
            }
            Err(error) if error.class() == ProbeClass::Status(503) => {
                counted.unready_now();
                (counted, error.to_string())
            }
            Err(error) => {
                counted.bad();
                (counted, error.to_string())
            }
        }
    }

    fn lock(&self, slot: Slot) -> std::sync::MutexGuard<'_, Option<Asked>> {
        self.health[slot].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Host for CommandHost {
    async fn look(&self, slot: Slot, seat: &Seat) -> Result<Condition, WorldError> {
        let ended = self.commands.ended(&seat.run, &self.launch_call(slot, &seat.release)).await?;
        match ended {
            _ if seat.is_adopted() => {}
            None => return Ok(Condition::Gone),
            Some(HookEnd { code: Some(0), .. }) => {}
            Some(end) => return Ok(failed(&end)),
        }
        let (standing, summary) = self.health(slot, seat).await;
        Ok(match standing {
            Health::Up => Condition::Ready { summary, restarts: 0 },
            Health::Starting | Health::Down => Condition::Starting { summary },
        })
    }

    async fn launch(&self, slot: Slot, release: &ReleaseId, run: &RunId) -> Result<(), WorldError> {
        let call = self.launch_call(slot, release);
        if self.commands.ended(run, &call).await?.is_none() {
            // How it ended is looked at by whoever looks at the release.
            self.commands.run(run, &call).await?;
        }
        Ok(())
    }

    async fn stop(&self, slot: Slot, seat: &Seat) -> Result<(), WorldError> {
        let Some(stop) = &self.spec.stop else { return Ok(()) };
        let call = self.call("stop", stop, slot, &seat.release);
        let end = self.commands.run(&seat.run, &call).await?;
        if end.code == Some(0) {
            return Ok(());
        }
        let message = format!("the stop command {}: {}", how(&end), end.tail.join(" / "));
        Err(WorldError { message, retry: Retry::Never, fenced: false, source: None })
    }

    async fn found(&self, slot: Slot) -> Result<Option<ReleaseId>, WorldError> {
        let (counted, _) = self.ask(slot, RiseFall::new(1, 1)).await;
        let name = format!("found-in-{slot}").parse().ok();
        Ok(name.filter(|_| counted.standing() == Health::Up))
    }

    fn stops(&self) -> bool {
        self.spec.stop.is_some()
    }

    async fn last_lines(&self, slot: Slot, seat: &Seat) -> Vec<String> {
        let call = self.launch_call(slot, &seat.release);
        let ended = self.commands.ended(&seat.run, &call).await.ok().flatten();
        ended.map(|end| end.tail).unwrap_or_default()
    }
}

fn failed(end: &HookEnd) -> Condition {
    Condition::Failed { cause: format!("the launch command {}", how(end)), log: end.tail.clone() }
}

fn how(end: &HookEnd) -> String {
    end.code.map_or_else(|| "was killed, or took too long".into(), |code| format!("ended with code {code}"))
}
