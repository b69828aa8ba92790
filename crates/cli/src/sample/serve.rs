use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use super::answer::Answers;
use super::say;

/// How long to wait after a failed accept: the system is out of something that comes back.
const ACCEPT_AGAIN: Duration = Duration::from_millis(20);

/// Serves until `stop`, then waits for every request and every upgraded connection that was begun.
pub(crate) async fn serve(listener: TcpListener, answers: Arc<Answers>, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    // Every task holds a sender; the receiver wakes when the last one is gone.
    let (alive, mut all_gone) = mpsc::channel::<()>(1);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, answers.clone(), stopped.clone(), alive.clone()));
            }
            Err(error) => {
                say(&format!("cannot accept a connection: {error}"));
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
    drop(listener);
    drop(alive);
    let _ = stopping.send(true);
    let _ = all_gone.recv().await;
}

async fn connection(
    stream: TcpStream,
    answers: Arc<Answers>,
    mut stopped: watch::Receiver<bool>,
    alive: mpsc::Sender<()>,
) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let (answers, alive) = (answers.clone(), alive.clone());
        async move { Ok::<_, Infallible>(answers.answer(request, alive).await) }
    });
    let http = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let mut http = std::pin::pin!(http.with_upgrades());
    // A connection that breaks is the client's business.
    tokio::select! {
        _ = &mut http => {}
        _ = stopped.changed() => {
            http.as_mut().graceful_shutdown();
            let _ = http.await;
        }
    }
}
