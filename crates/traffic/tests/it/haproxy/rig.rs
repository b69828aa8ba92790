use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use handover_core::BySlot;
use handover_testing::{found, until};
use handover_traffic::haproxy::{Haproxy, HaproxyConfig, HaproxyOptions, RuntimeSocket};
use handover_traffic::logbook::{Logbook, WithLogbook};
use tempfile::TempDir;
use tokio::net::UdpSocket;

use super::users::Release;

/// Else each answer waits 200 ms for its last byte, which never comes here.
const AT_ONCE: &str = "    mode http\n    option http-no-delay\n";

/// A HAProxy as `handover init --backend haproxy` configures it, with a release in each slot.
pub(super) struct Rig {
    pub(super) listen: SocketAddr,
    pub(super) folder: TempDir,
    pub(super) releases: BySlot<Release>,
    /// Of each request, 1 where it is not to be judged, else `-`.
    pub(super) log: UdpSocket,
    program: PathBuf,
    process: Child,
}

impl Rig {
    /// None where HAProxy is not installed.
    pub(super) async fn start() -> Option<Self> {
        let program = found("haproxy")?;
        let releases = BySlot { blue: Release::start("blue").await, green: Release::start("green").await };
        let folder = tempfile::tempdir().unwrap();
        for slot in ["blue", "green", "probe"] {
            std::fs::write(folder.path().join(format!("pin-{slot}")), format!("secret-{slot}\n")).unwrap();
        }
        std::fs::write(folder.path().join("state"), "").unwrap();
        let listen = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let config = HaproxyConfig::new(
            listen,
            BySlot { blue: vec![releases.blue.address], green: vec![releases.green.address] },
        );
        let log = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let config = config.with_health_path("/health").with_pins(folder.path());
        let config = config.with_log(log.local_addr().unwrap(), "%[var(txn.handover_skip)]");
        let neighbour = format!(
            "\nbackend neighbour\n    server blue {} weight 7\n    server green {} weight 3\n",
            releases.blue.address, releases.green.address
        );
        let text = config.text(&options(folder.path())).replace("    mode http\n", AT_ONCE) + &neighbour;
        std::fs::write(folder.path().join("haproxy.cfg"), text).unwrap();
        let process = spawn(&program, folder.path(), &[]);
        let rig = Self { listen, folder, releases, log, program, process };
        rig.wait_until_up();
        Some(rig)
    }

    pub(super) fn options(&self) -> HaproxyOptions {
        options(self.folder.path())
    }

    /// A switcher with a logbook in the rig's folder.
    pub(super) fn switcher(&self) -> WithLogbook<Haproxy> {
        Haproxy::switcher(self.options(), self.logbook())
    }

    pub(super) fn logbook(&self) -> Logbook {
        Logbook::in_file(self.folder.path().join("traffic.json"))
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// A new process takes the listeners over from the old one, as an operator's `reload` does.
    pub(super) fn reload(&mut self) {
        let socket = self.socket();
        let old = self.process.id().to_string();
        let mut new =
            spawn(&self.program, self.folder.path(), &["-x", &socket.display().to_string(), "-sf", &old]);
        std::mem::swap(&mut self.process, &mut new);
        until("the old process has gone", || new.try_wait().unwrap());
        self.wait_until_up();
    }

    /// Gone without a word, and started again.
    pub(super) fn crash(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = spawn(&self.program, self.folder.path(), &[]);
        self.wait_until_up();
    }

    /// Gives a command to HAProxy as an operator would.
    pub(super) fn by_hand(&self, command: &str) -> String {
        by_hand(&self.socket(), command).unwrap()
    }

    fn wait_until_up(&self) {
        until("both servers are up", || (self.running().ok()?.len() == 2).then_some(()));
    }

    /// Waits until HAProxy's own check has found that `server` is gone.
    pub(super) fn wait_until_down(&self, server: &str) {
        until("the server is down", || {
            (!self.running().ok()?.iter().any(|name| name == server)).then_some(())
        });
    }

    /// The servers that HAProxy would send something.
    fn running(&self) -> std::io::Result<Vec<String>> {
        let text = by_hand(&self.socket(), "show servers state app")?;
        let rows = text.lines().map(|line| line.split(' ').collect::<Vec<_>>());
        Ok(rows.filter(|cells| cells.get(5) == Some(&"2")).map(|cells| cells[3].to_owned()).collect())
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn options(folder: &Path) -> HaproxyOptions {
    let servers = BySlot { blue: vec!["blue".to_owned()], green: vec!["green".to_owned()] };
    let options = HaproxyOptions::new(RuntimeSocket::Unix(folder.join("socket")), "app", servers).unwrap();
    options.with_state_file(folder.join("state")).with_pin().with_timeout(Duration::from_secs(5))
}

fn spawn(program: &Path, folder: &Path, more: &[&str]) -> Child {
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let command = &mut Command::new(program);
    command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg")).args(more);
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

pub(super) fn by_hand(socket: &Path, command: &str) -> std::io::Result<String> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::os::unix::net::UnixStream::connect(socket)?;
    writeln!(stream, "{command}")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
