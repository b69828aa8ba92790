//! `handover edge`: what it needs, how it ends, and whom it finds under a name.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::tempdir;

use crate::handover::{handover, run};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// An address nobody listens at.
fn free(ip: Ipv4Addr) -> SocketAddr {
    TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap()
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begin.elapsed() < Duration::from_mins(1), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Sends one request without a body; everything that comes back.
fn ask(to: SocketAddr, head: &str, headers: &str) -> Option<String> {
    let mut stream = TcpStream::connect(to).ok()?;
    write!(stream, "{head} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n{headers}\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    text.starts_with("HTTP/1.1 ").then_some(text)
}

/// A process that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn release(folder: &Path, name: &str, at: SocketAddr) -> Running {
    let mut command = handover(folder);
    let (host, port) = (at.ip().to_string(), at.port().to_string());
    command.args(["sample-service", "--release", name, "--host", &host, "--port", &port]);
    let running = Running(command.stderr(Stdio::null()).spawn().unwrap());
    until("the release answers", || ask(at, "GET /", ""));
    running
}

/// The arguments of an edge before these two.
fn args(users: SocketAddr, admin: SocketAddr, blue: &str, green: &str) -> Vec<String> {
    let words =
        ["edge", "--state-dir", "s", "--listen", "U", "--admin", "A", "--blue", blue, "--green", green];
    let given = |word: &str| match word {
        "U" => users.to_string(),
        "A" => admin.to_string(),
        word => word.to_owned(),
    };
    words.into_iter().map(given).collect()
}

#[test]
fn an_edge_needs_a_folder_a_token_and_an_address_for_either_slot() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("short"), "s3cret\n").unwrap();
    let start = ["edge", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let both = ["--blue", "localhost:1", "--green", "localhost:2"];
    let said: Vec<String> = [
        vec!["--blue", "localhost:1"],
        vec!["--blue", "http://localhost:1/", "--green", "localhost:2"],
        both.to_vec(),
        [&both[..], &["--state-dir", "s"]].concat(),
        [&both[..], &["--state-dir", "s", "--token-file", "short"]].concat(),
        [&both[..], &["--state-dir", "s", "--token-file", "none"]].concat(),
        [&both[..], &["--state-dir", "s", "--begin", "red"]].concat(),
    ]
    .into_iter()
    .map(|more| {
        let (code, out, err) = run(dir.path(), &[&start[..], &more].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(!err.contains("s3cret"));
        err.split("\n\nUsage").next().unwrap().trim().to_owned()
    })
    .collect();
    insta::assert_snapshot!(said.join("\n---\n"), @r#"
    error: the following required arguments were not provided:
      --green <HOST:PORT>...
    ---
    error: invalid value 'http://localhost:1/' for '--blue <HOST:PORT>...': "http://localhost:1/" is not an address such as "127.0.0.1:3000" or "shop-blue.railway.internal:3000"

    For more information, try '--help'.
    ---
    error: could not run the edge
      because: `--state-dir` is missing: the folder in which its route is kept

    hint: name a folder that outlives the process, such as `--state-dir /data`
    ---
    error: could not run the edge
      because: it has no token: neither `--token-file` nor `HANDOVER_EDGE_TOKEN` is there

    hint: `openssl rand -hex 32 > token` makes one
    ---
    error: could not run the edge
      because: the token has 6 characters; it needs 32 at least

    hint: `openssl rand -hex 32` makes a good one
    ---
    error: could not run the edge
      because: could not read the token in DIR/none
      because: No such file or directory (os error 2)

    hint: `openssl rand -hex 32` makes a good one
    ---
    error: invalid value 'red' for '--begin <SLOT>': slot `red` is neither blue nor green

    For more information, try '--help'.
    "#);
}

#[test]
fn told_to_stop_it_ends_well_and_what_it_said_is_text_or_json() {
    let dir = tempdir().unwrap();
    let (blue, green) = (free(Ipv4Addr::LOCALHOST), free(Ipv4Addr::LOCALHOST));
    let _release = release(dir.path(), "v1", blue);
    for json in [false, true] {
        let (users, admin) = (free(Ipv4Addr::LOCALHOST), free(Ipv4Addr::LOCALHOST));
        let mut command = handover(dir.path());
        command.args(args(users, admin, &blue.to_string(), &green.to_string()));
        command.args(json.then_some("--json")).env("HANDOVER_EDGE_TOKEN", TOKEN);
        let mut edge = Running(command.stderr(Stdio::piped()).spawn().unwrap());
        let answer = until("the edge answers", || ask(users, "GET /", ""));
        assert!(answer.contains("v1"), "{answer}");
        let token = format!("authorization: Bearer {TOKEN}\r\n");
        assert!(ask(admin, "GET /v1/edge", "").unwrap().starts_with("HTTP/1.1 401"));
        assert!(ask(admin, "GET /v1/edge", &token).unwrap().starts_with("HTTP/1.1 200"));
        kill_process(Pid::from_child(&edge.0), Signal::TERM).unwrap();
        let mut said = String::new();
        edge.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(edge.0.wait().unwrap().success(), "{said}");
        assert!(said.contains("the edge is up") && !said.contains(TOKEN), "{said}");
        let object = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
        assert!(said.lines().all(|line| object(line) == json), "{said}");
    }
}

#[test]
fn a_name_that_means_another_machine_now_is_followed_at_the_next_connection() {
    let dir = tempdir().unwrap();
    let hosts = dir.path().join("hosts");
    let call = |ip: Ipv4Addr| fs::write(&hosts, format!("{ip} shop-blue\n")).unwrap();
    // In a view of the files of its own, the edge finds our list of names where the system's is.
    let own_view = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
        unshare.arg(format!("mount --bind '{}' /etc/hosts && {command}", hosts.display()));
        unshare
    };
    let first = Ipv4Addr::new(127, 0, 0, 2);
    call(first);
    if !own_view("grep -q shop-blue /etc/hosts").output().is_ok_and(|done| done.status.success()) {
        let _ = writeln!(std::io::stderr().lock(), "skipped: no mount namespace of one's own here");
        return;
    }
    let at = free(first);
    let one = release(dir.path(), "v1", at);
    let (users, admin) = (free(Ipv4Addr::LOCALHOST), free(Ipv4Addr::LOCALHOST));
    let name = format!("shop-blue:{}", at.port());
    let typed = args(users, admin, &name, "localhost:1").join(" ");
    let mut command = own_view(&format!("exec '{}' {typed}", env!("CARGO_BIN_EXE_handover")));
    command.current_dir(dir.path()).env("HOME", dir.path()).env("HANDOVER_EDGE_TOKEN", TOKEN);
    let _edge = Running(command.stderr(Stdio::null()).spawn().unwrap());
    let answer = until("the edge answers", || ask(users, "GET /", ""));
    assert!(answer.contains("v1"), "{answer}");
    // The next deployment of the same service has another address under the same name.
    let second = Ipv4Addr::new(127, 0, 0, 3);
    let _two = release(dir.path(), "v2", (second, at.port()).into());
    call(second);
    drop(one);
    let answer = until("the new one answers", || ask(users, "GET /", ""));
    assert!(answer.contains("v2"), "{answer}");
}
