//! A path to the Runtime API that counts what is told, and may lose the answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// What becomes of a command that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is passed on, and its answer back.
    Passed,
    /// It is passed on, and its answer is lost.
    Unanswered,
    /// It is answered with this, and HAProxy never hears of it.
    Answered(&'static str),
}

/// A socket of its own before HAProxy's, served as long as the test's runtime runs.
pub(super) struct RuntimePath {
    pub(super) socket: PathBuf,
    told: Arc<AtomicU64>,
}

impl RuntimePath {
    /// Every command that changes something has the same fate.
    pub(super) fn start(folder: &Path, to: PathBuf, fate: Fate) -> Self {
        Self::with(folder, to, move |_| fate)
    }

    /// The fate of a command goes by how many came before it.
    pub(super) fn with(
        folder: &Path,
        to: PathBuf,
        fate: impl Fn(u64) -> Fate + Send + Sync + 'static,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let socket = folder.join(format!("path-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let (listener, told) = (UnixListener::bind(&socket).unwrap(), Arc::new(AtomicU64::new(0)));
        let (counted, fate) = (Arc::clone(&told), Arc::new(fate));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, to.clone(), Arc::clone(&counted), Arc::clone(&fate)));
            }
        });
        Self { socket, told }
    }

    /// How many commands to change something came by.
    pub(super) fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }
}

async fn pass(
    stream: UnixStream,
    to: PathBuf,
    told: Arc<AtomicU64>,
    fate: Arc<impl Fn(u64) -> Fate>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut command = String::new();
    if stream.read_line(&mut command).await? == 0 {
        return Ok(());
    }
    let changes = command.starts_with("set ");
    let fate = if changes { fate(told.fetch_add(1, Ordering::Relaxed)) } else { Fate::Passed };
    if let Fate::Answered(text) = fate {
        return stream.write_all(text.as_bytes()).await;
    }
    let mut haproxy = UnixStream::connect(to).await?;
    haproxy.write_all(command.as_bytes()).await?;
    let mut answer = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut haproxy, &mut answer).await?;
    if fate == Fate::Passed {
        stream.write_all(&answer).await?;
    }
    Ok(())
}
