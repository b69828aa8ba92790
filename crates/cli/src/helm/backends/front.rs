//! The public side of a service without an agent.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::Slot;
use handover_rollout::WorldError;
use handover_rollout::hosted::{Door, Doors, Roster, WebFront};

use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::Settings;

/// For one probe through the public address.
pub(super) const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// The address and headers of the settings, and doors that these secrets open.
pub(super) fn front(
    settings: &Settings,
    roster: Roster,
    probe: Option<String>,
    doors: Arc<dyn Doors>,
) -> Result<WebFront, Failure> {
    let names: Vec<String> = settings.service.release_headers.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        return Ok(WebFront::nameless(roster, doors, PROBE_LIMIT));
    }
    let front = WebFront::new(&public(settings), &names, roster, doors, PROBE_LIMIT);
    let front = front.and_then(|front| match probe {
        Some(secret) => front.with_probe_header("handover-probe", &secret),
        None => Ok(front),
    });
    front.map_err(|error| {
        Failure::new("could not use the public address", Exit::Usage)
            .because_of(&error)
            .hint("set `[service] public` to where users reach it, such as \"https://shop.example.com/\"")
    })
}

/// Where a user reaches the service.
pub(crate) fn public(settings: &Settings) -> String {
    match &settings.service.public {
        Some(address) => address.to_string(),
        None => format!("http://{}/", on_this_machine(settings.service.listen().get())),
    }
}

/// Every address of this machine is also its loopback one.
fn on_this_machine(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    address
}

/// No way to a release before it has traffic.
#[derive(Debug)]
pub(super) struct NoDoors;

#[async_trait]
impl Doors for NoDoors {
    async fn door(&self, _: Slot) -> Result<Option<Door>, WorldError> {
        Ok(None)
    }
}

/// Secrets in files, one per slot, that the proxy's pin rule knows too.
#[derive(Debug)]
pub(super) struct PinFiles(pub(super) Option<PathBuf>);

#[async_trait]
impl Doors for PinFiles {
    async fn door(&self, slot: Slot) -> Result<Option<Door>, WorldError> {
        let secret = self.read(&format!("pin-{slot}"))?;
        Ok(secret.map(|value| Door::Header { name: "handover-pin".into(), value }))
    }
}

impl PinFiles {
    /// By what the proxy tells probes from users' requests.
    pub(super) fn probe(&self) -> Option<String> {
        self.read("pin-probe").ok().flatten()
    }

    /// What the file holds; `None` where there are no pins.
    fn read(&self, name: &str) -> Result<Option<String>, WorldError> {
        let Some(folder) = &self.0 else { return Ok(None) };
        let file = folder.join(name);
        let text = std::fs::read_to_string(&file)
            .map_err(|error| WorldError::refused(format!("could not read {}: {error}", file.display())))?;
        Ok(Some(text.lines().next().unwrap_or_default().trim().to_owned()))
    }
}
