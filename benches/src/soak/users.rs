use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use handover_core::Timestamp;
use http::{Method, Response, StatusCode};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::connection::Connection;

/// Users of the sample service who come at a fixed rate, whatever the answers do, and remember what they got.
///
/// Dropping it stops them.
#[derive(Debug)]
pub(crate) struct Users {
    shared: Arc<Shared>,
    pacer: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    /// Connections without a request on them.
    idle: Mutex<Vec<Connection>>,
    answers: Mutex<Vec<Answer>>,
}

/// What one request came to.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// When it was sent.
    pub(crate) sent: Instant,
    /// When the whole answer was there.
    pub(crate) got: Instant,
    /// The same by the wall clock, to compare with what other processes wrote down.
    pub(crate) at: Timestamp,
    pub(crate) by: Giver,
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Giver {
    /// A release, and whether it answered well.
    Release { name: String, well: bool },
    /// No release: no answer, or an error of somebody else's.
    Nobody { why: String },
}

impl Users {
    /// `rate` users per second from now on.
    pub(crate) fn come(address: SocketAddr, rate: u32) -> Self {
        let shared = Arc::new(Shared { address, idle: Mutex::default(), answers: Mutex::default() });
        let pacer = tokio::spawn(pace(Arc::clone(&shared), rate));
        Self { shared, pacer }
    }

    /// What was answered since the last time this was asked.
    pub(crate) fn take(&self) -> Vec<Answer> {
        std::mem::take(&mut *lock(&self.shared.answers))
    }
}

impl Drop for Users {
    fn drop(&mut self) {
        self.pacer.abort();
    }
}

async fn pace(shared: Arc<Shared>, rate: u32) {
    // Ticks that were missed are made up for: a stalled edge must not be asked less.
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut under_way = JoinSet::new();
    loop {
        ticks.tick().await;
        under_way.spawn(ask(Arc::clone(&shared)));
        while under_way.try_join_next().is_some() {}
    }
}

async fn ask(shared: Arc<Shared>) {
    let sent = Instant::now();
    let (answer, connection) = match open(&shared).await {
        Ok(mut connection) => (connection.ask((Method::GET, "/", Bytes::new())).await, Some(connection)),
        Err(why) => (Err(why), None),
    };
    if answer.is_ok() {
        lock(&shared.idle).extend(connection);
    }
    let by = answer.map_or_else(|why| Giver::Nobody { why }, |answer| Giver::of(&answer));
    lock(&shared.answers).push(Answer { sent, got: Instant::now(), at: Timestamp::now(), by });
}

/// An idle connection that is still open, else a new one.
async fn open(shared: &Shared) -> Result<Connection, String> {
    loop {
        let Some(mut idle) = lock(&shared.idle).pop() else { break };
        if idle.ready().await.is_ok() {
            return Ok(idle);
        }
    }
    Connection::open(shared.address).await
}

impl Giver {
    /// The sample service ends each of its answers with `from <release>`.
    fn of(answer: &Response<Bytes>) -> Self {
        let said = String::from_utf8_lossy(answer.body());
        match said.trim_end().rsplit_once(" from ") {
            Some((_, name)) => {
                Self::Release { name: name.to_owned(), well: answer.status() == StatusCode::OK }
            }
            None => Self::Nobody { why: format!("{}: {}", answer.status(), said.trim_end()) },
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn giver(status: StatusCode, body: &'static str) -> Giver {
        let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
        *answer.status_mut() = status;
        Giver::of(&answer)
    }

    #[test]
    fn an_error_is_the_releases_only_where_the_release_signed_it() {
        let release = |well| Giver::Release { name: "v3".into(), well };
        assert_eq!(giver(StatusCode::OK, "hello from v3\n"), release(true));
        assert_eq!(giver(StatusCode::INTERNAL_SERVER_ERROR, "sorry from v3\n"), release(false));
        let nobody = Giver::Nobody { why: "503 Service Unavailable: no release is ready".into() };
        assert_eq!(giver(StatusCode::SERVICE_UNAVAILABLE, "no release is ready\n"), nobody);
    }
}
