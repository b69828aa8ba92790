use std::fs;
use std::io::{Read as _, Write as _};
use std::net::UdpSocket;
use std::ops::Deref;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use super::super::place::{Place, ports_in_a_row, short};
use super::super::users::Users;
use super::super::wait::{say, until};

/// A service behind a HAProxy that `handover init` has configured, in a folder of its own.
pub(super) struct Proxied {
    place: Place,
    port: u16,
    proxy: Child,
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
        let mut shop = Self { place: Place::new(), port: ports_in_a_row(3), proxy: idle() };
        shop.configure(min_time);
        shop.proxy = shop.start_proxy(program);
        shop.write_launcher();
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
        self.write("handover.toml", &(head + &short(min_time)));
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

    pub(super) fn candidate_bps(&self) -> u32 {
        self.weight(self.candidate()) * 50
    }

    #[track_caller]
    pub(super) fn until_candidate_has(&self, bps: u32) {
        until("the candidate has its share", || (self.candidate_bps() == bps).then_some(()));
    }
}

/// The folder's own verbs.
impl Deref for Proxied {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Drop for Proxied {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

/// Until the proxy is started, so that a folder is always cleaned up after.
fn idle() -> Child {
    Command::new("true").spawn().unwrap()
}
