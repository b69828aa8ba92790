//! An edge in front of two releases, and ways to ask it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use handover_core::{BySlot, Fence, OpId, Slot};
use handover_edge::AdminToken;
use handover_edge::proxy::Address;
use handover_edge::standalone::{StandaloneEdge, StandaloneError, StandaloneOptions};
use handover_traffic::{Change, Expected, Observed, Route, Split};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::proxy::rig::{Client, Release, Reply, request, soon};

/// The token of every edge here.
pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

pub(super) struct Bench {
    pub(super) dir: tempfile::TempDir,
    pub(super) releases: BySlot<Release>,
    pub(super) users: SocketAddr,
    pub(super) admin: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), StandaloneError>>,
    next: AtomicU64,
}

impl Bench {
    pub(super) async fn start() -> Self {
        Self::begun_with(Slot::Blue).await
    }

    pub(super) async fn begun_with(begin: Slot) -> Self {
        let releases = BySlot { blue: Release::start("v1").await, green: Release::start("v2").await };
        Self::before(releases, begin).await
    }

    pub(super) async fn before(releases: BySlot<Release>, begin: Slot) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let upstreams = upstreams(&releases);
        let options = options(&dir, upstreams).with_begin(begin);
        let edge = StandaloneEdge::open(options).await.unwrap();
        let (users, admin) = (edge.listens_at().unwrap(), edge.administered_at().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(edge.run(async { _ = stopped.await }));
        Self { dir, releases, users, admin, stop: Some(stop), running, next: AtomicU64::new(0) }
    }

    /// Ends the edge as SIGKILL would.
    pub(super) async fn kill(&mut self) {
        self.running.abort();
        let _ = (&mut self.running).await;
    }

    /// What comes of opening the state folder of an edge that is gone.
    pub(super) async fn reopen(&self, recover: bool) -> Result<StandaloneEdge, StandaloneError> {
        StandaloneEdge::open(options(&self.dir, upstreams(&self.releases)).with_recover(recover)).await
    }

    /// Ends the edge as SIGKILL would, and starts another in the same folder and on the same ports.
    pub(super) async fn kill_and_restart(&mut self, begin: Slot) {
        if !self.running.is_finished() {
            self.kill().await;
        }
        let mut options = options(&self.dir, upstreams(&self.releases)).with_begin(begin);
        (options.listen, options.admin) = (self.users, self.admin);
        let edge = StandaloneEdge::open(options).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        self.running = tokio::spawn(edge.run(async { _ = stopped.await }));
        self.stop = Some(stop);
    }

    /// Asks it to end, and waits until it has.
    pub(super) async fn stop(mut self) {
        let _ = self.stop.take().unwrap().send(());
        soon(&mut self.running).await.unwrap().unwrap();
    }

    /// One user's request on a connection of its own.
    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send(request(path)).await
    }

    pub(super) async fn send(&self, request: http::Request<http_body_util::Full<bytes::Bytes>>) -> Reply {
        Client::new(self.users).await.send(request).await.unwrap()
    }

    /// A change to this share, with a name of its own.
    pub(super) fn change(&self, green_bps: u16) -> Change {
        let op = OpId::new(format!("test/{}", self.next.fetch_add(1, Ordering::Relaxed)));
        let route = Route::serve(Split::from_green_bps(green_bps).unwrap());
        Change { route, expected: Expected::Any, op, fence: Fence::new(1) }
    }

    pub(super) async fn split(&self, green_bps: u16) -> Observed {
        let body = serde_json::to_string(&self.change(green_bps)).unwrap();
        serde_json::from_str(&self.ask("PUT /v1/route", &body).await.1).unwrap()
    }

    /// Asks the admin side with the token: the status, and the body.
    pub(super) async fn ask(&self, head: &str, body: &str) -> (u16, String) {
        let authorization = format!("authorization: Bearer {TOKEN}\r\n");
        answer(&raw(self.admin, head, &authorization, body).await)
    }

    /// The same with these header lines, which may have a token or not.
    pub(super) async fn ask_with(&self, head: &str, headers: &str, body: &str) -> (u16, String) {
        answer(&raw(self.admin, head, headers, body).await)
    }
}

pub(super) fn options(dir: &tempfile::TempDir, upstreams: BySlot<Vec<Address>>) -> StandaloneOptions {
    let anywhere: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let token = AdminToken::new(TOKEN).unwrap();
    StandaloneOptions::new(anywhere, anywhere, upstreams, token, dir.path().join("state"))
}

fn upstreams(releases: &BySlot<Release>) -> BySlot<Vec<Address>> {
    BySlot { blue: vec![releases.blue.addr.into()], green: vec![releases.green.addr.into()] }
}

/// Sends one request as it stands and reads until the other side hangs up.
pub(super) async fn raw(to: SocketAddr, head: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let text = format!(
        "{head} HTTP/1.1\r\nhost: edge\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(to).await.unwrap();
    // An answer that comes before all was read may cut the rest off.
    let _ = stream.write_all(text.as_bytes()).await;
    let mut all = Vec::new();
    let _ = soon(stream.read_to_end(&mut all)).await;
    String::from_utf8(all).unwrap()
}

fn answer(text: &str) -> (u16, String) {
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (status.unwrap_or_else(|| panic!("no answer: {text:?}")), body.unwrap())
}
