//! The client over TCP: the switcher's promises, and what an answer, or none, means.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Hint as _, Slot};
use handover_edge::api::WatchRequest;
use handover_edge::{AdminToken, AgentClient, AgentSwitcher, BreakGlass, ClientError};
use handover_monitor::source::WindowSource;
use handover_traffic::testkit::{OpenRequest, Opened, Subject};
use handover_traffic::{SwitchError, TrafficSwitcher};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::bench::{Bench, TOKEN};
use crate::proxy::rig::{Client, request};

fn client(base: &str) -> AgentClient {
    AgentClient::remote(base, AdminToken::new(TOKEN).unwrap()).unwrap()
}

impl Bench {
    fn client(&self) -> AgentClient {
        client(&format!("http://{}", self.admin))
    }
}

/// An edge moved over TCP and watched from outside.
struct Far {
    bench: Bench,
    switcher: AgentSwitcher,
}

impl Far {
    async fn start() -> Self {
        let bench = Bench::start().await;
        Self { switcher: AgentSwitcher::new(bench.client()), bench }
    }
}

#[async_trait]
impl Subject for Far {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.switcher
    }

    /// The head of the answer comes at once and says which release it is; its body does not end.
    async fn open_request(&self) -> Opened {
        let mut client = Client::new(self.bench.users).await;
        match client.begin(request("/stream")).await {
            Err(error) => Opened::Nowhere(format!("{error:?}")),
            Ok(response) if response.status() != 200 => Opened::Nowhere(response.status().to_string()),
            Ok(response) => {
                let mut body = response.into_body();
                let first = http_body_util::BodyExt::frame(&mut body).await;
                let name = first.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
                let at = if name.is_some_and(|name| name == "v1") { Slot::Blue } else { Slot::Green };
                Opened::At(OpenRequest::new(at, (client, body)))
            }
        }
    }

    /// An edge that takes a request and is gone.
    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(AgentSwitcher::new(client(&answering("").await))))
    }
}

handover_traffic::conformance_tests!(Far::start().await);

/// Reads the beginning of each request, answers with these bytes, and hangs up.
async fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    base
}

fn told(error: &ClientError) -> String {
    let word = match error {
        ClientError::Unreachable { .. } => "nothing was sent",
        ClientError::Unconfirmed { .. } => "it may have happened",
        _ => "nothing changed",
    };
    let hint = error.hint().unwrap_or_default().into_owned();
    format!("{word}: {error}\n  hint: {hint}")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_says_whether_anything_changed() {
    let bench = Bench::start().await;
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let page = answering("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 2\r\n\r\nno").await;
    let moved = answering(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let nonsense = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno").await;
    let cut = answering("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{").await;
    let other = AdminToken::new(&"f".repeat(32)).unwrap();
    let stranger = AgentClient::remote(&format!("http://{}", bench.admin), other).unwrap();
    let change = bench.change(10_000);
    let mut said = Vec::new();
    for (name, client) in [
        ("nobody", client(&nobody)),
        ("a gateway", client(&page)),
        ("a redirect", client(&moved)),
        ("nonsense", client(&nonsense)),
        ("half an answer", client(&cut)),
        ("another token", stranger),
    ] {
        let error = client.apply(&change).await.unwrap_err();
        let said_by = told(&error).replace(&nobody, "NOBODY");
        said.push(format!("{name}: {said_by}"));
        assert!(!format!("{error:?}").contains(TOKEN));
        let switched = AgentSwitcher::new(client).apply(&change).await.unwrap_err();
        let same = match (&error, &switched) {
            (ClientError::Unreachable { .. }, SwitchError::Unreachable { backend, .. })
            | (ClientError::Unconfirmed { .. }, SwitchError::Unconfirmed { backend, .. })
            | (ClientError::Api(_), SwitchError::Refused { backend, .. }) => *backend,
            other => panic!("{other:?}"),
        };
        assert_eq!(same, "the edge");
    }
    insta::assert_snapshot!(said.join("\n"), @"
    nobody: nothing was sent: no edge answers at NOBODY/
      hint: check its address, and that the edge runs there
    a gateway: it may have happened: PUT /v1/route was not confirmed
      hint: `handover status` shows what is in force now
    a redirect: it may have happened: PUT /v1/route was not confirmed
      hint: `handover status` shows what is in force now
    nonsense: it may have happened: PUT /v1/route was not confirmed
      hint: `handover status` shows what is in force now
    half an answer: it may have happened: PUT /v1/route was not confirmed
      hint: `handover status` shows what is in force now
    another token: nothing changed: the token is missing, or not the one of this API
      hint:
    ");
    assert_eq!(bench.client().observe().await.unwrap().revision.get(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_windows_are_a_source_for_the_judge() {
    let bench = Bench::start().await;
    let client = bench.client();
    bench.split(5_000).await;
    let request = WatchRequest { run: "r2".parse().unwrap(), candidate: Slot::Green, limit_ms: 500 };
    let source: &dyn WindowSource = &client;
    let epoch = source.begin(&request.run, Slot::Green, Duration::from_millis(500)).await.unwrap();
    assert_eq!(client.watch(&request).await.unwrap().epoch, epoch, "the same twice is once");
    for _ in 0..40 {
        bench.get("/").await;
    }
    let (mut after, mut counted) = (None, [0, 0]);
    while counted.iter().sum::<u64>() < 40 {
        let pairs = source.after(after, Duration::from_secs(10)).await.unwrap();
        for pair in pairs.pairs {
            after = Some(pair.seq);
            counted = [counted[0] + pair.candidate.n, counted[1] + pair.stable.n];
        }
    }
    assert!(counted[0] > 0 && counted[1] > 0, "{counted:?}");
    let seen = async || {
        let slots = client.edge_status().await.unwrap().slots;
        (slots.blue.recent.n + slots.green.recent.n == 40).then_some(())
    };
    crate::agent::bench::until("people see them too", seen).await;
    assert!(client.metrics().await.unwrap().contains("handover_edge_weight_bps"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_disk_that_takes_nothing_only_broken_glass_moves_traffic() {
    let mut bench = Bench::start().await;
    bench.split(10_000).await;
    let state = bench.dir.path().join("state");
    // Whatever is written beside the state file, a folder of that name is in its way, also for root.
    let blocked = state.join(format!(".edge.json.tmp-{}", std::process::id()));
    std::fs::create_dir(&blocked).unwrap();
    let refused = AgentSwitcher::new(bench.client()).apply(&bench.change(0)).await.unwrap_err();
    assert!(matches!(refused, SwitchError::Refused { .. }), "{refused:?}");
    let glass = BreakGlass::new(bench.client(), "by hand");
    let after = glass.apply(&bench.change(0)).await.unwrap();
    assert_eq!(after.route.split.sole(), Some(Slot::Blue));
    assert_eq!(bench.get("/").await.body, "v1");
    // A share is no emergency.
    assert!(glass.apply(&bench.change(5_000)).await.is_err());
    std::fs::remove_dir(&blocked).unwrap();
    // Whatever is written next, the route that could not be is written with it.
    let request = WatchRequest { run: "r2".parse().unwrap(), candidate: Slot::Green, limit_ms: 500 };
    bench.client().watch(&request).await.unwrap();
    bench.kill_and_restart(Slot::Green).await;
    assert_eq!(bench.client().observe().await.unwrap().route, after.route);
}
