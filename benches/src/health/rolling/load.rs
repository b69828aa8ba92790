use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

/// Users, each on a connection that is kept.
const USERS: u32 = 100;
/// Nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// This many failures are told in words.
const TOLD: usize = 3;

/// What users saw.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) asked: u64,
    pub(crate) failed: u64,
    pub(crate) told: Vec<String>,
    times: Vec<Duration>,
}

/// So many requests a second, whatever becomes of them.
pub(crate) struct Load {
    over: Arc<AtomicBool>,
    users: JoinSet<Tally>,
}

/// What a user asks, by turns: mostly quick things, some that take a moment, of which half cannot be asked twice.
const REQUESTS: [&str; 10] = [
    "GET /",
    "GET /",
    "POST /report",
    "GET /",
    "GET /",
    "GET /report",
    "GET /",
    "POST /scans",
    "GET /",
    "GET /",
];

impl Load {
    pub(crate) fn start(addr: SocketAddr, rate: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let mut users = JoinSet::new();
        let (start, apart) = (Instant::now(), Duration::from_secs(1) / rate);
        for user in 0..USERS {
            let mut ticks = interval_at(start + apart * user, apart * USERS);
            // A request that took long does not make the next ones fewer.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let over = over.clone();
            users.spawn(async move {
                let (mut tally, mut kept) = (Tally::default(), None);
                for number in user.. {
                    ticks.tick().await;
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let words = REQUESTS[number as usize % REQUESTS.len()];
                    let begun = Instant::now();
                    tally.note(words, ask(addr, words, &mut kept).await, begun.elapsed());
                }
                tally
            });
        }
        Self { over, users }
    }

    pub(crate) async fn end(mut self) -> Tally {
        self.over.store(true, Ordering::Relaxed);
        let mut sum = Tally::default();
        while let Some(ended) = self.users.join_next().await {
            sum.add(ended.unwrap_or_default());
        }
        sum.times.sort_unstable();
        sum
    }
}

impl Tally {
    fn note(&mut self, words: &str, answer: Result<(), String>, took: Duration) {
        self.asked += 1;
        self.times.push(took);
        if let Err(why) = answer {
            self.failed += 1;
            self.told.push(format!("{words}: {why}"));
        }
    }

    fn add(&mut self, mut other: Self) {
        self.asked += other.asked;
        self.failed += other.failed;
        self.times.append(&mut other.times);
        self.told.append(&mut other.told);
        self.told.truncate(TOLD);
    }

    /// The 50th and the 99th, by nearest rank; zero where nobody asked.
    pub(crate) fn percentiles(&self) -> [Duration; 2] {
        [50, 99].map(|percent| {
            let rank = (self.times.len() * percent).div_ceil(100).saturating_sub(1);
            self.times.get(rank).copied().unwrap_or_default()
        })
    }
}

/// Wants 200. A connection that the edge has said it closes is not used again.
async fn ask(addr: SocketAddr, words: &str, kept: &mut Option<BufReader<TcpStream>>) -> Result<(), String> {
    let answered = timeout(PATIENCE, exchange(addr, words, kept)).await;
    match answered {
        Ok(Ok((200, close))) => {
            if close {
                *kept = None;
            }
            Ok(())
        }
        Ok(Ok((status, _))) => Err(format!("answered {status}")),
        Ok(Err(why)) => {
            *kept = None;
            Err(why.to_string())
        }
        Err(_) => {
            *kept = None;
            Err("no answer in 10 s".to_owned())
        }
    }
}

async fn exchange(
    addr: SocketAddr,
    words: &str,
    kept: &mut Option<BufReader<TcpStream>>,
) -> std::io::Result<(u16, bool)> {
    if kept.is_none() {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        *kept = Some(BufReader::new(stream));
    }
    let Some(stream) = kept.as_mut() else { return Err(std::io::ErrorKind::NotConnected.into()) };
    stream
        .write_all(format!("{words} HTTP/1.1\r\nhost: shop\r\ncontent-length: 0\r\n\r\n").as_bytes())
        .await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or_else(broken)?;
    stream.read_exact(&mut vec![0; length.trim().parse().map_err(|_| broken())?]).await?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    Ok((status, head.contains("connection: close")))
}
