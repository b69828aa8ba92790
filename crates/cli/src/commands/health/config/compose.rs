//! The `healthcheck` of a service in a compose file.

use super::container::{Check, needs};
use super::document::{Entry, Node, entry};
use super::numbers::{Cadence, Numbers};
use super::{Made, path_notes};
use crate::args::{Ask, ContainerConfig};
use crate::report::Failure;
use crate::settings::Settings;

/// The file. Readiness by default: what goes by it is `depends_on` with `condition: service_healthy`, and proxies.
pub(super) fn made(settings: &Settings, numbers: Numbers, args: &ContainerConfig) -> Result<Made, Failure> {
    let ask = args.ask.unwrap_or(Ask::Ready);
    let check = Check::new(settings, numbers, args, ask)?;
    let service = [
        healthcheck(&check).because(format!("{}\n{}", why(ask), needs(args.with))),
        entry("stop_grace_period", format!("{}s", numbers.stop)).because(format!(
            "From SIGTERM to SIGKILL: {} to finish requests (strategy.drain), {} to stop (release.grace).",
            settings.strategy.drain, settings.release.grace
        )),
    ];
    let name = settings.service.name.to_string();
    let config = Node::from([entry("services", [entry(name.clone(), service)])]);
    let text = format!(
        "# Health of {name}, written by `handover health config compose` from handover.toml.\n# Beside your own file: docker compose -f compose.yaml -f THIS-FILE up\n{config}"
    );
    let notes = if ask == Ask::Ready { path_notes(settings) } else { Vec::new() };
    Ok(Made { platform: "compose", text, config, notes })
}

/// Compose fills in what follows a `$` itself, unless there are two.
fn healthcheck(check: &Check) -> Entry {
    let Cadence { period, timeout, fall, .. } = check.cadence;
    let test = vec!["CMD-SHELL".into(), check.command.replace('$', "$$").into()];
    let fields = [
        entry("test", Node::List(test)),
        entry("interval", format!("{period}s")),
        entry("timeout", format!("{timeout}s")),
        entry("start_period", format!("{}s", check.start_period)),
        entry("retries", fall),
    ];
    entry("healthcheck", fields)
}

const fn why(ask: Ask) -> &'static str {
    match ask {
        Ask::Ready => {
            "`depends_on` with `condition: service_healthy` and proxies go by it; nothing may restart by it, since it\nasks what the service depends on."
        }
        Ask::Live => "Whether the process itself works: what restarts by it restarts only what hangs.",
    }
}
