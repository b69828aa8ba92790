use std::time::Duration;

use handover_edge::proxy::{ProxyOptions, Timeouts};
use tokio::io::AsyncReadExt;

use super::rig::{Client, Load, Rig, request, soon, until, upgraded};

fn patient() -> ProxyOptions {
    let mut timeouts = Timeouts::default();
    (timeouts.stop_idle, timeouts.stop) = (super::rig::LIMIT, super::rig::LIMIT);
    ProxyOptions::default().with_timeouts(timeouts)
}

#[tokio::test]
async fn an_idle_client_learns_of_the_end_by_its_next_answer() {
    let (mut rig, _blue, _green) = Rig::pair(patient()).await;
    let mut client = Client::new(rig.addr).await;
    assert_eq!(client.send(request("/")).await.unwrap().header("connection"), None);
    rig.begin_stop();
    until("nobody is let in", || std::net::TcpStream::connect(rig.addr).is_err()).await;
    let last = client.send(request("/")).await.unwrap();
    assert_eq!((last.status, last.header("connection")), (200, Some("close")));
    soon(rig.serving).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_were_let_in_lose_no_request() {
    let (mut rig, _blue, _green) = Rig::pair(patient()).await;
    let load = Load::start(rig.addr, 8);
    load.more(200).await;
    rig.begin_stop();
    soon(&mut rig.serving).await.unwrap().unwrap();
    let answers = load.end().await;
    assert_eq!(answers.keys().map(String::as_str).collect::<Vec<_>>(), ["200 v1"], "{answers:?}");
}

#[tokio::test]
async fn what_is_still_open_at_the_limits_is_closed() {
    let mut timeouts = Timeouts::default();
    (timeouts.stop_idle, timeouts.stop) = (Duration::from_millis(30), Duration::from_millis(90));
    let (mut rig, blue, _green) = Rig::pair(ProxyOptions::default().with_timeouts(timeouts)).await;
    let mut idle = Client::new(rig.addr).await;
    idle.send(request("/")).await.unwrap();
    let mut upgrade = upgraded(rig.addr).await;
    let addr = rig.addr;
    let stuck = tokio::spawn(async move { Client::new(addr).await.send(request("/never")).await });
    until("it is under way", || blue.count() == 3).await;
    rig.begin_stop();
    soon(rig.serving).await.unwrap().unwrap();
    assert!(idle.send(request("/")).await.is_err());
    assert!(soon(stuck).await.unwrap().is_err());
    assert_eq!(soon(upgrade.read(&mut [0])).await.unwrap_or(0), 0);
    assert_eq!(rig.proxy.in_flight().blue.total(), 0);
}

#[tokio::test]
async fn a_client_that_was_connected_but_not_accepted_yet_is_served() {
    let (rig, _blue, _green) = Rig::pair(patient()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = Client::new(listener.local_addr().unwrap()).await;
    let serving = rig.proxy.serve(listener, async {});
    let (served, reply) = soon(async { tokio::join!(serving, client.send(request("/"))) }).await;
    served.unwrap();
    let reply = reply.unwrap();
    assert_eq!((reply.status, reply.header("connection")), (200, Some("close")));
}
