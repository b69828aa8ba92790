use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::Args;

/// Nobody waits for an answer longer than this.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What those who asked saw.
#[derive(Debug, Default)]
pub(crate) struct Stormed {
    /// Of each answer.
    pub(crate) times: Vec<Duration>,
    /// Answered with something else than 200, or not at all.
    pub(crate) failed: u32,
    pub(crate) took: Duration,
}

/// Asks `/health/ready` as often as `args` say, by as many at a time.
pub(crate) async fn storm(addr: SocketAddr, args: &Args) -> Stormed {
    let left = Arc::new(AtomicU32::new(args.requests));
    let begun = Instant::now();
    let mut askers = JoinSet::new();
    for _ in 0..args.connections {
        askers.spawn(ask_on(addr, left.clone()));
    }
    let mut sum = Stormed::default();
    while let Some(Ok(mut one)) = askers.join_next().await {
        sum.times.append(&mut one.times);
        sum.failed += one.failed;
    }
    sum.times.sort_unstable();
    sum.took = begun.elapsed();
    sum
}

async fn ask_on(addr: SocketAddr, left: Arc<AtomicU32>) -> Stormed {
    let mut seen = Stormed::default();
    let mut kept = None;
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
        match ask(addr, &mut kept).await {
            (Some(200), time) => seen.times.push(time),
            _ => seen.failed += 1,
        }
    }
    seen
}

/// The status, within [`PATIENCE`], and how long it took; the connection is kept where it can be.
pub(crate) async fn ask(
    addr: SocketAddr,
    kept: &mut Option<BufReader<TcpStream>>,
) -> (Option<u16>, Duration) {
    let begun = Instant::now();
    let status = timeout(PATIENCE, answered(addr, kept)).await.ok().and_then(Result::ok);
    if status.is_none() {
        *kept = None;
    }
    (status, begun.elapsed())
}

async fn answered(addr: SocketAddr, kept: &mut Option<BufReader<TcpStream>>) -> std::io::Result<u16> {
    if kept.is_none() {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        *kept = Some(BufReader::new(stream));
    }
    let Some(stream) = kept.as_mut() else { return Err(std::io::ErrorKind::NotConnected.into()) };
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: bench\r\n\r\n").await?;
    read(stream).await
}

/// A status, once the whole answer is read.
async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or_else(broken)?;
    let mut body = vec![0; length.trim().parse().map_err(|_| broken())?];
    stream.read_exact(&mut body).await?;
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)
}
