//! The admin API's server: HTTP/1.1 on a Unix socket that only its owner and root may use.

mod answer;
mod handle;
mod route;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::sleep;

use crate::agent::Core;
use crate::tasks::Tasks;
pub(crate) use socket::{AdminSocket, socket_path};

/// After an error that concerns the listener itself, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// A client of this socket is a program on the same machine: it has its request ready.
const HEAD: Duration = Duration::from_secs(10);

/// Answers clients until the task is aborted.
pub(crate) async fn serve(listener: Arc<UnixListener>, core: Arc<Core>, tasks: Tasks) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) if socket::may_use(&stream) => {
                tasks.spawn(converse(stream, Arc::clone(&core), tasks.clone()));
            }
            Ok(_) => tracing::warn!("another user's connection to the admin socket was closed"),
            Err(error) => {
                tracing::warn!(%error, "the admin socket accepts nobody");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, core: Arc<Core>, tasks: Tasks) {
    let service = service_fn(move |request| handle::handle(request, Arc::clone(&core), tasks.clone()));
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEAD);
    // A client that goes away in the middle has nobody to tell.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}
