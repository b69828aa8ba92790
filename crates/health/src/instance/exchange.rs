//! A request and its answer on a connection that lives as long as this future.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{ProbeClass, ProbeError, cause};

/// The most a head may take; a larger one is no sane answer, and counts as [`ProbeClass::Protocol`].
const HEAD_CAP: usize = 64 * 1_024;

/// Sends `request` to `addr` and reads an answer of at most `cap` bytes.
pub(super) async fn exchange(
    addr: SocketAddr,
    request: Request<Empty<Bytes>>,
    cap: usize,
) -> Result<Response<Bytes>, ProbeError> {
    let stream = TcpStream::connect(addr).await.map_err(|error| failed(&error))?;
    // An answer must not wait for a second packet; where the option is refused, it may.
    let _ = stream.set_nodelay(true);
    let mut client = http1::Builder::new();
    client.max_buf_size(HEAD_CAP);
    let (mut sender, connection) =
        client.handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    let asking = async {
        let response = sender.send_request(request).await.map_err(|error| failed(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, cap).collect().await.map_err(|error| failed(&*error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    driven(asking, connection).await
}

/// Runs both. The connection may end first: that wakes the asking, whose last bytes are then still to be read.
async fn driven<T>(asking: impl Future<Output = T>, connection: impl Future) -> T {
    let (mut asking, mut connection) = (pin!(asking), pin!(connection));
    let mut open = true;
    poll_fn(|cx| {
        if let Poll::Ready(answer) = asking.as_mut().poll(cx) {
            return Poll::Ready(answer);
        }
        if open && connection.as_mut().poll(cx).is_ready() {
            open = false;
        }
        Poll::Pending
    })
    .await
}

fn failed(error: &(dyn Error + 'static)) -> ProbeError {
    cause::failed(error, known)
}

fn known(error: &(dyn Error + 'static)) -> Option<ProbeClass> {
    if error.is::<LengthLimitError>() {
        return Some(ProbeClass::TooLarge);
    }
    cause::of_stream(error).or_else(|| error.downcast_ref().and_then(cause::of_hyper))
}
