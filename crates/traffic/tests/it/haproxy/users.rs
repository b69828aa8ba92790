//! A release that answers with its name and keeps the answer open, and a user who asks for it.

use std::net::SocketAddr;

use handover_core::Slot;
use handover_traffic::testkit::{OpenRequest, Opened};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Answers health checks at once; any other answer stays open until the user hangs up.
pub(super) struct Release {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Release {
    pub(super) async fn start(name: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, name));
            }
        });
        Self { address, task }
    }
}

impl Release {
    /// Nobody answers any more.
    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

impl Drop for Release {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, name: &str) -> std::io::Result<()> {
    let head = head(&mut stream).await?;
    if head.starts_with("GET /health") {
        return stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    }
    let answer = format!("HTTP/1.1 200 OK\r\nrelease: {name}\r\ncontent-length: 1\r\n\r\n");
    stream.write_all(answer.as_bytes()).await?;
    // The body's one byte never comes: the request ends when the user goes.
    stream.read_u8().await.map(drop)
}

/// Sends one request on a connection of its own, and returns what was answered and the connection.
pub(super) async fn ask(to: SocketAddr, headers: &str) -> std::io::Result<(String, TcpStream)> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(format!("GET / HTTP/1.1\r\nhost: shop\r\n{headers}\r\n").as_bytes()).await?;
    Ok((head(&mut stream).await?, stream))
}

/// A new user's request, in flight until dropped.
pub(super) async fn open(to: SocketAddr) -> Opened {
    match ask(to, "").await {
        Err(error) => Opened::Nowhere(error.to_string()),
        Ok((head, stream)) => match slot_of(&head) {
            Some(slot) => Opened::At(OpenRequest::new(slot, stream)),
            None => Opened::Nowhere(head.lines().next().unwrap_or_default().to_owned()),
        },
    }
}

/// What the release says of itself and what HAProxy says of it, where they agree.
pub(super) fn slot_of(head: &str) -> Option<Slot> {
    let named = |header: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(name, value)| (name == header).then(|| value.to_owned()))
    };
    let (says, is_said) = (named("release")?, named("handover-slot")?);
    assert_eq!(says, is_said, "HAProxy names another slot than the one that answered");
    Slot::BOTH.into_iter().find(|slot| slot.as_str() == says)
}

async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
