//! The store in Redis, on real servers.
#![expect(clippy::print_stdout, reason = "figures are shown with --nocapture")]

mod calls;
mod changes;
#[cfg(feature = "testkit")]
mod conformance;
mod errors;
mod evictions;
mod hostile;
mod ladder;
mod outages;
mod outside;
mod schedules;
mod spread;
#[cfg(feature = "redis-tls")]
mod tls;
mod told;
mod writes;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use handover_flags::{Change, FlagName, FlagStore as _, Held, Key, RedisStore};
use handover_testing::Redis;

use self::told::Told;

/// Long enough that it decides nothing.
const PLENTY: Duration = Duration::from_mins(10);

/// A store that reads everything again only when it must.
fn store(url: &str) -> RedisStore {
    RedisStore::new(url).unwrap().with_reconcile(PLENTY)
}

/// A watcher that has been told everything.
async fn watching(redis: &Redis) -> Told {
    watching_at(&redis.url()).await
}

async fn watching_at(url: &str) -> Told {
    Told::begun(store(url).watch()).await
}

fn gate(name: &str) -> Key {
    Key::Gate(FlagName::new(name).unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "what is held may be nothing")]
fn on() -> Option<Held> {
    Some(Held::from("true"))
}

#[expect(clippy::unnecessary_wraps, reason = "what is held may be nothing")]
fn off() -> Option<Held> {
    Some(Held::from("false"))
}

fn me() -> Change {
    Change::by("me")
}

/// Runs lines on one connection, and returns what is answered.
fn lines(redis: &Redis, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(redis.addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "{}\r\nECHO that-is-all\r\n", lines.join("\r\n")).unwrap();
    let (mut said, mut bytes) = (String::new(), [0; 4_096]);
    while !said.ends_with("that-is-all\r\n") {
        let read = stream.read(&mut bytes).unwrap();
        assert!(read > 0, "closed after {said}");
        said.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    said
}
