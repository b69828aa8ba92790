//! A proxy, releases behind it, and clients before it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use handover_core::Slot;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use handover_traffic::{Route, Split};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Channel, Either, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

/// No test waits longer than this for anything.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// Fails the test instead of waiting for ever.
pub(crate) async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(LIMIT, future).await.expect("it took too long")
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let waiting = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// A release with one process.
pub(crate) struct Release {
    pub(crate) name: &'static str,
    pub(crate) addr: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    name: &'static str,
    gate: watch::Sender<bool>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
}

/// A request as a release saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

type Body = Either<Full<Bytes>, Channel<Bytes, Infallible>>;

impl Release {
    pub(crate) async fn start(name: &'static str) -> Self {
        Self::start_at(name, "127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn start_at(name: &'static str, addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            name,
            gate: watch::Sender::new(false),
            seen: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let server = tokio::spawn(accept(listener, shared.clone()));
        Self { name, addr, shared, server }
    }

    /// Ends it as SIGKILL would: every socket closed, nothing finished.
    pub(crate) async fn kill(self) {
        self.server.abort();
        let _ = self.server.await;
    }

    /// Closes every socket at once, as [`Release::kill`] does.
    pub(crate) async fn close(&mut self) {
        self.server.abort();
        let _ = (&mut self.server).await;
    }

    /// Lets everything go on that waits at `/slow` or `/stream`.
    pub(crate) fn open_gate(&self) {
        self.shared.gate.send_replace(true);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.shared.seen.lock().unwrap().len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn targets(&self) -> Targets {
        targets(self.name, &[self.addr])
    }
}

/// The pin of every slot with this release in it.
pub(crate) fn pin(release: &str) -> String {
    release.bytes().fold(String::from("5ec4e7"), |hex, byte| format!("{hex}{byte:02x}")) + &"0".repeat(22)
}

fn targets(release: &str, instances: &[SocketAddr]) -> Targets {
    let (id, pin) = (release.parse().unwrap(), pin(release));
    let instances = instances.iter().map(|addr| (*addr).into()).collect();
    Targets { release: id, instances, pin }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Aborting this task drops the set, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        stream.set_nodelay(true).unwrap();
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = shared.clone();
        connections.spawn(async move {
            let (upgrades, mut ready) = tokio::sync::mpsc::unbounded_channel();
            let service = service_fn(|request| handle(shared.clone(), upgrades.clone(), request));
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
            shared.connections.fetch_sub(1, Ordering::SeqCst);
            if let Ok(upgrade) = ready.try_recv() {
                echo(upgrade).await;
            }
        });
    }
}

async fn echo(upgrade: hyper::upgrade::OnUpgrade) {
    let Ok(io) = upgrade.await else { return };
    let mut io = TokioIo::new(io);
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = io.read(&mut buffer).await {
        if io.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn handle(
    shared: Arc<Shared>,
    upgrades: tokio::sync::mpsc::UnboundedSender<hyper::upgrade::OnUpgrade>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let upgrade = path == "/echo";
    if upgrade {
        let _ = upgrades.send(hyper::upgrade::on(&mut request));
    }
    let (head, body) = request.into_parts();
    let seen = Seen { path: path.clone(), headers: head.headers, body: Bytes::new() };
    let index = {
        let mut all = shared.seen.lock().unwrap();
        all.push(seen);
        all.len() - 1
    };
    if path == "/early" {
        return Ok(streamed(&shared, Some(body)));
    }
    if !upgrade && let Ok(body) = body.collect().await {
        shared.seen.lock().unwrap()[index].body = body.to_bytes();
    }
    Ok(reply(&shared, &path).await)
}

async fn reply(shared: &Arc<Shared>, path: &str) -> Response<Body> {
    let whole = |text: String| Response::new(Either::Left(Full::from(text)));
    match path.split('/').nth(1).unwrap_or_default() {
        "slow" => {
            let _ = shared.gate.subscribe().wait_for(|open| *open).await;
            whole(shared.name.into())
        }
        "never" => std::future::pending().await,
        "stream" => streamed(shared, None),
        "big" => whole("x".repeat(300_000)),
        "status" => {
            let mut response = whole(shared.name.into());
            *response.status_mut() = path["/status/".len()..].parse().unwrap();
            response
        }
        "echo" => {
            let mut response = whole(String::new());
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            response.headers_mut().insert("connection", "upgrade".parse().unwrap());
            response.headers_mut().insert("upgrade", "echo".parse().unwrap());
            response
        }
        "liar" => {
            let mut response = whole(shared.name.into());
            let headers = response.headers_mut();
            for name in ["handover-release", "handover-error", "x-hop", "keep-alive"] {
                headers.insert(name, "forged".parse().unwrap());
            }
            headers.insert("connection", "x-hop".parse().unwrap());
            response
        }
        _ => whole(shared.name.into()),
    }
}

/// Sends its name at once, and the rest when the gate opens, or when `body` has come to its end.
fn streamed(shared: &Arc<Shared>, body: Option<Incoming>) -> Response<Body> {
    let (mut sender, channel) = Channel::new(1);
    let (name, mut gate) = (shared.name, shared.gate.subscribe());
    tokio::spawn(async move {
        let _ = sender.send_data(Bytes::from_static(name.as_bytes())).await;
        let rest = if let Some(body) = body {
            body.collect().await.map_or(0, |body| body.to_bytes().len()).to_string()
        } else {
            let _ = gate.wait_for(|open| *open).await;
            "-end".into()
        };
        let _ = sender.send_data(rest.into()).await;
    });
    Response::new(Either::Right(channel))
}

/// A proxy that listens.
pub(crate) struct Rig {
    pub(crate) proxy: Proxy,
    pub(crate) addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    pub(crate) serving: JoinHandle<std::io::Result<()>>,
}

impl Rig {
    pub(crate) async fn new(options: ProxyOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let proxy = Proxy::new(options).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn({
            let proxy = proxy.clone();
            async move { proxy.serve(listener, stopped).await }
        });
        Self { proxy, addr, stop: Some(stop), serving }
    }

    /// A proxy with a release in each slot, everything to blue.
    pub(crate) async fn pair(options: ProxyOptions) -> (Self, Release, Release) {
        let rig = Self::new(options).await;
        let (blue, green) = (Release::start("v1").await, Release::start("v2").await);
        rig.proxy.set_targets(Slot::Blue, Some(blue.targets()));
        rig.proxy.set_targets(Slot::Green, Some(green.targets()));
        (rig, blue, green)
    }

    /// Puts instances of a release into a slot.
    pub(crate) fn place(&self, slot: Slot, release: &str, instances: &[SocketAddr]) {
        self.proxy.set_targets(slot, Some(targets(release, instances)));
    }

    /// The share of green, in basis points.
    pub(crate) fn split(&self, green_bps: u16) {
        self.proxy.set_route(Route::serve(Split::from_green_bps(green_bps).unwrap()));
    }

    pub(crate) fn begin_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// One request on a connection of its own.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(request(path)).await
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Reply {
        Client::new(self.addr).await.send(request).await.expect("an answer")
    }

    /// The value of a metric, by its whole name with labels.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let text = self.proxy.metrics_text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    }
}

pub(crate) fn request(path: &str) -> Request<Full<Bytes>> {
    Request::builder().uri(path).header("host", "shop.example").body(Full::default()).unwrap()
}

pub(crate) fn with(path: &str, headers: &[(&'static str, &str)]) -> Request<Full<Bytes>> {
    let mut request = request(path);
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    request
}

pub(crate) fn post(path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let mut request = request(path).map(|_| Full::new(body.into()));
    *request.method_mut() = Method::POST;
    request
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// One connection that is kept open.
pub(crate) struct Client {
    send: SendRequest<Full<Bytes>>,
}

impl Client {
    pub(crate) async fn new(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (send, conn) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(conn.with_upgrades());
        Self { send }
    }

    pub(crate) async fn begin(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        soon(async {
            self.send.ready().await?;
            self.send.send_request(request).await
        })
        .await
    }

    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Reply> {
        let (head, body) = self.begin(request).await?.into_parts();
        let body = soon(body.collect()).await?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body })
    }
}

/// An upgraded connection to `/echo`.
pub(crate) async fn upgraded(addr: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let head = "GET /echo HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_head(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
    stream
}

pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        let read = soon(stream.read(&mut byte)).await.unwrap();
        if read == 0 {
            break;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// Sends bytes as they are and reads until the other side closes.
pub(crate) async fn raw(addr: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = soon(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Clients that send one request after the other until told to end.
pub(crate) struct Load {
    stop: watch::Sender<bool>,
    clients: JoinSet<BTreeMap<String, usize>>,
    pub(crate) sent: Arc<AtomicUsize>,
}

impl Load {
    pub(crate) fn start(addr: SocketAddr, clients: usize) -> Self {
        let (stop, sent) = (watch::Sender::new(false), Arc::new(AtomicUsize::new(0)));
        let mut all = JoinSet::new();
        for _ in 0..clients {
            all.spawn(ask_on(addr, stop.subscribe(), sent.clone()));
        }
        Self { stop, clients: all, sent }
    }

    /// Waits until this many more requests were answered.
    pub(crate) async fn more(&self, count: usize) {
        let goal = self.sent.load(Ordering::SeqCst) + count;
        until("enough requests", || self.sent.load(Ordering::SeqCst) >= goal).await;
    }

    /// How often each answer came: `200 v1`, or what went wrong.
    pub(crate) async fn end(mut self) -> BTreeMap<String, usize> {
        self.stop.send_replace(true);
        let mut sum = BTreeMap::new();
        while let Some(one) = soon(self.clients.join_next()).await {
            for (answer, count) in one.unwrap() {
                *sum.entry(answer).or_default() += count;
            }
        }
        sum
    }
}

async fn ask_on(
    addr: SocketAddr,
    stop: watch::Receiver<bool>,
    sent: Arc<AtomicUsize>,
) -> BTreeMap<String, usize> {
    let mut answers = BTreeMap::new();
    let mut client = Client::new(addr).await;
    let mut told_to_go = false;
    while !*stop.borrow() && !told_to_go {
        let answer = match client.send(request("/")).await {
            Ok(reply) => {
                told_to_go = reply.header("connection") == Some("close");
                format!("{} {}", reply.status, reply.body.trim())
            }
            Err(error) => {
                client = Client::new(addr).await;
                format!("failed: {error:?}")
            }
        };
        *answers.entry(answer).or_default() += 1;
        sent.fetch_add(1, Ordering::SeqCst);
    }
    answers
}
