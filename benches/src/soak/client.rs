use std::net::SocketAddr;

use bytes::Bytes;
use handover_core::Slot;
use http::{HeaderMap, Response, StatusCode};

use crate::book::Book;
use crate::connection::Connection;
use crate::kind::Kind;
use crate::upstream::{SLOT, STAMP};

/// A user of the cutover soak: knows what each answer must hold, and by whom it may be given.
#[derive(Debug)]
pub(crate) struct Client {
    connection: Connection,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self, String> {
        Ok(Self { connection: Connection::open(address).await? })
    }

    /// Sends one request and takes the whole answer; tells whether the wrong slot gave it.
    pub(crate) async fn ask(&mut self, kind: Kind, book: &Book) -> Result<bool, String> {
        let judged = self.exchange(kind, book).await;
        judged.map_err(|why| format!("{}: {why}", kind.path()))
    }

    async fn exchange(&mut self, kind: Kind, book: &Book) -> Result<bool, String> {
        self.connection.ready().await?;
        let sent = book.send();
        let answer = self.connection.ask((kind.method(), kind.path(), kind.sends())).await?;
        let (slot, stamp) = checked(kind, &answer)?;
        Ok(book.answered(sent, slot, stamp))
    }
}

/// Who gave the answer, and its stamp; an error where it is not the answer to this kind of request.
fn checked(kind: Kind, answer: &Response<Bytes>) -> Result<(Slot, u64), String> {
    if answer.status() != StatusCode::OK {
        return Err(format!("{}: {}", answer.status(), String::from_utf8_lossy(answer.body())));
    }
    if answer.body() != kind.wants() {
        return Err(format!("the answer has {} bytes, not what was wanted", answer.body().len()));
    }
    signed(answer.headers()).ok_or_else(|| "the answer is not signed by an upstream".into())
}

fn signed(headers: &HeaderMap) -> Option<(Slot, u64)> {
    let text = |name| headers.get(name)?.to_str().ok();
    Some((text(SLOT)?.parse().ok()?, text(STAMP)?.parse().ok()?))
}
