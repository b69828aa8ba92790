use std::io;
use std::time::Duration;

use ::axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::connection::serve_connection;
use crate::race::{First, race};
use crate::{Drained, Lifecycle, Stage};

/// Before a listener that has run out of files is asked again.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Serves until a drain has ended: connections are taken during its delay, then ended gracefully, and cut at its deadline.
///
/// From the beginning of the drain every answer says `Connection: close`, so that clients that keep connections have
/// moved on before theirs would be closed in their face. When connections are to be closed, one that has no request
/// under way is given a second to bring the rest of one. What was upgraded (a WebSocket) is the application's own from
/// then on and not waited for: it can wait for [`Lifecycle::reached`]; an answer that never ends (server-sent events)
/// is cut at the deadline.
///
/// # Errors
///
/// The listener failed.
///
/// # Cancellation
///
/// Dropping the future cuts every connection.
pub async fn serve(listener: TcpListener, app: Router, lifecycle: &Lifecycle) -> io::Result<Drained> {
    let mut connections = JoinSet::new();
    let taken = take(listener, &app, lifecycle, &mut connections).await;
    let ended = race(all_of(&mut connections), lifecycle.reached(Stage::Cutting)).await;
    // With the set goes what is still open.
    connections.shutdown().await;
    lifecycle.stopped();
    taken?;
    Ok(match ended {
        First::Left(()) => Drained::Clean,
        First::Right(()) => Drained::Cut,
    })
}

/// Takes connections until none are to be taken any more.
async fn take(
    listener: TcpListener,
    app: &Router,
    lifecycle: &Lifecycle,
    connections: &mut JoinSet<()>,
) -> io::Result<()> {
    loop {
        match race(listener.accept(), lifecycle.reached(Stage::Closing)).await {
            First::Left(Ok((stream, _))) => {
                connections.spawn(serve_connection(prompt(stream), app.clone(), lifecycle.clone()));
                while connections.try_join_next().is_some() {}
            }
            First::Left(Err(error)) if is_of_one_connection(&error) => (),
            First::Left(Err(error)) if is_out_of_files(&error) => sleep(OUT_OF_FILES).await,
            First::Left(Err(error)) => return Err(error),
            First::Right(()) => return Ok(()),
        }
    }
}

async fn all_of(connections: &mut JoinSet<()>) {
    while connections.join_next().await.is_some() {}
}

/// An answer must not wait for a second packet; where the option is refused, it may.
fn prompt(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}

/// Whoever wanted it has left already.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// It passes with the next connection that ends. EMFILE and ENFILE have no kind of their own.
fn is_out_of_files(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24))
}
