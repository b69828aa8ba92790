//! Again and again.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use handover_testing::until;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::super::server::{Server, answer, nobody};
use super::{check, filters};
use crate::e2e::terminal::terminal;
use crate::handover::handover;

/// A server whose status a test changes.
fn changing() -> (Server, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(200));
    let now = Arc::clone(&status);
    let server = Server::new(move |_| Some(answer(now.load(Ordering::SeqCst), "text/plain", "so")));
    (server, status)
}

/// A command that watches, whose lines are read as they come.
struct Watching {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    _folder: TempDir,
}

impl Watching {
    fn start(args: &[&str]) -> Self {
        let folder = tempdir().unwrap();
        let mut command = handover(folder.path());
        command.args(["health", "check", "--watch", "--every", "20ms"]).args(args).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines, _folder: folder }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    fn interrupt(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        ended(&mut self.child)
    }
}

fn ended(child: &mut Child) -> Option<i32> {
    until("the command ends", || child.try_wait().unwrap()).code()
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn only_changes_are_told_with_how_long_the_last_state_held() {
    let ((server, status), _filters) = (changing(), filters());
    let mut watching = Watching::start(&["--fall", "2", "--rise", "2", &server.url("/")]);
    let mut told = watching.line() + &watching.line();
    status.store(500, Ordering::SeqCst);
    told += &watching.line();
    status.store(200, Ordering::SeqCst);
    told += &watching.line();
    // A 503 needs no second opinion.
    status.store(503, Ordering::SeqCst);
    told += &watching.line();
    insta::assert_snapshot!(told, @"
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  not known
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  well, after T not known
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  not well, after T well: answered 500: so
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  well, after T not well
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  not well, after T well: answered 503: so
    ");
    let asked = server.asked().len();
    assert!(asked >= 7, "{asked}");
}

#[test]
fn a_503_counts_at_once_and_another_bad_answer_does_not() {
    for (status, lines) in [(503, 3), (500, 1)] {
        let answers = AtomicU16::new(0);
        let server = Server::new(move |_| {
            let second = answers.fetch_add(1, Ordering::SeqCst) == 1;
            Some(answer(if second { status } else { 200 }, "text/plain", ""))
        });
        let (code, out, _) =
            check(&["--watch", "--every", "1ms", "-n", "4", "--fall", "5", &server.url("/")]);
        assert_eq!((code, out.lines().count()), (0, lines), "{status}: {out}");
    }
}

#[test]
fn one_bad_answer_is_no_change() {
    let answers = AtomicU16::new(0);
    let server = Server::new(move |_| {
        let bad = answers.fetch_add(1, Ordering::SeqCst) % 3 == 2;
        Some(answer(if bad { 500 } else { 200 }, "text/plain", ""))
    });
    let (code, out, _) = check(&["--watch", "--every", "1ms", "-n", "30", "--fall", "2", &server.url("/")]);
    assert_eq!((code, out.lines().count(), server.asked().len()), (0, 1, 30), "{out}");
}

#[test]
fn the_exit_code_says_how_things_stood_at_the_end() {
    let (server, status) = changing();
    let mut watching = Watching::start(&["--fall", "1", &server.url("/")]);
    watching.line();
    status.store(500, Ordering::SeqCst);
    watching.line();
    assert_eq!(watching.interrupt(), Some(3));
    status.store(200, Ordering::SeqCst);
    let mut watching = Watching::start(&[&server.url("/")]);
    watching.line();
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn programs_get_an_object_per_change() {
    let ((server, status), _filters) = (changing(), filters());
    let mut watching = Watching::start(&["--json", "--fall", "1", &server.url("/")]);
    let first: Value = serde_json::from_str(&watching.line()).unwrap();
    assert_eq!((&first["version"], &first["was"], &first["is"]), (&1.into(), &Value::Null, &"well".into()));
    status.store(500, Ordering::SeqCst);
    insta::assert_snapshot!(watching.line(), @r#"{"version":1,"at":0,"was":"well","is":"unwell","held_ms":0,"asked":{"url":"http://127.0.0.1:PPPPP/health/ready","verdict":"unwell","status":500,"elapsed_ms":0,"class":"status_5xx","why":"answered 500: so","hint":null,"checks":[]}}"#);
}

#[test]
fn it_ends_when_nobody_reads_any_more_though_there_is_nothing_to_tell() {
    let (server, _) = changing();
    let mut watching = Watching::start(&[&server.url("/")]);
    watching.line();
    let Watching { child, lines, .. } = &mut watching;
    // What is left behind is a reader that hung up.
    *lines = BufReader::new(child_that_says_nothing());
    assert_eq!(ended(child), Some(0));
}

#[test]
fn two_kinds_of_well_and_two_of_not_well_are_told_apart() {
    let _filters = filters();
    let now = Arc::new(AtomicU16::new(0));
    let at = Arc::clone(&now);
    let server = Server::new(move |_| {
        let (status, body) = match at.load(Ordering::SeqCst) {
            0 => (200, r#"{"status":"ready","checks":{"api":"ok"}}"#),
            1 => (200, r#"{"status":"ready","checks":{"api":"error"},"degraded":true}"#),
            2 => (503, r#"{"status":"not_ready","checks":{"api":"error"}}"#),
            _ => (503, r#"{"status":"not_ready","checks":{"api":"unknown"}}"#),
        };
        Some(answer(status, super::JSON, body))
    });
    // What is not told ends this as well.
    let mut watching = Watching::start(&["-n", "1000", &server.url("/")]);
    let mut told = watching.line();
    for next in [1, 0, 2, 3, 2, 0] {
        now.store(next, Ordering::SeqCst);
        told += &watching.line();
    }
    insta::assert_snapshot!(told, @"
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  well
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  degraded, after T well: api error
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  well, after T degraded
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  not well, after T well: answered 503 (api error)
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  starting, after T not well: answered 503 (api unknown)
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  not well, after T starting: answered 503 (api error)
    HH:MM:SS  http://127.0.0.1:PPPPP/health/ready  well, after T not well
    ");
}

#[test]
fn fewer_looks_than_settle_it_end_as_the_last_answer() {
    let refused = format!("http://127.0.0.1:{}", nobody());
    assert_eq!(check(&["--watch", "--every", "1ms", "-n", "1", &refused]).0, 3);
    assert_eq!(check(&["--watch", "--every", "1ms", "-n", "2", "--rise", "3", &refused]).0, 3);
    let server = Server::saying(200, "");
    assert_eq!(check(&["--watch", "-n", "1", "--rise", "3", &server.url("/")]).0, 0);
}

fn child_that_says_nothing() -> std::process::ChildStdout {
    let mut child = std::process::Command::new("true").stdout(Stdio::piped()).spawn().unwrap();
    let out = child.stdout.take().unwrap();
    child.wait().unwrap();
    out
}

/// A command on a terminal, and the terminal's hardware end.
fn on_terminal(args: &[&str]) -> (Child, std::fs::File, TempDir) {
    let (screen, programs) = terminal();
    let folder = tempdir().unwrap();
    let mut command = handover(folder.path());
    command.args(["health", "check"]).args(args).env("TERM", "xterm").env("NO_COLOR", "1");
    let end = || Stdio::from(programs.try_clone().unwrap());
    let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
    (child, screen.into(), folder)
}

/// Reads the screen until `so`, or until nobody writes on it any more.
fn read_until(screen: &mut std::fs::File, so: impl Fn(&str) -> bool) -> String {
    let (mut seen, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        match screen.read(&mut piece) {
            _ if so(&text) => return text,
            Ok(read) if read > 0 => seen.extend_from_slice(&piece[..read]),
            _ => return text,
        }
    }
}

#[test]
fn on_a_terminal_it_is_one_table_that_is_drawn_again() {
    let ((server, _), _filters) = (changing(), filters());
    let args = ["--watch", "--every", "1ms", "-n", "3", &server.url("/health/ready")];
    let (mut child, mut screen, _folder) = on_terminal(&args);
    let shown = read_until(&mut screen, |_| false).replace('\r', "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let tables: Vec<_> = shown.split("\u{1b}[H\u{1b}[2J").skip(1).collect();
    assert_eq!(tables.len(), 3, "{shown:?}");
    insta::assert_snapshot!(tables[2].replace("\u{1b}[K", ""), @"
    HH:MM:SS  well

    ASKED                                STANDING  FOR  STATUS  TIME  LAST ANSWER
    http://127.0.0.1:PPPPP/health/ready  well  T  200  T
    ");
}

#[test]
fn who_waits_on_a_terminal_is_told_that_it_goes_on() {
    let silent = Server::new(|_| None);
    let args = ["--timeout", "50s", &silent.url("/x"), &format!("http://127.0.0.1:{}", nobody())];
    let (child, mut screen, _folder) = on_terminal(&args);
    let seen = read_until(&mut screen, |seen| seen.contains("asking: 1 of 2 answered"));
    assert!(seen.contains("asking: 1 of 2 answered"), "{seen:?}");
    drop(silent);
    let rest = read_until(&mut screen, |_| false);
    // The line is gone before the result is there.
    let (_, result) = rest.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(result.starts_with("ASKED"), "{rest:?}");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(3));
}
