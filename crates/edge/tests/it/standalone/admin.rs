//! Who may ask what.

use handover_core::{BySlot, Hint as _, Slot};
use handover_edge::api::{ApiError, EdgeStatus, Secrets};
use handover_edge::standalone::{StandaloneEdge, StandaloneError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::bench::{Bench, TOKEN, options};
use crate::proxy::rig::{soon, with};

const EVERYTHING: [&str; 9] = [
    "GET /v1/edge",
    "GET /v1/route",
    "PUT /v1/route",
    "POST /v1/panic",
    "POST /v1/drain",
    "POST /v1/watch",
    "GET /v1/windows",
    "GET /v1/secrets",
    "GET /v1/metrics",
];

#[tokio::test(flavor = "multi_thread")]
async fn without_the_token_nothing_is_answered_and_nothing_changes() {
    let bench = Bench::start().await;
    let change = serde_json::to_string(&bench.change(10_000)).unwrap();
    let wrong = [
        String::new(),
        "authorization: Bearer\r\n".into(),
        format!("authorization: Basic {TOKEN}\r\n"),
        format!("authorization: {TOKEN}\r\n"),
        format!("authorization: Bearer {}\r\n", &TOKEN[1..]),
        format!("authorization: Bearer {TOKEN}0\r\n"),
        format!("authorization: Bearer {}\r\n", TOKEN.to_uppercase()),
        format!("authorization: Bearer {TOKEN}\r\nauthorization: Bearer {TOKEN}\r\n"),
    ];
    for headers in &wrong {
        for head in EVERYTHING {
            let (status, body) = bench.ask_with(head, headers, &change).await;
            let error: ApiError = serde_json::from_str(&body).unwrap();
            assert_eq!(status, 401, "{head} with {headers:?}");
            assert_eq!(error.message, "the token is missing, or not the one of this API");
        }
    }
    // Nor is it said which paths there are.
    assert_eq!(bench.ask_with("GET /", "", "").await.0, 401);
    let (_, route) = bench.ask("GET /v1/route", "").await;
    assert!(route.contains(r#""revision":0"#), "{route}");
    assert_eq!(bench.get("/").await.body, "v1");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_token_it_says_what_it_knows_and_shows_the_token_nowhere() {
    let bench = Bench::start().await;
    bench.get("/").await;
    let mut answers = String::new();
    for head in ["GET /v1/edge", "GET /v1/route", "GET /v1/secrets", "GET /v1/metrics"] {
        let (status, body) = bench.ask(head, "").await;
        assert_eq!(status, 200, "{head}: {body}");
        answers += &body;
    }
    assert!(!answers.contains(TOKEN));
    let status: EdgeStatus = serde_json::from_str(&bench.ask("GET /v1/edge", "").await.1).unwrap();
    assert_eq!(status.slots.blue.addresses, [bench.releases.blue.addr.to_string()]);
    assert_eq!(status.route.served, Some(BySlot { blue: 1, green: 0 }));
    assert!(answers.contains("handover_edge_requests_total"), "{answers}");
    let lower = format!("authorization: bearer {TOKEN}\r\n");
    assert_eq!(bench.ask_with("GET /v1/route", &lower, "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_answered_in_json_and_changes_nothing() {
    let bench = Bench::start().await;
    let mut texts = Vec::new();
    for (head, body) in [
        ("GET /", String::new()),
        ("GET /v2/route", String::new()),
        ("GET /v1/status", String::new()),
        ("PUT /v1/slots/blue", String::new()),
        ("POST /v1/lease/acquire", String::new()),
        ("POST /v1/route", String::new()),
        ("PUT /v1/route", "{".into()),
        ("PUT /v1/route", " ".repeat(70_000)),
        ("POST /v1/panic", r#"{"to":null,"why":"by hand","op":"x"}"#.into()),
        ("POST /v1/drain", r#"{"slot":"blue","limit_ms":1}"#.into()),
        ("GET /v1/windows", String::new()),
    ] {
        let (status, error) = bench.ask(head, &body).await;
        let error: ApiError = serde_json::from_str(&error).unwrap();
        texts.push(format!("{head}: {status} {}", error.message));
    }
    insta::assert_snapshot!(texts.join("\n"), @r#"
    GET /: 404 there is no "/" in this API
    GET /v2/route: 404 this edge speaks version 1 of its API, not 2
    GET /v1/status: 404 there is no "/v1/status" in this API
    PUT /v1/slots/blue: 404 there is no "/v1/slots/blue" in this API
    POST /v1/lease/acquire: 404 there is no "/v1/lease/acquire" in this API
    POST /v1/route: 405 "/v1/route" takes GET or PUT, not POST
    PUT /v1/route: 400 the request's body cannot be understood
    PUT /v1/route: 413 the request's body is larger than 65536 bytes
    POST /v1/panic: 422 an edge of its own knows of no stable release: name a slot
    POST /v1/drain: 422 blue still gets traffic: blue 100 % green 0 %
    GET /v1/windows: 404 no run is being watched
    "#);
    assert!(bench.ask("GET /v1/route", "").await.1.contains(r#""revision":0"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_request_changes_nothing_and_disturbs_nobody() {
    let bench = Bench::start().await;
    let change = serde_json::to_string(&bench.change(10_000)).unwrap();
    let head = format!("PUT /v1/route HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer {TOKEN}\r\n");
    let halves = [
        head.clone(),
        format!("{head}content-length: {}\r\n\r\n{}", change.len(), &change[..change.len() / 2]),
    ];
    for half in halves {
        let mut stream = TcpStream::connect(bench.admin).await.unwrap();
        stream.write_all(half.as_bytes()).await.unwrap();
        assert!(bench.ask("GET /v1/route", "").await.1.contains(r#""revision":0"#), "others are answered");
        stream.shutdown().await.unwrap();
        let mut rest = String::new();
        let _ = soon(stream.read_to_string(&mut rest)).await;
        assert!(!rest.starts_with("HTTP/1.1 2"), "{rest}");
    }
    assert!(bench.ask("GET /v1/route", "").await.1.contains(r#""revision":0"#));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_secrets_open_either_slot_and_mark_a_probe() {
    let bench = Bench::start().await;
    let secrets: Secrets = serde_json::from_str(&bench.ask("GET /v1/secrets", "").await.1).unwrap();
    let pins = secrets.pins.unwrap();
    let pinned = bench.send(with("/", &[("handover-pin", &pins.green)])).await;
    assert_eq!((pinned.body.as_str(), pinned.header("handover-release")), ("v2", Some("green")));
    let probed = bench.send(with("/", &[("handover-probe", &secrets.probe)])).await;
    assert_eq!((probed.body.as_str(), probed.header("handover-release")), ("v1", Some("blue")));
    assert_eq!(bench.get("/").await.header("handover-release"), None);
    // Neither is a user, and no release sees a secret.
    let status: EdgeStatus = serde_json::from_str(&bench.ask("GET /v1/edge", "").await.1).unwrap();
    assert_eq!(status.route.served, Some(BySlot { blue: 1, green: 0 }));
    let seen = bench.releases.green.seen().pop().unwrap().headers;
    assert!(!seen.contains_key("handover-pin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edge_that_cannot_start_says_why_and_what_to_do() {
    let bench = Bench::start().await;
    let address = || vec![bench.releases.blue.addr.into()];
    let both = || BySlot { blue: address(), green: address() };
    let fresh = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    let mut refuse = async |options| {
        let error: StandaloneError = StandaloneEdge::open(options).await.unwrap_err();
        let hint = error.hint().unwrap_or_default().into_owned();
        let text = format!("{error}\n  hint: {hint}");
        let text = text.replace(&bench.dir.path().canonicalize().unwrap().display().to_string(), "DIR");
        let text = text.replace(&fresh.path().canonicalize().unwrap().display().to_string(), "FRESH");
        let text = text.replace(&bench.users.to_string(), "USERS");
        // Which program listens there is this test's own name, with a hash in it.
        let text =
            text.lines().map(|line| line.split(" (it-").next().unwrap()).collect::<Vec<_>>().join("\n");
        said.push(text.replace(&std::process::id().to_string(), "PID"));
    };
    refuse(options(&fresh, BySlot { blue: address(), green: Vec::new() })).await;
    refuse(options(&bench.dir, both())).await;
    let mut taken = options(&fresh, both());
    taken.listen = bench.users;
    refuse(taken).await;
    std::fs::write(fresh.path().join("state").join("edge.json"), "{}").unwrap();
    refuse(options(&fresh, both())).await;
    insta::assert_snapshot!(said.join("\n"), @"
    green has no address
      hint: say with `--green HOST:PORT` where its release answers
    another edge (process PID) works in DIR/state
      hint: give each edge a folder of its own with `--state-dir`
    cannot listen on USERS: pid PID
      hint: choose another address, or stop what listens there
    the state file FRESH/state/edge.json is cut short or was overwritten
      hint: `handover edge --recover` goes back to the copy before it, edge.json.prev
    ");
    assert_eq!(bench.get("/").await.body, "v1");
    bench.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_edge_begins_where_it_is_told_to() {
    for (begin, first) in [(Slot::Blue, "v1"), (Slot::Green, "v2")] {
        let bench = Bench::begun_with(begin).await;
        for _ in 0..20 {
            assert_eq!(bench.get("/").await.body, first);
        }
    }
}
