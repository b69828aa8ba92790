//! The agent, and what it says of the release that serves.

use handover_core::{ReleaseId, ServiceName, Slot};
use handover_edge::api::{AgentStatus, InstanceState};

use super::check::Check;
use crate::commands::agent::installed;
use crate::settings::Settings;

/// Whether one runs, for the address that the settings name.
pub(super) fn runs(settings: &Settings, status: Option<&AgentStatus>) -> Check {
    let wanted = settings.service.listen().to_string();
    match status {
        None => Check::warn("agent", "none runs", "`handover deploy` or `handover agent run` starts one"),
        Some(status) if status.listen != wanted => Check::fail(
            "agent",
            format!("it listens on {}, but handover.toml says {wanted}", status.listen),
            "`handover agent stop`; the next deployment starts one that finds the releases",
        ),
        Some(status) if status.build != env!("CARGO_PKG_VERSION") => Check::warn(
            "agent",
            format!(
                "process {} has version {}, this is {}",
                status.pid,
                status.build,
                env!("CARGO_PKG_VERSION")
            ),
            "`handover agent stop`, then `handover agent run` with the new version",
        ),
        Some(status) => Check::ok("agent", format!("process {}, version {}", status.pid, status.build)),
    }
}

/// Whether the release that serves passes its own health check; nothing where none serves.
pub(super) fn answers(status: Option<&AgentStatus>) -> Option<Check> {
    let status = status?;
    let serving =
        |slot: &Slot| status.route.route.split.bps(*slot) > 0 && status.slots[*slot].release.is_some();
    let views: Vec<_> = Slot::BOTH.into_iter().filter(serving).map(|slot| &status.slots[slot]).collect();
    let instances: Vec<_> = views.iter().flat_map(|view| &view.instances).collect();
    let bad: Vec<_> = instances.iter().filter(|instance| instance.state != InstanceState::Ready).collect();
    let names: Vec<_> =
        views.iter().filter_map(|view| view.release.as_ref().map(ReleaseId::as_str)).collect();
    let found = format!(
        "{} of {} instances of {} ready",
        instances.len() - bad.len(),
        instances.len(),
        names.join(" and ")
    );
    let trouble = bad.iter().find_map(|instance| instance.trouble.as_ref());
    let found = trouble.map_or_else(|| found.clone(), |trouble| format!("{found}: {trouble}"));
    let next = "`handover logs` shows what it says; `handover rollback` goes back";
    match (views.len(), bad.len()) {
        (0, _) => None,
        (_, 0) => Some(Check::ok("health", found)),
        (_, bad) if bad == instances.len() => Some(Check::fail("health", found, next)),
        _ => Some(Check::warn("health", found, next)),
    }
}

/// Whether the agent comes back with the machine.
pub(super) fn unit(service: &ServiceName) -> Check {
    match installed(service) {
        Some(file) => Check::ok("unit", file.display().to_string()),
        None => Check::warn(
            "unit",
            "no systemd unit starts the agent with the machine",
            "`sudo handover agent install --run-as USER`, or `handover agent install --user`",
        ),
    }
}
