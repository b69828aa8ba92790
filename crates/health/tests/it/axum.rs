//! The endpoints in an application, over real sockets, up to its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ::axum::Router;
use ::axum::routing::get;
use handover_health::axum::{router, serve};
use handover_health::{DrainTimes, Drained, Health, HealthService, Lifecycle, Stage};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::server::PLENTY;

struct App {
    addr: SocketAddr,
    lifecycle: Lifecycle,
    /// A request to `/slow` has come.
    begun: Arc<Notify>,
    /// Lets it end.
    end: Arc<Notify>,
    serving: JoinHandle<std::io::Result<Drained>>,
    _health: Health,
}

async fn app() -> App {
    let health = Health::builder("shop", "2.0.0").start().unwrap();
    health.settled(PLENTY).await;
    let lifecycle = health.lifecycle().clone();
    let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, end) = (begun.clone(), end.clone());
        move || async move {
            begun.notify_one();
            end.notified().await;
            "slow"
        }
    };
    let upgrade = || async {
        let headers = [("connection", "upgrade"), ("upgrade", "echo")];
        (::axum::http::StatusCode::SWITCHING_PROTOCOLS, headers)
    };
    let big = || async { vec![b'x'; BIG] };
    let app = Router::new().route("/", get(|| async { "shop" })).route("/slow", get(slow));
    let app = app.route("/upgrade", get(upgrade)).route("/big", get(big));
    let app = app.merge(router(&HealthService::new(&health)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let life = lifecycle.clone();
    let serving = tokio::spawn(async move { serve(listener, app, &life).await });
    App { addr, lifecycle, begun, end, serving, _health: health }
}

/// More than the system's buffers hold.
const BIG: usize = 32 * 1_024 * 1_024;

/// A connection that is kept.
struct Client(TcpStream);

impl Client {
    async fn to(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    async fn ask(&mut self, path: &str) -> String {
        self.send(path).await;
        self.answer().await
    }

    async fn send(&mut self, path: &str) {
        let request = format!("GET {path} HTTP/1.1\r\nhost: shop\r\n\r\n");
        self.0.write_all(request.as_bytes()).await.unwrap();
    }

    /// One answer, by its length; empty where the connection ended.
    async fn answer(&mut self) -> String {
        let mut answer = Vec::new();
        loop {
            match self.0.read_u8().await {
                Ok(byte) => answer.push(byte),
                Err(_) => return String::new(),
            }
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                if body.len() == length.parse::<usize>().unwrap() {
                    return text.into_owned();
                }
            }
        }
    }
}

fn long() -> DrainTimes {
    DrainTimes { delay: PLENTY, deadline: 2 * PLENTY }
}

#[tokio::test]
async fn the_health_paths_are_served_beside_the_applications() {
    let app = app().await;
    let mut client = Client::to(app.addr).await;
    assert!(client.ask("/").await.ends_with("shop"));
    for path in ["/health", "/health/ready", "/health/live", "/health/startup"] {
        let answer = client.ask(path).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("no-store"), "{answer}");
    }
    assert!(client.ask("/health/").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn while_draining_it_serves_on_says_so_and_winds_its_connections_down() {
    let app = app().await;
    let mut kept = Client::to(app.addr).await;
    assert!(!kept.ask("/").await.contains("connection: close"));
    drop(app.lifecycle.drain(long()));
    let answer = kept.ask("/health/ready").await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("x-health-state: draining"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    // New connections are served as well, each for one request.
    let answer = Client::to(app.addr).await.ask("/").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_request_under_way_is_answered_and_then_it_ends_clean() {
    let app = app().await;
    let mut client = Client::to(app.addr).await;
    client.send("/slow").await;
    app.begun.notified().await;
    drop(app.lifecycle.drain(DrainTimes { delay: Duration::ZERO, deadline: PLENTY }));
    app.lifecycle.reached(Stage::Closing).await;
    app.end.notify_one();
    assert!(client.answer().await.ends_with("slow"));
    assert_eq!(app.serving.await.unwrap().unwrap(), Drained::Clean);
    assert_eq!(app.lifecycle.stage(), Stage::Stopped);
    assert!(TcpStream::connect(app.addr).await.is_err());
}

#[tokio::test]
async fn what_does_not_end_is_cut() {
    let app = app().await;
    let mut client = Client::to(app.addr).await;
    client.send("/slow").await;
    app.begun.notified().await;
    drop(app.lifecycle.drain(long()));
    app.lifecycle.hurry();
    app.lifecycle.hurry();
    assert_eq!(app.serving.await.unwrap().unwrap(), Drained::Cut);
    // Cut, and not answered later.
    let answer = tokio::time::timeout(PLENTY, client.answer()).await;
    assert_eq!(answer.as_deref(), Ok(""));
}

#[tokio::test]
async fn half_a_request_does_not_hold_up_the_end() {
    let app = app().await;
    let mut halves = Vec::new();
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: shop\r\n"] {
        let mut client = Client::to(app.addr).await;
        client.0.write_all(half.as_bytes()).await.unwrap();
        halves.push(client);
    }
    let mut idle = Client::to(app.addr).await;
    idle.ask("/").await;
    drop(app.lifecycle.drain(DrainTimes { delay: Duration::ZERO, deadline: PLENTY }));
    assert_eq!(app.serving.await.unwrap().unwrap(), Drained::Clean);
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_is_not_cut_before_the_deadline() {
    let app = app().await;
    let mut slow = Client::to(app.addr).await;
    slow.send("/big").await;
    slow.0.readable().await.unwrap();
    drop(app.lifecycle.drain(DrainTimes { delay: Duration::ZERO, deadline: PLENTY }));
    // Longer than a connection without a request would have had.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let mut answer = Vec::new();
    slow.0.read_to_end(&mut answer).await.unwrap();
    assert!(answer.len() > BIG, "{}", answer.len());
    assert_eq!(app.serving.await.unwrap().unwrap(), Drained::Clean);
}

#[tokio::test]
async fn while_draining_a_change_of_protocol_keeps_its_own_word() {
    let app = app().await;
    drop(app.lifecycle.drain(long()));
    let mut client = Client::to(app.addr).await;
    client.send("/upgrade").await;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.0.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 101") && head.contains("connection: upgrade"), "{head}");
    assert!(!head.contains("close"), "{head}");
}

#[tokio::test]
async fn a_life_that_ended_before_it_served_serves_nobody() {
    let lifecycle = Lifecycle::held();
    drop(lifecycle.drain(long()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    assert_eq!(serve(listener, Router::new(), &lifecycle).await.unwrap(), Drained::Clean);
}
