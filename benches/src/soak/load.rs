use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::book::Book;
use crate::client::Client;
use crate::kind::Kind;
use crate::times::Times;

/// A patient client opens a new connection after this many requests, so that connecting is part of the load.
const PER_CONNECTION: u64 = 200;

/// This many failures are told in words.
const TOLD: usize = 5;

/// What the clients saw.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) failed: u64,
    /// Answered by the slot that an acknowledged cutover had taken the traffic from.
    pub(crate) late: u64,
    /// From sending to the last byte of the answer.
    pub(crate) times: Times,
    /// The first failures, in words.
    pub(crate) told: Vec<String>,
}

impl Tally {
    fn note(&mut self, took: Duration, answer: Result<bool, String>) {
        self.requests += 1;
        match answer {
            Ok(late) => {
                self.late += u64::from(late);
                self.times.push(took);
            }
            Err(why) => {
                self.failed += 1;
                self.tell([why]);
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.failed += other.failed;
        self.late += other.late;
        self.times.append(other.times);
        self.tell(other.told);
    }

    fn tell(&mut self, failures: impl IntoIterator<Item = String>) {
        let room = TOLD.saturating_sub(self.told.len());
        self.told.extend(failures.into_iter().take(room));
    }
}

/// Users of one address, until the book is closed.
#[derive(Debug)]
pub(crate) struct Load {
    clients: JoinSet<Tally>,
}

impl Load {
    /// Starts `patient` clients that send their next request when the last one is answered, on connections kept
    /// open, and `rate` strangers per second who come whatever happened to the others, each on a new connection.
    pub(crate) fn start(address: SocketAddr, book: &Arc<Book>, patient: usize, rate: u32) -> Self {
        let mut clients = JoinSet::new();
        for _ in 0..patient {
            clients.spawn(keep_asking(address, Arc::clone(book)));
        }
        if rate > 0 {
            clients.spawn(keep_coming(address, Arc::clone(book), rate));
        }
        Self { clients }
    }

    /// Waits for the last answers. The book must be closed.
    pub(crate) async fn finish(self) -> Tally {
        sum(self.clients).await
    }
}

async fn sum(mut clients: JoinSet<Tally>) -> Tally {
    let mut sum = Tally::default();
    while let Some(ended) = clients.join_next().await {
        match ended {
            Ok(tally) => sum.add(tally),
            Err(why) => sum.note(Duration::ZERO, Err(format!("a client broke: {why}"))),
        }
    }
    sum
}

async fn keep_asking(address: SocketAddr, book: Arc<Book>) -> Tally {
    let mut tally = Tally::default();
    let mut connected = None;
    while !book.is_over() {
        let began = Instant::now();
        let mut client = match connected.take() {
            Some(client) => client,
            None => match Client::connect(address).await {
                Ok(client) => client,
                Err(why) => {
                    tally.note(began.elapsed(), Err(why));
                    continue;
                }
            },
        };
        let answer = client.ask(Kind::nth(tally.requests), &book).await;
        let keep = answer.is_ok() && !tally.requests.is_multiple_of(PER_CONNECTION);
        tally.note(began.elapsed(), answer);
        connected = keep.then_some(client);
    }
    tally
}

async fn keep_coming(address: SocketAddr, book: Arc<Book>, rate: u32) -> Tally {
    // Ticks that were missed are made up for: a stalled edge must not be asked less.
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut strangers = JoinSet::new();
    for n in 0.. {
        ticks.tick().await;
        if book.is_over() {
            break;
        }
        strangers.spawn(come_once(address, Arc::clone(&book), Kind::nth(n)));
    }
    sum(strangers).await
}

async fn come_once(address: SocketAddr, book: Arc<Book>, kind: Kind) -> Tally {
    let mut tally = Tally::default();
    let began = Instant::now();
    let answer = match Client::connect(address).await {
        Ok(mut client) => client.ask(kind, &book).await,
        Err(why) => Err(why),
    };
    tally.note(began.elapsed(), answer);
    tally
}

#[cfg(test)]
mod tests {
    use handover_core::Slot;

    use super::*;
    use crate::upstream::Upstream;

    async fn load_until(requests: u64, slot: Slot) -> Tally {
        let book = Arc::new(Book::default());
        let (upstream, address) = Upstream::start(slot, Arc::clone(&book)).await.unwrap();
        let load = Load::start(address, &book, 2, 200);
        while upstream.arrived() < requests {
            tokio::task::yield_now().await;
        }
        book.close();
        load.finish().await
    }

    #[tokio::test]
    async fn a_sound_server_answers_everything_and_nothing_is_late() {
        let tally = load_until(500, Slot::Blue).await;
        assert!(tally.requests >= 500);
        assert_eq!((tally.failed, tally.late, tally.told), (0, 0, vec![]));
        assert_eq!(tally.times.summary().unwrap().n as u64, tally.requests);
    }

    #[tokio::test]
    async fn answers_by_the_wrong_slot_are_late() {
        let tally = load_until(50, Slot::Green).await;
        assert_eq!(tally.late, tally.requests);
    }

    #[tokio::test]
    async fn a_refused_connection_is_a_failure_with_its_reason() {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let tally = come_once(free, Arc::new(Book::default()), Kind::Quick).await;
        assert_eq!((tally.requests, tally.failed), (1, 1));
        assert!(tally.told[0].starts_with("connect: "), "{:?}", tally.told);
    }
}
