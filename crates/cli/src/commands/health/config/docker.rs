//! The `HEALTHCHECK` of a Dockerfile.

use super::container::{Check, needs};
use super::document::entry;
use super::numbers::{Cadence, Numbers};
use super::{Made, path_notes};
use crate::args::{Ask, ContainerConfig};
use crate::report::Failure;
use crate::settings::Settings;

/// The instruction. Liveness by default: who acts on it, such as Swarm, ends the container.
pub(super) fn made(settings: &Settings, numbers: Numbers, args: &ContainerConfig) -> Result<Made, Failure> {
    let ask = args.ask.unwrap_or(Ask::Live);
    let Check { cadence, start_period, command } = Check::new(settings, numbers, args, ask)?;
    let Cadence { period, timeout, fall, .. } = cadence;
    let text = format!(
        "# Health of {}, written by `handover health config docker` from handover.toml.\n# {}\n# {}\nHEALTHCHECK --interval={period}s --timeout={timeout}s --start-period={start_period}s --retries={fall} \\\n  CMD {command}\n",
        settings.service.name,
        why(ask),
        needs(args.with),
    );
    let config = [
        entry("interval", format!("{period}s")),
        entry("timeout", format!("{timeout}s")),
        entry("start_period", format!("{start_period}s")),
        entry("retries", fall),
        entry("command", command),
    ];
    Ok(Made { platform: "docker", text, config: config.into(), notes: notes(settings, numbers, ask) })
}

const fn why(ask: Ask) -> &'static str {
    match ask {
        Ask::Live => {
            "Swarm replaces a container that is unhealthy: so this asks no dependency, seldom and with patience."
        }
        Ask::Ready => {
            "It asks what the service depends on: nothing that replaces an unhealthy container may go by it."
        }
    }
}

fn notes(settings: &Settings, numbers: Numbers, ask: Ask) -> Vec<String> {
    let stop = format!(
        "a Dockerfile cannot say how long a container may take to stop: `docker run --stop-timeout {}` (strategy.drain and release.grace), or Docker kills it after 10s",
        numbers.stop
    );
    let path = if ask == Ask::Ready { path_notes(settings) } else { Vec::new() };
    path.into_iter().chain([stop]).collect()
}
