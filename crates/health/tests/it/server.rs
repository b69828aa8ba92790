//! Servers that answer by the byte, so that each can misbehave in its own way.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a server does once it has read the request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Writes this and closes.
    Say(Vec<u8>),
    /// Writes this and keeps the connection open for ever.
    Stall(Vec<u8>),
    /// Closes with a reset.
    Reset,
}

/// A server on a free port, and the requests it got.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers every request by `act`.
    pub(crate) async fn that(act: Act) -> Self {
        Self::by(move |_| act.clone()).await
    }

    /// Answers with a status, headers and a body.
    pub(crate) async fn answering(status: u16, headers: &str, body: &str) -> Self {
        Self::that(Act::Say(answer(status, headers, body))).await
    }

    /// Answers each path in its own way.
    pub(crate) async fn by(act: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        let act = Arc::new(act);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, act.clone(), seen.clone()));
            }
        });
        Self { addr, requests }
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An HTTP/1.1 answer.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn serve(
    mut stream: TcpStream,
    act: Arc<dyn Fn(&str) -> Act + Send + Sync>,
    seen: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head);
    match act(&path) {
        Act::Say(bytes) => drop(stream.write_all(&bytes).await),
        Act::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Act::Reset => stream.set_zero_linger().unwrap(),
    }
}

/// Long enough that only a broken test meets it.
pub(crate) const PLENTY: Duration = Duration::from_secs(20);
