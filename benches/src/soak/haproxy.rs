//! A HAProxy of the soak's own, in a temporary folder and on a port of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use handover_core::BySlot;
use handover_traffic::TrafficSwitcher;
use handover_traffic::haproxy::{Haproxy as Backend, HaproxyConfig, HaproxyOptions, RuntimeSocket};
use handover_traffic::logbook::Logbook;
use tempfile::TempDir;

/// How long it may take to answer.
const START_LIMIT: Duration = Duration::from_secs(10);

/// What the generated configuration says of each server; left out here, since a health check would count as a request
/// to a drained slot.
const CHECKS: &str = " check inter 1s fall 2 rise 1";

/// A running HAProxy; it ends with this value.
#[derive(Debug)]
pub(crate) struct Haproxy {
    /// Where users connect.
    pub(crate) address: SocketAddr,
    folder: TempDir,
    process: Child,
}

impl Haproxy {
    /// Starts one before these releases.
    pub(crate) async fn start(releases: BySlot<SocketAddr>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|why| why.to_string())?;
        let address = free().map_err(|why| why.to_string())?;
        let config = HaproxyConfig::new(address, releases.map(|_, at| vec![at]))
            .text(&options(folder.path())?)
            .replace(CHECKS, "");
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, config).map_err(|why| why.to_string())?;
        std::fs::write(folder.path().join("state"), "1\n").map_err(|why| why.to_string())?;
        let mut command = Command::new(program()?);
        command
            .arg("-db")
            .arg("-f")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = command.spawn().map_err(|why| format!("HAProxy did not start: {why}"))?;
        let started = Self { address, folder, process };
        started.wait_until_up().await?;
        Ok(started)
    }

    /// Moves its traffic, as a deployment does: with a logbook and a state file on disk.
    pub(crate) fn switcher(&self) -> Arc<dyn TrafficSwitcher> {
        let logbook = Logbook::in_file(self.folder.path().join("traffic.json"));
        match options(self.folder.path()) {
            Ok(options) => Arc::new(Backend::switcher(options, logbook)),
            Err(_) => unreachable!("it was started with these"),
        }
    }

    async fn wait_until_up(&self) -> Result<(), String> {
        let switcher = self.switcher();
        let up = async {
            while switcher.observe().await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(START_LIMIT, up).await;
        waited.map_err(|_| format!("HAProxy did not answer within {START_LIMIT:?}"))
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn options(folder: &Path) -> Result<HaproxyOptions, String> {
    let servers = BySlot::from_fn(|slot| vec![slot.to_string()]);
    let socket = RuntimeSocket::Unix(folder.join("socket"));
    let options = HaproxyOptions::new(socket, "soak", servers).map_err(|why| why.to_string())?;
    Ok(options.with_state_file(folder.join("state")))
}

fn program() -> Result<&'static str, String> {
    let places = ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy"];
    let found = places.into_iter().find(|place| Path::new(place).is_file());
    found.ok_or_else(|| "haproxy is not installed: `apt-get install haproxy` brings it".to_owned())
}

fn free() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

#[cfg(test)]
pub(crate) fn is_missing() -> bool {
    program().is_err()
}
