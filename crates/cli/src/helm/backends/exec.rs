//! A program of the operator's own that moves the traffic.

use std::path::Path;
use std::sync::Arc;

use handover_core::BySlot;
use handover_traffic::TrafficSwitcher;
use handover_traffic::exec::{Exec, Program};
use handover_traffic::logbook::Logbook;

use super::super::inspect::Inspector;
use super::{Parts, Place, counted, front, launcher, section};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{self, Backend, Settings};

/// The program of these settings, asked what it can do.
pub(super) async fn parts(place: &Place<'_>) -> Result<Parts, Failure> {
    let section = section(place.settings.exec.as_ref(), Backend::Exec)?;
    let folder = place.settings.folder();
    let (traffic, bare_traffic) = switchers(section, folder, place.logbook()).await?;
    let host = launcher::commands(place.settings, &addresses(place.settings), place.state_dir)?;
    Ok(Parts {
        traffic,
        bare_traffic,
        host: Arc::new(host),
        front: Arc::new(front::front(place.settings, place.roster(), None, Arc::new(front::NoDoors))?),
        probe: None,
        windows: counted(place.settings)?,
        inspector: Inspector::Nobody,
    })
}

/// The program's switcher, and the same without a logbook on disk.
pub(super) async fn switchers(
    section: &settings::Exec,
    folder: &Path,
    logbook: Logbook,
) -> Result<(Arc<dyn TrafficSwitcher>, Arc<dyn TrafficSwitcher>), Failure> {
    let connected = Exec::connect(program(section, folder)).await;
    let exec = connected.map_err(|e| Failure::of("could not ask the switcher program", Exit::Refused, &e))?;
    if !section.memory {
        let exec: Arc<dyn TrafficSwitcher> = Arc::new(exec);
        return Ok((Arc::clone(&exec), exec));
    }
    let bare = exec.clone().with_logbook(Logbook::in_memory());
    Ok((Arc::new(exec.with_logbook(logbook)), Arc::new(bare)))
}

fn program(section: &settings::Exec, folder: &Path) -> Program {
    let mut words = section.command.iter();
    let program = Program::new(words.next().map_or("", String::as_str));
    let program = words.fold(program, Program::with_arg);
    let program = program.in_folder(folder).with_timeout(section.timeout.get());
    let given =
        section.env.iter().filter_map(|name| Some((name.as_str(), std::env::var(name.as_str()).ok()?)));
    given.fold(program, |program, (name, value)| program.with_env(name, value))
}

/// Where each slot's release listens, as the settings say.
pub(super) fn addresses(settings: &Settings) -> BySlot<String> {
    let said = settings.release.addresses.as_ref();
    let text = |pick: fn(&settings::Addresses) -> settings::Listen| {
        said.map(|addresses| pick(addresses).to_string()).unwrap_or_default()
    };
    BySlot { blue: text(|said| said.blue), green: text(|said| said.green) }
}
