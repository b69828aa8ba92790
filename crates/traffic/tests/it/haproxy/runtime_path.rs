//! A path to the Runtime API that counts what is told, and may lose the answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
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
    /// HAProxy never hears of it, and nobody answers.
    Dropped,
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
        Self::watched(folder, to, fate, || ())
    }

    /// The same, and somebody looks after each command that HAProxy was passed and that changes something.
    pub(super) fn watched(
        folder: &Path,
        to: PathBuf,
        fate: impl Fn(u64) -> Fate + Send + Sync + 'static,
        look: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let socket = folder.join(format!("path-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let (listener, told) = (UnixListener::bind(&socket).unwrap(), Arc::new(AtomicU64::new(0)));
        let way = Arc::new(Way { to, told: Arc::clone(&told), fate, look });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let way = Arc::clone(&way);
                tokio::spawn(async move { way.pass(stream).await });
            }
        });
        Self { socket, told }
    }

    /// How many commands to change something came by.
    pub(super) fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }
}

/// From the path's socket to HAProxy's.
struct Way<F, L> {
    to: PathBuf,
    told: Arc<AtomicU64>,
    fate: F,
    look: L,
}

impl<F: Fn(u64) -> Fate, L: Fn()> Way<F, L> {
    async fn pass(&self, stream: UnixStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut command = String::new();
        if stream.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        if !command.starts_with("set ") {
            return stream.write_all(&self.ask(&command).await?).await;
        }
        match (self.fate)(self.told.fetch_add(1, Ordering::Relaxed)) {
            Fate::Answered(text) => stream.write_all(text.as_bytes()).await,
            Fate::Dropped => Ok(()),
            Fate::Unanswered => self.tell(&command).await.map(drop),
            Fate::Passed => stream.write_all(&self.tell(&command).await?).await,
        }
    }

    async fn tell(&self, command: &str) -> std::io::Result<Vec<u8>> {
        let answer = self.ask(command).await;
        (self.look)();
        answer
    }

    async fn ask(&self, command: &str) -> std::io::Result<Vec<u8>> {
        let mut haproxy = UnixStream::connect(&self.to).await?;
        haproxy.write_all(command.as_bytes()).await?;
        let mut answer = Vec::new();
        haproxy.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}
