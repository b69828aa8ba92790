//! What the agent and its API refuse, in the words an operator reads.

use std::error::Error;
use std::net::TcpListener;

use handover_core::Hint;
use handover_edge::api::{ApiError, LaunchRequest};
use handover_edge::{Agent, AgentClient, AgentOptions, CommandPrefix};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use super::bench::{Bench, example};

/// An error as it is reported, without what differs from run to run.
fn said(bench: &Bench, error: &(impl Error + Hint)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(under) = cause {
        text = format!("{text}\n  because: {under}");
        cause = under.source();
    }
    if let Some(hint) = error.hint() {
        text = format!("{text}\nhint: {hint}");
    }
    text.replace(&*bench.state_dir().to_string_lossy(), "$STATE")
        .replace(&bench.listen.to_string(), "$LISTEN")
}

async fn refused(bench: &Bench, state_dir: &std::path::Path) -> String {
    let shim = CommandPrefix::new(example("test_agent"), ["shim"]);
    let options = AgentOptions::new("shop".parse().unwrap(), bench.listen, state_dir, shim);
    let error = Agent::run(options, std::future::pending()).await.unwrap_err();
    said(bench, &error).replace(&std::process::id().to_string(), "$ME")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_agent_is_refused_and_names_the_first() {
    let bench = Bench::start().await;
    let pid = bench.client.status().await.unwrap().pid.to_string();
    let text = refused(&bench, &bench.state_dir()).await.replace(&pid, "$PID");
    insta::assert_snapshot!(text, @"
    another agent (process $PID) works in $STATE
    hint: `handover agent status` shows it; if it gives no answer, `kill -9 $PID`: releases run on
    ");
    assert!(bench.client.status().await.is_ok(), "the first one was disturbed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_names_who_listens_there() {
    let bench = Bench::without_agent(std::time::Duration::from_secs(15), "none");
    let _listener = TcpListener::bind(bench.listen).unwrap();
    let text = refused(&bench, &bench.state_dir()).await;
    let (before, name) = text.split_once('(').unwrap();
    let (_, after) = name.split_once(')').unwrap();
    insta::assert_snapshot!(format!("{before}(NAME){after}"), @"
    cannot listen on $LISTEN: pid $ME (NAME) does already
      because: Address already in use (os error 98)
    hint: set another address in handover.toml, or stop what listens there
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_directory_that_cannot_be_used_is_named() {
    let bench = Bench::without_agent(std::time::Duration::from_secs(15), "none");
    let file = bench.state_dir();
    std::fs::write(&file, "").unwrap();
    let mut texts = vec![refused(&bench, &file).await];
    std::fs::remove_file(&file).unwrap();
    let long = file.join("x".repeat(100));
    let length = long.join("agent.sock").as_os_str().len().to_string();
    texts.push(refused(&bench, &long).await.replace(&length, "$LENGTH").replace(&"x".repeat(100), "xx"));
    std::fs::write(file.join("agent.json"), "{}").unwrap();
    texts.push(refused(&bench, &file).await);
    insta::assert_snapshot!(texts.join("\n"), @"
    cannot use the state directory $STATE
      because: File exists (os error 17)
    hint: give another folder with `--state-dir`
    the socket path $STATE/xx/agent.sock has $LENGTH bytes; the system allows 107
    hint: give another folder with `--state-dir`
    the state file $STATE/agent.json is cut short or was overwritten
    hint: `handover agent run --recover` goes back to the copy before it, agent.json.prev
    ");
    assert!(TcpListener::bind(bench.listen).is_ok(), "the listener was left open");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_make_no_sense_are_answered_in_json_and_change_nothing() {
    let bench = Bench::start().await;
    let before = bench.client.status().await.unwrap();
    let mut texts = Vec::new();
    for (head, body) in [
        ("GET /", String::new()),
        ("GET /v2/status", String::new()),
        ("GET /v1/slots/red", String::new()),
        ("POST /v1/status", String::new()),
        ("PUT /v1/route", "{".into()),
        ("PUT /v1/route", "{\"route\":{\"split\":10001,\"mode\":\"serve\"}}".into()),
        ("PUT /v1/slots/blue", "{\"run\":\"../r\",\"release\":\"v1\",\"fence\":0}".into()),
        ("GET /v1/windows?after=x", String::new()),
        ("GET /v1/windows", String::new()),
        ("PUT /v1/run", " ".repeat(70_000)),
    ] {
        let (status, error) = raw(&bench, head, &body).await;
        texts.push(format!("{head}: {status} {}", error.message));
        texts.extend(error.causes.iter().map(|cause| format!("  because: {cause}")));
    }
    insta::assert_snapshot!(texts.join("\n"), @r#"
    GET /: 404 there is no "/" in this API
    GET /v2/status: 404 this agent speaks version 1 of its API, not 2
    GET /v1/slots/red: 404 there is no "/v1/slots/red" in this API
    POST /v1/status: 405 "/v1/status" takes GET, not POST
    PUT /v1/route: 400 the request's body cannot be understood
      because: EOF while parsing an object at line 1 column 1
    PUT /v1/route: 400 the request's body cannot be understood
      because: 10001 basis points is more than the whole (10000) at line 1 column 23
    PUT /v1/slots/blue: 400 the request's body cannot be understood
      because: run `../r` may hold only letters, digits and . _ - +, and starts with a letter or digit at line 1 column 13
    GET /v1/windows?after=x: 422 after is not a number
      because: invalid digit found in string
    GET /v1/windows: 404 no run is being watched
    PUT /v1/run: 413 the request's body is larger than 65536 bytes
    "#);
    let after = bench.client.status().await.unwrap();
    assert_eq!((after.route, after.slots, after.run), (before.route, before.slots, before.run));
}

async fn raw(bench: &Bench, head: &str, body: &str) -> (u16, ApiError) {
    let mut stream = UnixStream::connect(bench.socket()).await.unwrap();
    let length = body.len();
    let text = format!(
        "{head} HTTP/1.1\r\nHost: agent\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    // An answer may come before the whole of a large body was taken.
    let _ = stream.write_all(text.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("application/json"), "{head}");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_agent_is_unreachable_and_a_silent_one_unconfirmed() {
    let bench = Bench::without_agent(std::time::Duration::from_secs(15), "none");
    let nobody = bench.client.status().await.unwrap_err();
    std::fs::create_dir(bench.state_dir()).unwrap();
    let listener = tokio::net::UnixListener::bind(bench.socket()).unwrap();
    let request = LaunchRequest {
        run: "r1".parse().unwrap(),
        release: "v1".parse().unwrap(),
        fence: handover_core::Fence::ZERO,
    };
    let client = AgentClient::new(bench.socket());
    let hang_up = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            stream.read_buf(&mut request).await.unwrap();
        }
    };
    let (silent, ()) = tokio::join!(client.launch(handover_core::Slot::Blue, &request), hang_up);
    let silent = said(&bench, &silent.unwrap_err());
    insta::assert_snapshot!(format!("{}\n{silent}", said(&bench, &nobody)), @"
    no agent answers at $STATE/agent.sock
      because: No such file or directory (os error 2)
    hint: `handover agent run` starts the agent
    PUT /v1/slots/blue was not confirmed
      because: connection closed before message completed
    hint: `handover status` shows what is in force now
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_a_change_and_keeps_what_is_in_force() {
    let bench = Bench::start().await;
    let status = bench.client.status().await.unwrap();
    // A state file that cannot be written, whoever runs the test: its temporary name is a folder.
    let blocker = bench.state_dir().join(format!(".agent.json.tmp-{}", status.pid));
    std::fs::create_dir(&blocker).unwrap();
    let request = handover_edge::api::RunRequest {
        run: "r1".parse().unwrap(),
        candidate: handover_core::Slot::Green,
        stable: None,
    };
    let error = bench.client.start_run(&request).await.unwrap_err();
    insta::assert_snapshot!(said(&bench, &error), @"
    cannot save the state to $STATE/agent.json
      because: Is a directory (os error 21)
    hint: the agent's log has more; `handover doctor` checks the disk
    ");
    assert_eq!(bench.client.status().await.unwrap().run, None);
    std::fs::remove_dir(&blocker).unwrap();
    bench.client.start_run(&request).await.unwrap();
}
