//! From settings to a backend that is reached from here: one file each.

mod composite;
mod exec;
mod front;
mod haproxy;
mod launcher;
mod railway;
mod remote_edge;
mod vercel;

pub(crate) use front::public;

use std::path::Path;
use std::sync::{Arc, Mutex};

use handover_rollout::Front;
use handover_rollout::hosted::{Host, HostedLauncher, Roster};
use handover_traffic::TrafficSwitcher;
use handover_traffic::logbook::Logbook;

use super::hosted::{Driver, Hosted, LOGBOOK, ROSTER};
use super::inspect::Inspector;
use super::surroundings::{WindowKind, WindowSetup};
use super::token;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Backend, Settings};
use crate::views::Mark;

/// What the settings describe.
///
/// # Errors
///
/// It cannot be reached, or cannot be used so.
pub(super) async fn hosted(
    backend: Backend,
    settings: &Settings,
    state_dir: &Path,
) -> Result<Hosted, Failure> {
    let place = Place { settings, state_dir };
    let parts = match backend {
        Backend::Edge => unreachable!("the edge has an agent"),
        Backend::Haproxy => haproxy::parts(&place).await?,
        Backend::Railway => railway::parts(&place).await?,
        Backend::Vercel => vercel::parts(&place).await?,
        Backend::Exec => exec::parts(&place).await?,
        Backend::Composite => composite::parts(&place).await?,
        Backend::RemoteEdge => Box::pin(remote_edge::parts(&place)).await?,
    };
    Ok(place.hosted(backend, parts))
}

/// What is particular to a backend.
struct Parts {
    traffic: Arc<dyn TrafficSwitcher>,
    bare_traffic: Arc<dyn TrafficSwitcher>,
    host: Arc<dyn Host>,
    front: Arc<dyn Front>,
    /// By what the backend tells probes from users' requests.
    probe: Option<String>,
    windows: WindowKind,
    inspector: Inspector,
}

/// The settings, and the folder that belongs to them.
struct Place<'a> {
    settings: &'a Settings,
    state_dir: &'a Path,
}

impl Place<'_> {
    fn roster(&self) -> Roster {
        Roster::in_file(self.state_dir.join(ROSTER))
    }

    /// Where there is no state folder, whoever looks writes nothing either.
    fn logbook(&self) -> Logbook {
        self.logbook_in(LOGBOOK)
    }

    /// The same in a file of another name.
    fn logbook_in(&self, file: &str) -> Logbook {
        if self.state_dir.is_dir() {
            Logbook::in_file(self.state_dir.join(file))
        } else {
            Logbook::in_memory()
        }
    }

    fn hosted(&self, backend: Backend, parts: Parts) -> Hosted {
        let Parts { traffic, bare_traffic, host, front, probe, windows, inspector } = parts;
        let roster = self.roster();
        Hosted {
            backend: backend.name(),
            service: self.settings.service.name.clone(),
            listen: front::public(self.settings),
            state_dir: self.state_dir.to_owned(),
            traffic,
            bare_traffic,
            launcher: Arc::new(HostedLauncher::new(Arc::clone(&host), roster.clone())),
            host,
            front,
            mark: Mark::of_secret(probe),
            windows: WindowSetup::new(windows),
            inspector,
            roster,
            driver: Mutex::new(Driver::default()),
            seen: tokio::sync::Mutex::default(),
        }
    }
}

/// The section of a backend, which the settings were checked to have.
fn section<T>(found: Option<&T>, backend: Backend) -> Result<&T, Failure> {
    found.ok_or_else(|| {
        let name = backend.name();
        Failure::new(format!("could not use the backend \"{name}\""), Exit::Usage)
            .because(format!("the settings have no section `[{}]`", name.replace('-', "_")))
    })
}

/// Whose counts are judged where the backend itself has none: a Prometheus', or nobody's.
fn counted(settings: &Settings) -> Result<WindowKind, Failure> {
    let Some(section) = &settings.prometheus else { return Ok(WindowKind::Nobody) };
    let token = section.token_file.as_deref().map(token::text).transpose()?;
    Ok(WindowKind::Prometheus { section: Box::new(section.clone()), token })
}

/// The same book in memory: for a way that must not need the disk. What cannot be read is left out.
async fn copied(logbook: &Logbook) -> Logbook {
    let copy = Logbook::in_memory();
    let Ok(targets) = logbook.targets().await else { return copy };
    for slot in handover_core::Slot::BOTH {
        // In memory nothing can fail.
        let _ = copy.assign(slot, targets[slot].clone()).await;
    }
    copy
}
