//! The sample service, as the demo runs it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::handover::{handover, run};

/// How long anything here may take before the test is stuck rather than slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sample service that is ended with the test.
struct Sample {
    child: Child,
    port: u16,
}

impl Sample {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(port, folder, more)
    }

    fn start_at(port: u16, folder: &Path, more: &[&str]) -> Self {
        let mut command = handover(folder);
        command.args(["sample-service"]).args(more).env("PORT", port.to_string()).env("RELEASE", "v1");
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        Self { child, port }
    }

    fn connect(&self) -> TcpStream {
        let begin = Instant::now();
        loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                return stream;
            }
            assert!(begin.elapsed() < PATIENCE, "nobody listens on the port");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The whole answer to one request, head included.
    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        ask(&mut stream, path);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(stream: &mut TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nhost: sample\r\nconnection: close\r\n\r\n").unwrap();
}

#[test]
fn it_says_which_release_answers() {
    let dir = tempdir().unwrap();
    let sample = Sample::start(dir.path(), &[]);
    for (path, status, body) in [
        ("/", 200, "hello from v1\n"),
        ("/health/ready", 200, "ready from v1\n"),
        ("/smoke-test", 200, "fine from v1\n"),
        ("/slow?ms=1", 200, "at last from v1\n"),
        ("/absent", 404, "nothing here from v1\n"),
    ] {
        let answer = sample.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{path}: {answer}");
    }
    assert_eq!(sample.get("/stream?n=3&ms=1").matches("line ").count(), 3);
}

#[test]
fn it_misbehaves_as_told() {
    let dir = tempdir().unwrap();
    let sample = Sample::start(dir.path(), &["--never-ready", "--fail-smoke", "--fail-share", "0.5"]);
    assert!(sample.get("/health/ready").starts_with("HTTP/1.1 503"));
    assert!(sample.get("/smoke-test").starts_with("HTTP/1.1 500"));
    let failed = (0..10).filter(|_| sample.get("/").starts_with("HTTP/1.1 500")).count();
    assert_eq!(failed, 5);
}

#[test]
fn an_upload_is_counted_and_an_upgrade_is_echoed() {
    let dir = tempdir().unwrap();
    let sample = Sample::start(dir.path(), &[]);
    let mut stream = sample.connect();
    write!(stream, "POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("5 bytes from v1\n"), "{answer}");

    let mut stream = sample.connect();
    write!(stream, "GET /ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    // Told to stop, it still waits for the echo to be over.
    sample.terminate();
    stream.write_all(b"ping").unwrap();
    let mut echo = [0; 4];
    stream.read_exact(&mut echo).unwrap();
    assert_eq!(&echo, b"ping");
}

#[test]
fn a_request_that_was_begun_is_finished_before_it_stops() {
    let dir = tempdir().unwrap();
    let mut sample = Sample::start(dir.path(), &[]);
    let mut stream = sample.connect();
    ask(&mut stream, "/stream?n=20&ms=20");
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    sample.terminate();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("line 19"), "{rest}");
    assert_eq!(sample.child.wait().unwrap().code(), Some(0));
}

#[test]
fn it_can_fail_to_start_and_miss_its_port() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["sample-service", "--port", "1", "--exit-at-once"]);
    assert_eq!((code, out.as_str()), (1, ""));
    insta::assert_snapshot!(err, @r"
    error: could not run the sample service
      because: DATABASE_URL is not set
    ");
    // Held here, so that the only way to listen at all is to miss it.
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut sample = Sample::start_at(held.local_addr().unwrap().port(), dir.path(), &["--wrong-port"]);
    let mut said = [0; 15];
    sample.child.stderr.take().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(&said, b"v1 listens on 1");
}

#[test]
fn a_load_counts_what_the_sample_answers() {
    let dir = tempdir().unwrap();
    let sample = Sample::start(dir.path(), &["--fail-share", "0.2"]);
    drop(sample.connect());
    let target = format!("http://127.0.0.1:{}/", sample.port);
    let (code, out, err) = run(dir.path(), &["load", &target, "--for", "300ms", "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("failed"), 0, "{out}");
    assert_eq!(count("harmed"), count("requests") / 5, "{out}");
    assert_eq!(report["releases"]["v1"]["ok"], report["ok"]);
}
