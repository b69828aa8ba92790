//! The admin API's server: HTTP/1.1, on a Unix socket that only its owner and root may use, or on TCP behind a token.

mod agent;
mod answer;
mod door;
mod handle;
mod route;
mod socket;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::tasks::Tasks;
pub(crate) use answer::Answer;
pub(crate) use door::{Door, TcpDoor};
pub(crate) use handle::{Not, drain, read, said, windows};
pub(crate) use socket::{AdminSocket, socket_path};

/// The answers that are not made of a result.
pub(crate) mod answers {
    pub(crate) use super::answer::{json, text};
}

/// After an error that concerns the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// A client is a program: it has its request ready.
const HEAD: Duration = Duration::from_secs(10);

/// For answers that were begun when the process ended.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How many may talk at once; whoever comes then waits.
const CONVERSATIONS: usize = 256;

/// Whoever answers at an admin API: what it offers, and to whom.
pub(crate) trait Office: Send + Sync + 'static {
    /// One of its endpoints, with what the path says.
    type Endpoint: Copy + Send + 'static;

    /// What it is, in refusals.
    const NAME: &'static str;

    /// The methods that the path under `/v1/` takes; `None` for an unknown path.
    fn offered(segments: &[&str]) -> Option<Vec<(Method, Self::Endpoint)>>;

    /// Whether whoever sends these headers may ask anything.
    fn admits(&self, headers: &HeaderMap) -> bool;

    /// Does what was asked.
    fn carry_out(
        &self,
        endpoint: Self::Endpoint,
        body: &[u8],
        query: &str,
    ) -> impl Future<Output = Result<Answer, Not>> + Send;
}

/// Answers clients until `ending` says so, and then those that are waiting for an answer.
pub(crate) async fn serve<O: Office>(
    door: impl Door,
    office: Arc<O>,
    tasks: Tasks,
    mut ending: watch::Receiver<bool>,
) {
    let room = Arc::new(Semaphore::new(CONVERSATIONS));
    // Each conversation holds a sender: when the last one has ended, so has the channel.
    let (talking, mut silence) = mpsc::channel::<()>(1);
    loop {
        // Closed by nobody, so there is always a permit to wait for.
        let guest = async { (Arc::clone(&room).acquire_owned().await, door.accept().await) };
        let (permit, accepted) = tokio::select! {
            guest = guest => guest,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        match accepted {
            Ok(Some(stream)) => {
                let conversation = converse(stream, Arc::clone(&office), tasks.clone(), ending.clone());
                let talking = talking.clone();
                tasks.spawn(async move {
                    conversation.await;
                    drop((talking, permit));
                });
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "the admin API accepts nobody");
                sleep(PAUSE).await;
            }
        }
    }
    drop(talking);
    let _ = timeout(LAST_ANSWERS, silence.recv()).await;
}

async fn converse<O: Office>(
    stream: impl door::Stream,
    office: Arc<O>,
    tasks: Tasks,
    mut ending: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| handle::handle(request, Arc::clone(&office), tasks.clone()));
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    // A client that goes away in the middle has nobody to tell.
    let ending = async { ending.wait_for(|ending| *ending).await.is_ok() };
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ending => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    use super::*;

    /// An office where everything takes no time.
    struct Quiet;

    impl Office for Quiet {
        type Endpoint = ();

        const NAME: &'static str = "office";

        fn offered(_: &[&str]) -> Option<Vec<(Method, ())>> {
            Some(vec![(Method::PUT, ())])
        }

        fn admits(&self, _: &HeaderMap) -> bool {
            true
        }

        async fn carry_out(&self, (): (), _: &[u8], _: &str) -> Result<Answer, Not> {
            Ok(answer::json(&()))
        }
    }

    /// What is answered to this beginning of a request, and after how long the connection is closed.
    async fn begun(text: &str) -> (String, Duration) {
        let (mut client, server) = duplex(4_096);
        let (_end, ending) = watch::channel(false);
        let (talking, began) = (converse(server, Arc::new(Quiet), Tasks::default(), ending), Instant::now());
        let asking = async {
            client.write_all(text.as_bytes()).await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let (answer, ()) = tokio::join!(asking, talking);
        (answer, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stalls_loses_its_place() {
        let (answer, after) = begun("PUT /v1/route HTT").await;
        assert!(
            !answer.starts_with("HTTP/1.1 2") && after <= HEAD + Duration::from_secs(1),
            "{answer} {after:?}"
        );
        let (answer, after) = begun("PUT /v1/route HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n12").await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("the request's body did not come within 10s"), "{answer}");
        assert!(after < Duration::from_secs(30), "{after:?}");
        let (answer, _) = begun("PUT /v1/route HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}
