//! What every process has that serves until it is told to stop: its log, its signals, the options of its data plane.

use std::path::Path;

use handover_edge::proxy::{AccessLogOptions, ProxyOptions, Sticky};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::settings;

/// The data plane of an edge with these settings; its log is in `state_dir`.
pub(super) fn proxy(edge: &settings::Edge, state_dir: &Path) -> ProxyOptions {
    let mut options = ProxyOptions::default()
        .with_sticky(sticky(&edge.sticky))
        .with_release_header(edge.release_header)
        .with_trust_forwarded(edge.trust_forwarded)
        .with_access_log(edge.access_log.then(|| AccessLogOptions::new(state_dir.join("access.log"))));
    options.limits.body_bytes = edge.body_limit.map(settings::Size::bytes);
    options.timeouts.connect = edge.connect_timeout.get();
    options.timeouts.response_header = edge.response_timeout.get();
    options.timeouts.body_idle = edge.body_timeout.get();
    options.timeouts.client_idle = edge.idle_timeout.get();
    options
}

fn sticky(sticky: &settings::Sticky) -> Sticky {
    match sticky {
        settings::Sticky::None => Sticky::None,
        settings::Sticky::Cookie => Sticky::Cookie { name: "handover".into() },
        settings::Sticky::Header(name) => Sticky::Header { name: name.to_string() },
    }
}

/// Logs lines of text, or of JSON. `HANDOVER_LOG` chooses what is said, as `RUST_LOG` does elsewhere; by default what an operator wants to know.
pub(super) fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_env("HANDOVER_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false);
    // A second subscriber in one process is refused; the first one serves.
    let _ = if json { log.json().try_init() } else { log.try_init() };
}

/// Ready once the process is told to stop. The handlers stand before this returns.
pub(super) fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt): (Signal, Signal) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
