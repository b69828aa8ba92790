use std::io;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};

use super::socket::{self, AdminSocket};

/// A connection to whoever asks.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

/// Where those come in who ask.
pub(crate) trait Door {
    /// What a connection is here.
    type Stream: Stream;

    /// The next one; `None` where whoever came may not come in.
    fn accept(&self) -> impl Future<Output = io::Result<Option<Self::Stream>>> + Send;
}

impl Door for AdminSocket {
    type Stream = UnixStream;

    async fn accept(&self) -> io::Result<Option<UnixStream>> {
        let (stream, _) = self.listener().accept().await?;
        if socket::may_use(&stream) {
            return Ok(Some(stream));
        }
        tracing::warn!("another user's connection to the admin socket was closed");
        Ok(None)
    }
}

/// A port that anybody may knock at: who may ask is the office's to say.
#[derive(Debug)]
pub(crate) struct TcpDoor(pub(crate) TcpListener);

impl Door for TcpDoor {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<Option<TcpStream>> {
        let (stream, _) = self.0.accept().await?;
        // One small answer per request: waiting for more to send would only make it late. It fails where the other side is
        // gone already, and that is no trouble of the listener's.
        let _ = stream.set_nodelay(true);
        Ok(Some(stream))
    }
}
