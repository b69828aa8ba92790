//! What written deployment strategies do: keep the last 1,000 durations of an endpoint, and with each request read
//! them all, sort them and take the element at 95 %.

use std::collections::VecDeque;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redis::Connection;
use tempfile::TempDir;

use crate::subject::{Recording, Subject, Writer, each, slow_subject};

const KEPT: usize = 1_000;

pub(crate) fn subjects() -> Vec<Box<dyn Subject>> {
    vec![slow_subject("sort the last 1,000 with each request", 1_000, InProcess::default)]
}

/// The same over a connection to a real server; `None` where there is none.
pub(crate) fn over_redis() -> Option<Box<dyn Subject>> {
    let program = std::env::var_os("HANDOVER_REDIS_SERVER").unwrap_or_else(|| "redis-server".into());
    let works = Command::new(&program).arg("--version").stdout(Stdio::null()).status();
    works.is_ok_and(|status| status.success()).then(|| {
        slow_subject("the same in Redis, three round trips", 50, move || Server::start(&program))
            as Box<dyn Subject>
    })
}

#[derive(Default)]
struct InProcess(Mutex<Vec<VecDeque<u64>>>);

impl Recording for InProcess {
    fn writer(&self) -> Writer<'_> {
        each(|took| {
            let mut endpoints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if endpoints.is_empty() {
                endpoints.push(VecDeque::new());
            }
            let kept = &mut endpoints[0];
            if kept.len() == KEPT {
                kept.pop_front();
            }
            kept.push_back(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            std::hint::black_box(p95(kept.iter().copied().collect()));
        })
    }

    fn p95(&mut self) -> Option<Duration> {
        let endpoints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        p95(endpoints.first()?.iter().copied().collect()).map(Duration::from_millis)
    }
}

fn p95(mut all: Vec<u64>) -> Option<u64> {
    all.sort_unstable();
    all.get(all.len() * 95 / 100).copied()
}

/// A server of the bench's own, with nothing on disk.
struct Server {
    process: Child,
    socket: std::path::PathBuf,
    _folder: TempDir,
}

impl Server {
    #[expect(clippy::expect_used, reason = "a bench may end with a message")]
    fn start(program: &std::ffi::OsStr) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.expect("a free port").port().to_string();
        let mut server = Command::new(program);
        server.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]);
        server.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = server.spawn().expect("redis-server starts");
        Self { process, socket: port.into(), _folder: folder }
    }

    #[expect(clippy::expect_used, reason = "a bench may end with a message")]
    fn connect(&self) -> Connection {
        let client =
            redis::Client::open(format!("redis://127.0.0.1:{}/", self.socket.display())).expect("an address");
        let tries = (0..200).find_map(|_| {
            let connection = client.get_connection().ok();
            if connection.is_none() {
                std::thread::sleep(Duration::from_millis(10));
            }
            connection
        });
        tries.expect("the server answers within two seconds")
    }
}

impl Recording for Server {
    fn writer(&self) -> Writer<'_> {
        let mut connection = self.connect();
        let mut number = 0_u64;
        each(move |took| {
            number += 1;
            std::hint::black_box(request(&mut connection, number, took));
        })
    }
}

/// Add, cut to the last 1,000, read all.
fn request(connection: &mut Connection, number: u64, took: Duration) -> Option<u64> {
    const KEY: &str = "response_times:GET:/api/orders";
    let member = format!("{{\"duration\":{},\"timestamp\":{number}}}", took.as_millis());
    redis::cmd("ZADD").arg(KEY).arg(number).arg(member).query::<()>(connection).ok()?;
    redis::cmd("ZREMRANGEBYRANK").arg(KEY).arg(0).arg(-1_001).query::<()>(connection).ok()?;
    let all: Vec<String> = redis::cmd("ZRANGE").arg(KEY).arg(0).arg(-1).query(connection).ok()?;
    let duration =
        |member: &String| serde_json::from_str::<serde_json::Value>(member).ok()?["duration"].as_u64();
    p95(all.iter().filter_map(duration).collect())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
