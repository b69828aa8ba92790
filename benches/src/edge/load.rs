//! Users who ask again as soon as they are answered, each on one connection that is kept; no pipelining.
//!
//! The request is the same bytes each time and an answer is read no further than needed to find its end, so that the
//! load costs less than what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// What is asked; every engine and the upstream take it as a browser's would be.
const REQUEST: &[u8] =
    b"GET /quick HTTP/1.1\r\nhost: bench.example\r\nuser-agent: bench\r\naccept: */*\r\n\r\n";

const WARMING: u8 = 0;
const MEASURED: u8 = 1;
const OVER: u8 = 2;

/// What the users saw between [`Load::begin`] and [`Load::end`].
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Answered with 200, in the time from sending to the last byte, in nanoseconds.
    pub(crate) nanos: Vec<u64>,
    /// Anything else.
    pub(crate) failed: u64,
}

/// Users of one address.
#[derive(Debug)]
pub(crate) struct Load {
    stage: Arc<AtomicU8>,
    users: JoinSet<Tally>,
}

impl Load {
    /// Users come, and are not measured yet.
    pub(crate) fn start(address: SocketAddr, connections: u16) -> Self {
        let stage = Arc::new(AtomicU8::new(WARMING));
        let mut users = JoinSet::new();
        for _ in 0..connections {
            users.spawn(User { address, stage: Arc::clone(&stage), stream: None }.keep_asking());
        }
        Self { stage, users }
    }

    /// From now on answers count.
    pub(crate) fn begin(&self) {
        self.stage.store(MEASURED, Ordering::Relaxed);
    }

    /// Nobody asks again.
    pub(crate) fn end(&self) {
        self.stage.store(OVER, Ordering::Relaxed);
    }

    /// Waits for the last answers.
    pub(crate) async fn finish(mut self) -> Tally {
        let mut sum = Tally::default();
        while let Some(ended) = self.users.join_next().await {
            let Ok(mut one) = ended else { continue };
            sum.nanos.append(&mut one.nanos);
            sum.failed += one.failed;
        }
        sum
    }
}

struct User {
    address: SocketAddr,
    stage: Arc<AtomicU8>,
    stream: Option<TcpStream>,
}

impl User {
    async fn keep_asking(mut self) -> Tally {
        let (mut tally, mut room) = (Tally::default(), vec![0; 16 * 1024]);
        loop {
            let began = Instant::now();
            let well = self.ask(&mut room).await;
            // What was asked before the end and answered after it is in neither count nor CPU time.
            match self.stage.load(Ordering::Relaxed) {
                OVER => return tally,
                MEASURED if well => tally.nanos.push(nanos(began.elapsed())),
                MEASURED => tally.failed += 1,
                _ => {}
            }
        }
    }

    /// One request; false where it was not answered with 200.
    async fn ask(&mut self, room: &mut [u8]) -> bool {
        let asked = async {
            let mut stream = match self.stream.take() {
                Some(stream) => stream,
                None => connect(self.address).await?,
            };
            stream.write_all(REQUEST).await?;
            let answer = read(&mut stream, room).await?;
            self.stream = (!answer.last).then_some(stream);
            Ok::<_, std::io::Error>(answer.well)
        };
        if let Ok(Ok(well)) = tokio::time::timeout(Duration::from_secs(10), asked).await {
            return well;
        }
        // A refused connection must not be asked for a million times a second.
        tokio::time::sleep(Duration::from_millis(1)).await;
        false
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

async fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// An answer that was read to its end.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    well: bool,
    /// The connection takes no further request.
    last: bool,
    length: usize,
}

async fn read(stream: &mut TcpStream, room: &mut [u8]) -> std::io::Result<Answer> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut room[filled..]).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        if let Some(answer) = Answer::of(&room[..filled]).filter(|answer| filled >= answer.length) {
            return Ok(answer);
        }
    }
}

impl Answer {
    /// What a head says, once it is complete; an answer without a length has no body.
    fn of(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let mut answer = Self { well: bytes.starts_with(b"HTTP/1.1 200"), last: false, length: end };
        for line in bytes[..end].split(|byte| *byte == b'\n') {
            if let Some(length) = value(line, b"content-length:") {
                answer.length = end + length.parse::<usize>().unwrap_or(usize::MAX - end);
            } else if value(line, b"connection:") == Some("close") {
                answer.last = true;
            }
        }
        Some(answer)
    }
}

fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let (found, value) = line.split_at_checked(name.len())?;
    found.eq_ignore_ascii_case(name).then(|| str::from_utf8(value.trim_ascii()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says_and_may_be_the_last() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
        let answer = Answer::of(whole).unwrap();
        assert_eq!(answer, Answer { well: true, last: true, length: whole.len() });
        assert_eq!(Answer::of(&whole[..whole.len() - 5]), None, "the head is not complete");
        let failed = Answer::of(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").unwrap();
        assert!(!failed.well && !failed.last);
    }
}
