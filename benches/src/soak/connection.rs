use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Without an answer for this long a request has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked: method, path and body.
pub(crate) type Asked = (Method, &'static str, Bytes);

/// One connection of a user's.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, String> {
        let socket = TcpStream::connect(address).await.map_err(|why| format!("connect: {why}"))?;
        socket.set_nodelay(true).map_err(|why| format!("nodelay: {why}"))?;
        let shaken = http1::handshake(TokioIo::new(socket)).await;
        let (sender, driver) = shaken.map_err(|why| format!("handshake: {why}"))?;
        // Its error reaches the request it breaks.
        tokio::spawn(driver);
        Ok(Self { sender })
    }

    /// Waits until the connection can take a request; an error where it was closed.
    pub(crate) async fn ready(&mut self) -> Result<(), String> {
        self.sender.ready().await.map_err(|why| format!("not ready: {why}"))
    }

    /// Sends one request and takes the whole answer, within ten seconds.
    pub(crate) async fn ask(&mut self, request: Asked) -> Result<Response<Bytes>, String> {
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        answered.unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")))
    }

    async fn exchange(&mut self, (method, path, body): Asked) -> Result<Response<Bytes>, String> {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "soak");
        let request = request.body(Full::new(body)).map_err(|why| why.to_string())?;
        let answer = self.sender.send_request(request).await.map_err(|why| format!("send: {why}"))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|why| format!("the answer was cut: {why}"))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}
