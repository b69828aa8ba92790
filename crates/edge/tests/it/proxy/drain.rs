use std::time::Duration;

use bytes::Bytes;
use handover_core::Slot;
use handover_edge::proxy::ProxyOptions;
use handover_traffic::{Drained, InFlight};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::rig::{Client, Reply, Rig, request, soon, until, upgraded};

const EACH: usize = 50;

/// Slow requests, streams and upgrades under way on blue.
struct Crowd {
    slow: JoinSet<hyper::Result<Reply>>,
    streams: Vec<(Client, Incoming, Bytes)>,
    upgrades: Vec<TcpStream>,
}

impl Crowd {
    async fn gather(rig: &Rig) -> Self {
        let (mut slow, mut streams, mut upgrades) = (JoinSet::new(), Vec::new(), Vec::new());
        for _ in 0..EACH {
            let addr = rig.addr;
            slow.spawn(async move { Client::new(addr).await.send(request("/slow")).await });
            let mut client = Client::new(addr).await;
            let mut body = client.begin(request("/stream")).await.unwrap().into_body();
            let first = soon(body.frame()).await.unwrap().unwrap().into_data().unwrap();
            streams.push((client, body, first));
            upgrades.push(upgraded(addr).await);
        }
        let all = InFlight { requests: 50, streams: 50, upgrades: 50 };
        until("all are under way", || rig.proxy.in_flight().blue == all).await;
        Self { slow, streams, upgrades }
    }

    /// Every one of them is whole, and answered by blue.
    async fn finish_requests(&mut self) {
        while let Some(reply) = soon(self.slow.join_next()).await {
            let reply = reply.unwrap().unwrap();
            assert_eq!((reply.status, reply.body.as_str()), (200, "v1"));
        }
        for (_client, body, first) in self.streams.drain(..) {
            let rest = soon(body.collect()).await.unwrap().to_bytes();
            assert_eq!([&first[..], &rest[..]].concat(), b"v1-end");
        }
    }

    async fn echo(&mut self) {
        for stream in &mut self.upgrades {
            stream.write_all(b"still here").await.unwrap();
            let mut back = [0; 10];
            soon(stream.read_exact(&mut back)).await.unwrap();
            assert_eq!(&back, b"still here");
        }
    }
}

#[tokio::test]
async fn a_cutover_leaves_everything_under_way_intact_and_the_drain_tells_of_it() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut crowd = Crowd::gather(&rig).await;
    rig.split(10_000);
    assert_eq!(rig.get("/").await.body, "v2");
    crowd.echo().await;

    let proxy = rig.proxy.clone();
    let draining = tokio::spawn(async move { proxy.drain(Slot::Blue, super::rig::LIMIT).await });
    blue.open_gate();
    crowd.finish_requests().await;
    crowd.echo().await;
    until("only upgrades are left", || rig.proxy.in_flight().blue.total() == 50).await;
    assert!(!draining.is_finished());
    crowd.upgrades.clear();
    assert!(matches!(soon(draining).await.unwrap(), Drained::Clean { .. }));
    assert_eq!(rig.metric("handover_edge_upgrades_closed_total"), 0);
}

#[tokio::test]
async fn at_the_limit_upgrades_are_closed_and_the_rest_is_reported_and_goes_on() {
    let (rig, blue, _green) = Rig::pair(ProxyOptions::default()).await;
    let mut crowd = Crowd::gather(&rig).await;
    rig.split(10_000);
    let drained = rig.proxy.drain(Slot::Blue, Duration::from_millis(20)).await;
    assert_eq!(drained, Drained::TimedOut { requests: 50, streams: 50, upgrades: 50 });
    for stream in &mut crowd.upgrades {
        assert_eq!(soon(stream.read(&mut [0])).await.unwrap_or(0), 0, "still open");
    }
    until("all are counted", || rig.metric("handover_edge_upgrades_closed_total") == 50).await;
    blue.open_gate();
    crowd.finish_requests().await;
    assert!(matches!(rig.proxy.drain(Slot::Blue, super::rig::LIMIT).await, Drained::Clean { .. }));
}

#[tokio::test]
async fn an_instance_is_drained_by_itself() {
    let (rig, first, second) = Rig::pair(ProxyOptions::default()).await;
    rig.place(Slot::Blue, "v1", &[first.addr, second.addr]);
    let addr = rig.addr;
    let slow = tokio::spawn(async move { Client::new(addr).await.send(request("/slow")).await });
    until("it is under way", || first.count() + second.count() == 1).await;
    let (busy, other) = if first.count() == 1 { (&first, &second) } else { (&second, &first) };
    rig.place(Slot::Blue, "v1", &[other.addr]);
    let short = Duration::from_millis(20);
    let left = Drained::TimedOut { requests: 1, streams: 0, upgrades: 0 };
    assert_eq!(rig.proxy.drain_instance(Slot::Blue, busy.addr, short).await, left);
    assert!(matches!(rig.proxy.drain_instance(Slot::Blue, other.addr, short).await, Drained::Clean { .. }));
    assert_eq!(rig.get("/").await.body, other.name);
    busy.open_gate();
    assert_eq!(soon(slow).await.unwrap().unwrap().body, busy.name);
    assert!(matches!(
        rig.proxy.drain_instance(Slot::Blue, busy.addr, super::rig::LIMIT).await,
        Drained::Clean { .. }
    ));
}
