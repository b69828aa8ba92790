//! Releases that a command starts.

use std::net::SocketAddr;
use std::path::Path;

use handover_core::{BySlot, Slot};
use handover_edge::ReleaseStore;
use handover_rollout::hosted::{CommandHost, CommandSpec};
use handover_rollout::local::LocalHooks;

use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::Settings;

/// The commands of the settings, for releases at these addresses.
pub(super) fn commands(
    settings: &Settings,
    addresses: &BySlot<String>,
    state_dir: &Path,
) -> Result<CommandHost, Failure> {
    let (release, health) = (&settings.release, &settings.health);
    let text = |command: &Option<crate::settings::Command>| command.as_ref().map(|c| c.as_str().to_owned());
    let spec = CommandSpec {
        launch: text(&release.launch).unwrap_or_default(),
        stop: text(&release.stop),
        folder: settings.folder().to_owned(),
        releases: ReleaseStore::new(state_dir),
        limit: health.start_limit.get(),
        addresses: BySlot { blue: parsed(addresses, Slot::Blue)?, green: parsed(addresses, Slot::Green)? },
        path: health.path.as_str().to_owned(),
        interval: health.interval.get(),
        timeout: health.timeout.get(),
        rise: health.rise.get(),
        fall: health.fall.get(),
    };
    Ok(CommandHost::new(spec, LocalHooks::new(state_dir)))
}

fn parsed(addresses: &BySlot<String>, slot: Slot) -> Result<SocketAddr, Failure> {
    addresses[slot].parse().map_err(|_| {
        Failure::new(format!("could not tell where {slot}'s release listens"), Exit::Refused)
            .because(format!("the proxy's server is at {:?}, not at an IP address and port", addresses[slot]))
    })
}
