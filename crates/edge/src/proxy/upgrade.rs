//! Connections that stop speaking HTTP: passed through, both ways, until one side ends or a drain closes them.

use std::net::SocketAddr;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue, UPGRADE};
use http::request::Parts;
use http::{Version, header::HeaderMap};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::flight::{Flight, Note};
use super::headers::has_token;
use super::server::Open;

/// A client's wish to speak another protocol.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) protocol: HeaderValue,
    pub(super) client: OnUpgrade,
}

/// Takes the wish out of a request, where there is one that may be granted.
pub(super) fn take(head: &mut Parts) -> Option<Wanted> {
    let protocol = head.headers.get(UPGRADE)?.clone();
    let client = head.extensions.remove::<OnUpgrade>()?;
    let asked = head.version == Version::HTTP_11 && has_token(&head.headers, &CONNECTION, "upgrade");
    (asked && !speaks_http(&head.headers)).then_some(Wanted { protocol, client })
}

/// HTTP/2 through a tunnel would carry requests that nobody routes, counts or limits.
fn speaks_http(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(UPGRADE).iter().map(HeaderValue::as_bytes);
    let mut protocols = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    protocols.any(|name| [&b"h2"[..], b"http"].iter().any(|http| starts_with(name, http)))
}

fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Both ends of an upgraded connection, and what keeps it counted.
#[derive(Debug)]
pub(super) struct Tunnel {
    pub(super) client: OnUpgrade,
    pub(super) instance: TcpStream,
    /// Read from the instance beyond the head of its answer.
    pub(super) early: Bytes,
    pub(super) flight: Flight,
    pub(super) note: Note,
    pub(super) open: Open,
    pub(super) slot_closes: watch::Receiver<()>,
    pub(super) instance_closes: watch::Receiver<()>,
}

impl Tunnel {
    /// Passes everything on until it is over; true where it was closed from here.
    pub(super) async fn run(mut self) -> bool {
        let closed = tokio::select! {
            bytes = pass(self.client, &mut self.instance, &self.early) => {
                self.note.bytes(bytes);
                false
            }
            _ = self.slot_closes.changed() => true,
            _ = self.instance_closes.changed() => true,
            () = self.open.killed() => true,
        };
        tracing::trace!(closed, to = %PeerOf(&self.instance), "upgraded connection over");
        drop(self.flight);
        closed
    }
}

/// The bytes that went to the client; an error on either side is an end like any other.
async fn pass(client: OnUpgrade, instance: &mut TcpStream, early: &[u8]) -> u64 {
    let Ok(client) = client.await else { return 0 };
    let mut client: TokioIo<Upgraded> = TokioIo::new(client);
    if client.write_all(early).await.is_err() {
        return 0;
    }
    let copied = copy_bidirectional(&mut client, instance).await;
    early.len() as u64 + copied.map_or(0, |(_, down)| down)
}

/// A stream's other end, for a message.
struct PeerOf<'a>(&'a TcpStream);

impl std::fmt::Display for PeerOf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let peer: Result<SocketAddr, _> = self.0.peer_addr();
        peer.map_or(Ok(()), |addr| addr.fmt(f))
    }
}
