//! Subscriptions: graphql-transport-ws on a WebSocket, with TLS of our own.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use super::Railway;
use super::documents::Document;
use super::graphql::harmless;
use crate::BoxError;

/// After so long without a word the other side is asked whether it is still there.
const SILENCE: Duration = Duration::from_mins(1);
/// So long it may take to say so.
const ALIVE: Duration = Duration::from_secs(10);

/// One connection; it may carry several subscriptions.
#[derive(Debug)]
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u32,
}

/// What came.
#[derive(Debug)]
pub(super) enum Word {
    /// Of this subscription.
    Data(Value),
    /// A subscription is over; there is no more.
    Complete,
}

impl Socket {
    pub(super) async fn open(railway: &Railway) -> Result<Self, BoxError> {
        timeout(railway.limits().request, Self::connect(railway)).await?
    }

    async fn connect(railway: &Railway) -> Result<Self, BoxError> {
        let (url, (name, value)) = railway.socket()?;
        let mut request = url.as_str().into_client_request()?;
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        request.headers_mut().insert(name, value);
        let connector = match url.scheme() {
            "wss" => Connector::Rustls(Arc::new(handover_tls::client_config()?)),
            _ => Connector::Plain,
        };
        railway.count();
        let (stream, _) = connect_async_tls_with_config(request, None, true, Some(connector)).await?;
        let mut socket = Self { stream, next: 1 };
        socket.say(json!({ "type": "connection_init" })).await?;
        socket.acknowledged().await?;
        Ok(socket)
    }

    async fn acknowledged(&mut self) -> Result<(), BoxError> {
        loop {
            match self.hear().await?["type"].as_str() {
                Some("connection_ack") => return Ok(()),
                Some("ping" | "pong") => {}
                other => return Err(format!("{other:?} came before the acknowledgement").into()),
            }
        }
    }

    pub(super) async fn subscribe(&mut self, document: Document, variables: Value) -> Result<(), BoxError> {
        let id = self.next.to_string();
        self.next += 1;
        let payload =
            json!({ "query": document.text, "operationName": document.name, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await
    }

    /// The next word of any subscription.
    pub(super) async fn word(&mut self) -> Result<Word, BoxError> {
        loop {
            let message = self.hear().await?;
            match message["type"].as_str() {
                Some("next") => return data(&message["payload"]),
                Some("complete") => return Ok(Word::Complete),
                Some("error") => return Err(said(&message["payload"]).into()),
                Some("ping") => self.say(json!({ "type": "pong" })).await?,
                _ => {}
            }
        }
    }

    async fn say(&mut self, message: Value) -> Result<(), BoxError> {
        Ok(self.stream.send(Message::text(message.to_string())).await?)
    }

    /// One message in JSON; a connection that is silent and does not answer is given up.
    async fn hear(&mut self) -> Result<Value, BoxError> {
        loop {
            let heard = timeout(SILENCE, self.stream.next()).await;
            let frame = if let Ok(frame) = heard { frame } else { self.prod().await? };
            match frame.ok_or("the connection was closed")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(_) => return Err("the connection was closed".into()),
                _ => {}
            }
        }
    }

    /// Asks whether anybody is there, and waits for whatever comes next.
    async fn prod(&mut self) -> Result<Frame, BoxError> {
        self.stream.send(Message::Ping(Vec::new().into())).await?;
        Ok(timeout(ALIVE, self.stream.next()).await?)
    }
}

type Frame = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

fn data(payload: &Value) -> Result<Word, BoxError> {
    if payload["errors"].as_array().is_some_and(|errors| !errors.is_empty()) {
        return Err(said(&payload["errors"]).into());
    }
    Ok(Word::Data(payload["data"].clone()))
}

fn said(errors: &Value) -> String {
    harmless(errors[0]["message"].as_str().unwrap_or("an error without a message"))
}
