//! The admin API's server: HTTP/1.1 on a Unix socket that only its owner and root may use.

mod answer;
mod handle;
mod route;
mod socket;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::UnixStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::agent::Core;
use crate::tasks::Tasks;
pub(crate) use socket::{AdminSocket, socket_path};

/// After an error that concerns the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// A client of this socket is a program on the same machine: it has its request ready.
const HEAD: Duration = Duration::from_secs(10);

/// For answers that were begun when the agent ended.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// Answers clients until `ending` says so, and then those that are waiting for an answer.
pub(crate) async fn serve(
    socket: AdminSocket,
    core: Arc<Core>,
    tasks: Tasks,
    mut ending: watch::Receiver<bool>,
) {
    // Each conversation holds a sender: when the last one has ended, so has the channel.
    let (talking, mut silence) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = socket.listener().accept() => accepted,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        match accepted {
            Ok((stream, _)) if socket::may_use(&stream) => {
                let conversation = converse(stream, Arc::clone(&core), tasks.clone(), ending.clone());
                let talking = talking.clone();
                tasks.spawn(async move {
                    conversation.await;
                    drop(talking);
                });
            }
            Ok(_) => tracing::warn!("another user's connection to the admin socket was closed"),
            Err(error) => {
                tracing::warn!(%error, "the admin socket accepts nobody");
                sleep(PAUSE).await;
            }
        }
    }
    drop(talking);
    let _ = timeout(LAST_ANSWERS, silence.recv()).await;
}

async fn converse(stream: UnixStream, core: Arc<Core>, tasks: Tasks, mut ending: watch::Receiver<bool>) {
    let service = service_fn(move |request| handle::handle(request, Arc::clone(&core), tasks.clone()));
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
