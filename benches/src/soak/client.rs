use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use handover_core::Slot;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::book::Book;
use crate::kind::Kind;
use crate::upstream::{SLOT, STAMP};

/// Without an answer for this long a request has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection of a user's.
#[derive(Debug)]
pub(crate) struct Client {
    sender: SendRequest<Full<Bytes>>,
}

impl Client {
    /// Connects.
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self, String> {
        let connection = TcpStream::connect(address).await.map_err(|why| format!("connect: {why}"))?;
        connection.set_nodelay(true).map_err(|why| format!("nodelay: {why}"))?;
        let shaken = http1::handshake(TokioIo::new(connection)).await;
        let (sender, driver) = shaken.map_err(|why| format!("handshake: {why}"))?;
        // Its error reaches the request it breaks.
        tokio::spawn(driver);
        Ok(Self { sender })
    }

    /// Sends one request and takes the whole answer; tells whether the wrong slot gave it.
    pub(crate) async fn ask(&mut self, kind: Kind, book: &Book) -> Result<bool, String> {
        match tokio::time::timeout(PATIENCE, self.exchange(kind, book)).await {
            Ok(answer) => answer.map_err(|why| format!("{}: {why}", kind.path())),
            Err(_) => Err(format!("{}: no answer within {PATIENCE:?}", kind.path())),
        }
    }

    async fn exchange(&mut self, kind: Kind, book: &Book) -> Result<bool, String> {
        self.sender.ready().await.map_err(|why| format!("not ready: {why}"))?;
        let request = Request::builder().method(kind.method()).uri(kind.path()).header(header::HOST, "soak");
        let request = request.body(Full::new(kind.sends())).map_err(|why| why.to_string())?;
        let sent = book.send();
        let answer = self.sender.send_request(request).await.map_err(|why| format!("send: {why}"))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|why| format!("the answer was cut: {why}"))?.to_bytes();
        if head.status != StatusCode::OK {
            return Err(format!("{}: {}", head.status, String::from_utf8_lossy(&body)));
        }
        if body != kind.wants() {
            return Err(format!("the answer has {} bytes, not what was wanted", body.len()));
        }
        let (slot, stamp) = signed(&head.headers).ok_or("the answer is not signed by an upstream")?;
        Ok(book.answered(sent, slot, stamp))
    }
}

fn signed(headers: &HeaderMap) -> Option<(Slot, u64)> {
    let text = |name| headers.get(name)?.to_str().ok();
    Some((text(SLOT)?.parse().ok()?, text(STAMP)?.parse().ok()?))
}
