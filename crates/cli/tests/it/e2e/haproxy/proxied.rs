use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tempfile::TempDir;

use super::super::processes::{end_all_under, under};
use super::super::typed::{Ran, Typed};
use super::super::users::Users;
use super::super::wait::{say, until};
use crate::handover::handover;

/// A service behind a HAProxy that `handover init` has configured, in a folder of its own.
pub(super) struct Proxied {
    folder: TempDir,
    port: u16,
    proxy: Child,
    typed: AtomicU32,
}

impl Proxied {
    /// With `release` serving everything; each later one is judged at 10 % for `min_time`. `None` where there is no
    /// HAProxy.
    pub(super) fn serving(release: &str, min_time: &str) -> Option<Self> {
        let program =
            ["/usr/sbin/haproxy", "/usr/bin/haproxy"].into_iter().find(|path| fs::metadata(path).is_ok());
        let Some(program) = program else {
            assert!(std::env::var_os("HANDOVER_TEST_NO_SKIP").is_none(), "haproxy is not installed");
            say("skipped: haproxy is not installed");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("hx").tempdir().unwrap();
        let port = free_ports();
        let mut shop = Self { proxy: idle(), folder, port, typed: AtomicU32::new(0) };
        shop.configure(min_time);
        shop.proxy = shop.start_proxy(program);
        shop.write_release("v1", "");
        shop.write_release("v2", "");
        shop.deploy(release).wait().exits(0);
        Some(shop)
    }

    fn configure(&self, min_time: &str) {
        let listen = format!("127.0.0.1:{}", self.port);
        self.run(&["init", "--backend", "haproxy", "--name", "shop", "--listen", &listen]).exits(0);
        let log = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        for file in ["handover.toml", "haproxy/haproxy.cfg"] {
            let text = fs::read_to_string(self.path(file)).unwrap().replace("127.0.0.1:9514", &log);
            fs::write(self.path(file), text).unwrap();
        }
        let text = fs::read_to_string(self.path("handover.toml")).unwrap();
        let head = text.split("[health]").next().unwrap();
        let head =
            head.replace("systemctl restart shop@$SLOT", "sh ./launch.sh").replace("archive = \"git\"", "");
        let head = head.replace("systemctl stop shop@$SLOT", "kill $(cat pid-$SLOT)");
        let head = head.replace("# state_dir = \"state\"", "state_dir = \"s\"");
        let rest = format!(
            r#"[health]
path = "/health/ready"
interval = "50ms"
start_limit = "5s"

[[smoke]]
path = "/smoke-test"

[strategy]
kind = "canary"
steps = [{{ weight = "10%", min_time = "{min_time}", min_requests = 0 }}]
bake = "1s"
drain = "2s"

[judge]
min_requests = 20
min_errors = 5
max_p95 = "20s"
max_p95_ratio = 100.0
"#
        );
        fs::write(self.path("handover.toml"), head + &rest).unwrap();
        let launch = format!(
            "echo $RELEASE >> launched\nsetsid '{}' sample-service $(cat $RELEASE) > log-$SLOT 2>&1 < /dev/null &\necho $! > pid-$SLOT\n",
            env!("CARGO_BIN_EXE_handover")
        );
        fs::write(self.path("launch.sh"), launch).unwrap();
    }

    fn start_proxy(&self, program: &str) -> Child {
        let log = fs::File::create(self.path("haproxy.log")).unwrap();
        let mut command = Command::new(program);
        command.arg("-db").arg("-f").arg(self.path("haproxy/haproxy.cfg")).stdin(Stdio::null());
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        until("HAProxy answers", || self.ask("show info").ok());
        child
    }

    pub(super) fn end_proxy(&mut self) {
        self.proxy.kill().unwrap();
        self.proxy.wait().unwrap();
    }

    /// What the sample service is told when `name` is launched.
    pub(super) fn write_release(&self, name: &str, flags: &str) {
        fs::write(self.path(name), flags).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn command(&self) -> Command {
        let mut command = handover(self.folder.path());
        command.env("PATH", "/usr/bin:/bin");
        command
    }

    pub(super) fn start(&self, args: &[&str]) -> Typed {
        let mut command = self.command();
        command.args(args);
        let number = self.typed.fetch_add(1, Ordering::Relaxed);
        Typed::start(command, &self.path(&format!("typed-{number}")).display().to_string())
    }

    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).wait()
    }

    pub(super) fn deploy(&self, name: &str) -> Typed {
        self.start(&["deploy", "--release", name, "--json"])
    }

    pub(super) fn users(&self, rate: u32) -> Users {
        let before = self.served();
        let users = Users::spawn(self.command(), self.port, rate);
        until("a user is answered", || (self.served() > before).then_some(()));
        users
    }

    /// Gives a command to HAProxy as an operator would.
    pub(super) fn by_hand(&self, command: &str) {
        self.ask(command).unwrap();
    }

    fn ask(&self, command: &str) -> std::io::Result<String> {
        let mut socket = UnixStream::connect(self.path("haproxy/admin.sock"))?;
        writeln!(socket, "{command}")?;
        let mut text = String::new();
        socket.read_to_string(&mut text)?;
        Ok(text)
    }

    fn weight(&self, server: &str) -> u32 {
        let text = self.ask(&format!("get weight shop/{server}")).unwrap();
        text.split_whitespace().next().unwrap().parse().unwrap()
    }

    pub(super) fn green_weight(&self) -> u32 {
        self.weight("green")
    }

    /// Green's weight where the stable release has everything.
    pub(super) fn all_on_stable(&self) -> u32 {
        if self.candidate() == "green" { 0 } else { 200 }
    }

    fn served(&self) -> u64 {
        let text = self.ask("show stat").unwrap();
        let rows = text.lines().filter(|line| line.starts_with("shop,BACKEND"));
        rows.filter_map(|row| row.split(',').nth(7)?.parse::<u64>().ok()).sum()
    }

    fn roster(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("s/slots.json")).unwrap()).unwrap()
    }

    pub(super) fn stable(&self) -> String {
        let roster = self.roster();
        let slot = roster["stable"].as_str().unwrap();
        roster["seats"][slot]["release"].as_str().unwrap().to_owned()
    }

    /// The slot that is not stable's.
    pub(super) fn candidate(&self) -> &'static str {
        if self.roster()["stable"] == "green" { "blue" } else { "green" }
    }

    pub(super) fn candidate_bps(&self) -> u32 {
        self.weight(self.candidate()) * 50
    }

    #[track_caller]
    pub(super) fn until_candidate_has(&self, bps: u32) {
        until("the candidate has its share", || (self.candidate_bps() == bps).then_some(()));
    }

    /// How often the release was launched.
    pub(super) fn launches(&self, release: &str) -> usize {
        let text = fs::read_to_string(self.path("launched")).unwrap();
        text.lines().filter(|line| *line == release).count()
    }

    /// Whether a process of it lives.
    pub(super) fn is_running(&self, release: &str) -> bool {
        under(self.folder.path()).into_iter().any(|pid| {
            let env = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let wanted = format!("RELEASE={release}");
            env.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
        })
    }

    pub(super) fn plain(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "DIR")
    }
}

impl Drop for Proxied {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
        end_all_under(self.folder.path());
    }
}

/// Until the proxy is started, so that a folder is always cleaned up after.
fn idle() -> Child {
    Command::new("true").spawn().unwrap()
}

/// The first of three ports in a row.
fn free_ports() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = 12_000 + (std::process::id() % 60) * 128;
    loop {
        let port = u16::try_from(first + 3 * NEXT.fetch_add(1, Ordering::Relaxed)).unwrap();
        if (port..port + 3).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return port;
        }
    }
}
