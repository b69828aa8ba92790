//! One command, one answer. What the answer means is told apart here: HAProxy gives no status.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::{NAME, RuntimeSocket, refused};
use crate::{BoxError, SwitchError};

/// Thousands of servers fit.
const LONGEST: u64 = 16 << 20;
/// So much of what HAProxy said is worth showing: its help is long.
const SHOWN: usize = 120;

/// HAProxy's Runtime API.
#[derive(Debug, Clone)]
pub(super) struct Runtime {
    socket: RuntimeSocket,
    limit: Duration,
}

/// Whether the command had left when it failed.
enum Failed {
    Unsent(io::Error),
    Sent(io::Error),
}

impl Runtime {
    pub(super) const fn new(socket: RuntimeSocket, limit: Duration) -> Self {
        Self { socket, limit }
    }

    /// Asks for something; nothing changes by it.
    pub(super) async fn ask(&self, command: &str) -> Result<String, SwitchError> {
        match self.exchange(command).await {
            Ok(text) if text.trim().is_empty() => Err(refused("it gave an empty answer".into())),
            Ok(text) if is_complaint(&text) => Err(refused(complaint(&text))),
            Ok(text) => Ok(text),
            Err(Failed::Unsent(why) | Failed::Sent(why)) => Err(self.unreachable(&why)),
        }
    }

    /// Tells HAProxy to do something. Only an empty answer means that it was done.
    pub(super) async fn tell(&self, command: &str) -> Result<(), SwitchError> {
        match self.exchange(command).await {
            Ok(text) if text.trim().is_empty() => Ok(()),
            Ok(text) => Err(refused(complaint(&text))),
            Err(Failed::Unsent(why)) => Err(self.unreachable(&why)),
            Err(Failed::Sent(why)) => {
                let source = Some(self.named(&why));
                Err(SwitchError::Unconfirmed { backend: NAME, after: self.limit, source })
            }
        }
    }

    async fn exchange(&self, command: &str) -> Result<String, Failed> {
        match &self.socket {
            RuntimeSocket::Unix(path) => {
                let stream = self.within(UnixStream::connect(path)).await.map_err(Failed::Unsent)?;
                self.converse(stream, command).await
            }
            RuntimeSocket::Tcp(address) => {
                let stream = self.within(TcpStream::connect(address)).await.map_err(Failed::Unsent)?;
                self.converse(stream, command).await
            }
        }
    }

    async fn converse<S>(&self, mut stream: S, command: &str) -> Result<String, Failed>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let line = format!("{command}\n");
        self.within(stream.write_all(line.as_bytes())).await.map_err(Failed::Sent)?;
        let mut text = String::new();
        let mut answer = stream.take(LONGEST);
        let read = self.within(answer.read_to_string(&mut text)).await.map_err(Failed::Sent)?;
        // Every answer ends with an empty line, also that of success: nothing at all is a socket that went away.
        if read == 0 {
            return Err(Failed::Sent(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "it closed without an answer",
            )));
        }
        Ok(text)
    }

    async fn within<T>(&self, io: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        let late = || io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {:?}", self.limit));
        timeout(self.limit, io).await.unwrap_or_else(|_| Err(late()))
    }

    fn unreachable(&self, why: &io::Error) -> SwitchError {
        SwitchError::Unreachable { backend: NAME, source: self.named(why) }
    }

    fn named(&self, why: &io::Error) -> BoxError {
        format!("its Runtime API at {}: {why}", self.socket).into()
    }
}

/// Tables begin with `#`, or with the version of their format; everything else is HAProxy saying no.
fn is_complaint(text: &str) -> bool {
    !text.trim_start().starts_with(['#', '1'])
}

fn complaint(text: &str) -> BoxError {
    let line = text.trim().lines().next().unwrap_or_default().trim_end_matches(':');
    line.chars().filter(|c| !c.is_control()).take(SHOWN).collect::<String>().into()
}
