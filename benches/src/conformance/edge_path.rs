//! A way to the agent's socket on which requests and answers can get lost.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{UnixListener, UnixStream};

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The agent never hears of it.
    Request,
    /// The agent does it, and its answer is lost.
    Answer,
    /// The agent does it, and the first bytes of its answer come.
    Rest,
}

/// Which call is struck, counted from the first.
type Script = Arc<Mutex<Option<(u64, Loss)>>>;

/// A socket of its own before the agent's, served as long as its runtime runs. A call is a connection.
pub(crate) struct EdgePath {
    pub(crate) socket: PathBuf,
    calls: Arc<AtomicU64>,
    script: Script,
}

impl EdgePath {
    pub(crate) fn start(folder: &Path, agent: PathBuf) -> std::io::Result<Self> {
        let socket = folder.join("path.sock");
        let listener = UnixListener::bind(&socket)?;
        let path = Self { socket, calls: Arc::default(), script: Script::default() };
        let (calls, script) = (Arc::clone(&path.calls), Arc::clone(&path.script));
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let loss = struck(&script, calls.fetch_add(1, Ordering::Relaxed));
                tokio::spawn(pass(caller, agent.clone(), loss));
            }
        });
        Ok(path)
    }

    /// The call after this many others is struck.
    pub(crate) fn strike(&self, before: u64, loss: Loss) {
        self.set(Some((self.calls.load(Ordering::Relaxed) + before, loss)));
    }

    pub(crate) fn calm(&self) {
        self.set(None);
    }

    fn set(&self, to: Option<(u64, Loss)>) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

fn struck(script: &Script, call: u64) -> Option<Loss> {
    let struck = *script.lock().unwrap_or_else(PoisonError::into_inner);
    struck.filter(|(at, _)| *at == call).map(|(_, loss)| loss)
}

async fn pass(caller: UnixStream, agent: PathBuf, loss: Option<Loss>) -> std::io::Result<()> {
    let (mut asked, mut told) = caller.into_split();
    if loss == Some(Loss::Request) {
        return asked.read_u8().await.map(drop);
    }
    let (mut answer, mut request) = UnixStream::connect(agent).await?.into_split();
    let there = tokio::spawn(async move { copy(&mut asked, &mut request).await });
    let back = match loss {
        None => copy(&mut answer, &mut told).await.map(drop),
        Some(Loss::Rest) => {
            let mut first = [0; 24];
            answer.read_exact(&mut first).await?;
            told.write_all(&first).await
        }
        Some(_) => answer.read_u8().await.map(drop),
    };
    there.abort();
    back
}
