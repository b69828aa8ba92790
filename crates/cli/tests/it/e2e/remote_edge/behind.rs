use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Deref;
use std::process::{Child, Stdio};

use serde_json::Value;

use super::super::place::{Place, ports_in_a_row, short};
use super::super::users::Users;
use super::super::wait::until;
use crate::handover::handover;

/// What opens the admin side.
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A service behind an edge of its own, in a folder of its own.
pub(super) struct Behind {
    place: Place,
    /// For users; the three after it are the admin side's, blue's and green's.
    port: u16,
    edge: Option<Child>,
}

impl Behind {
    /// With `release` serving everything; each later one is judged at 10 % for `min_time`.
    pub(super) fn serving(release: &str, min_time: &str) -> Self {
        let shop = Self::idle(min_time);
        shop.deploy(release).wait().exits(0);
        shop
    }

    /// With an edge, and nothing behind it.
    pub(super) fn idle(min_time: &str) -> Self {
        let mut shop = Self { place: Place::new(), port: ports_in_a_row(4), edge: None };
        shop.write_token(TOKEN);
        shop.start_edge();
        shop.configure(min_time);
        shop.write_launcher();
        shop
    }

    /// From now on everything that is typed has this in its environment.
    pub(super) fn set_env(&mut self, name: &'static str, value: String) {
        self.place.set_env(name, value);
    }

    /// One of its four ports: users', the admin side's, blue's, green's.
    pub(super) fn port(&self, offset: u16) -> u16 {
        self.port + offset
    }

    /// Where the edge is administered.
    pub(super) fn admin(&self) -> String {
        format!("127.0.0.1:{}", self.port + 1)
    }

    /// Another address for its admin side in the settings.
    pub(super) fn administer_at(&self, address: &str) {
        let text = fs::read_to_string(self.path("handover.toml")).unwrap();
        let plain = format!("http://{}/", self.admin());
        assert!(text.contains(&plain));
        fs::write(self.path("handover.toml"), text.replace(&plain, address)).unwrap();
    }

    pub(super) fn write_token(&self, token: &str) {
        fs::write(self.path("token"), format!("{token}\n")).unwrap();
    }

    /// The settings that `handover init` writes, with what a test needs to be short.
    pub(super) fn configure(&self, min_time: &str) {
        let listen = format!("127.0.0.1:{}", self.port);
        self.run(&["init", "--backend", "remote-edge", "--name", "shop", "--listen", &listen, "--force"])
            .exits(0);
        let text = fs::read_to_string(self.path("handover.toml")).unwrap();
        let head = text.split("[health]").next().unwrap();
        let mut head = head.replace("archive = \"git\"", "").replace("# token_file", "token_file");
        for (placeholder, with) in [
            ("systemctl restart shop@$SLOT", "sh ./launch.sh".to_owned()),
            ("systemctl stop shop@$SLOT", "kill $(cat pid-$SLOT)".to_owned()),
            ("# state_dir = \"state\"", "state_dir = \"s\"".to_owned()),
            ("127.0.0.1:9000", format!("127.0.0.1:{}", self.port + 1)),
            ("127.0.0.1:8081", format!("127.0.0.1:{}", self.port + 2)),
            ("127.0.0.1:8082", format!("127.0.0.1:{}", self.port + 3)),
        ] {
            assert!(head.contains(placeholder), "{placeholder}");
            head = head.replace(placeholder, &with);
        }
        fs::write(self.path("handover.toml"), head + &short(min_time)).unwrap();
    }

    pub(super) fn start_edge(&mut self) {
        let local = |offset| format!("127.0.0.1:{}", self.port + offset);
        let mut command = handover(self.folder());
        command.args(["edge", "--state-dir", "edge", "--token-file", "token"]);
        command.args([
            "--listen",
            &local(0),
            "--admin",
            &local(1),
            "--blue",
            &local(2),
            "--green",
            &local(3),
        ]);
        let log = fs::File::options().create(true).append(true).open(self.path("edge.log")).unwrap();
        self.edge = Some(command.stdin(Stdio::null()).stderr(log).spawn().unwrap());
        until("the edge answers", || self.ask("GET /v1/edge", "").ok());
    }

    pub(super) fn kill_edge(&mut self) {
        let mut edge = self.edge.take().unwrap();
        edge.kill().unwrap();
        edge.wait().unwrap();
    }

    /// What a full disk does to a file that is written whole.
    pub(super) fn fill_the_edges_disk(&self) {
        let pid = self.edge.as_ref().unwrap().id();
        fs::create_dir(self.path(&format!("edge/.edge.json.tmp-{pid}"))).unwrap();
    }

    pub(super) fn users(&self, rate: u32) -> Users {
        let before = self.served();
        let users = Users::spawn(self.command(), self.port, rate);
        until("a user is answered", || (self.served() > before).then_some(()));
        users
    }

    /// Asks the edge's admin side as an operator would.
    pub(super) fn by_hand(&self, head: &str, body: &str) -> Value {
        self.ask(head, body).unwrap()
    }

    fn ask(&self, head: &str, body: &str) -> std::io::Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port + 1))?;
        let length = body.len();
        write!(
            stream,
            "{head} HTTP/1.1\r\nhost: edge\r\nconnection: close\r\nauthorization: Bearer {TOKEN}\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        serde_json::from_str(body).map_err(Into::into)
    }

    /// The route in force: `split` is basis points to green.
    pub(super) fn route(&self) -> Value {
        let observed = self.by_hand("GET /v1/route", "");
        serde_json::json!({ "split": observed["route"]["split"], "revision": observed["revision"] })
    }

    pub(super) fn secrets(&self) -> Value {
        self.by_hand("GET /v1/secrets", "")
    }

    fn served(&self) -> u64 {
        let served = self.by_hand("GET /v1/route", "")["served"].clone();
        served["blue"].as_u64().unwrap() + served["green"].as_u64().unwrap()
    }

    pub(super) fn served_by_candidate(&self) -> u64 {
        self.by_hand("GET /v1/route", "")["served"][self.candidate()].as_u64().unwrap()
    }

    pub(super) fn candidate_bps(&self) -> u64 {
        let green = self.route()["split"].as_u64().unwrap();
        if self.candidate() == "green" { green } else { 10_000 - green }
    }

    #[track_caller]
    pub(super) fn until_candidate_has(&self, bps: u64) {
        until("the candidate has its share", || (self.candidate_bps() == bps).then_some(()));
    }

    pub(super) fn plain(&self, text: &str) -> String {
        self.place.plain(text).replace(&format!("127.0.0.1:{}", self.port + 1), "ADMIN")
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        if let Some(mut edge) = self.edge.take() {
            let _ = edge.kill();
            let _ = edge.wait();
        }
    }
}

/// The folder's own verbs.
impl Deref for Behind {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}
