//! Slices through a real Redis, which is killed, flushed, stopped and lied to.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use handover_core::Timestamp;
use handover_monitor::Totals;
use handover_monitor::fleet::redis::{Collector, Options, Publisher, PublisherStatus};
use handover_monitor::fleet::{Fleet, SeriesName, Slice, Sums};
use redis::aio::MultiplexedConnection;

use crate::server::{PATIENCE, Server, free_port, program};

const NOW: Timestamp = Timestamp::from_unix_millis(1_700_000_300_000);

struct Redis {
    port: u16,
    folder: tempfile::TempDir,
    server: Option<Server>,
}

impl Redis {
    fn start() -> Option<Self> {
        program("redis-server")?;
        let folder = tempfile::tempdir().expect("a folder");
        let mut redis = Self { port: free_port(), folder, server: None };
        redis.revive();
        Some(redis)
    }

    /// Starts it on its port, empty.
    fn revive(&mut self) {
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"]);
        command.arg(self.port.to_string()).arg("--dir").arg(self.folder.path());
        self.server = Some(Server::start(&mut command, "Ready to accept connections"));
    }

    fn kill(&mut self) {
        self.server = None;
    }

    fn options(&self) -> Options {
        let mut options = Options::new(format!("redis://127.0.0.1:{}", self.port), "shop");
        options.pause = Duration::from_millis(5);
        options
    }

    async fn client(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.options().url).expect("an address");
        client.get_multiplexed_async_connection().await.expect("it listens")
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let mut asked = redis::cmd(command[0]);
        command[1..].iter().for_each(|argument| _ = asked.arg(*argument));
        asked.query_async(&mut self.client().await).await.expect("an answer")
    }
}

/// A slice of so many requests, each of as many milliseconds as its slice's number.
fn slice(instance: &str, epoch: u64, seq: u64, requests: u64) -> Slice {
    let mut totals = Totals::default();
    (0..requests).for_each(|_| totals.ok.add(Duration::from_millis(seq)));
    let name = SeriesName::new("v1".parse().expect("a name"), "GET /".parse().expect("a name"));
    Slice {
        instance: instance.parse().expect("a name"),
        epoch,
        seq,
        ended: Timestamp::from_unix_millis(1_700_000_000_000 + 1_000 * seq),
        lasted: Duration::from_secs(1),
        counted: [(name, totals)].into_iter().collect(),
    }
}

fn publish(publisher: &Publisher, instance: &str, epoch: u64, seqs: impl IntoIterator<Item = u64>) {
    for seq in seqs {
        publisher.publish(&slice(instance, epoch, seq, 10)).expect("small");
    }
}

fn sum(instance: &str, seqs: impl IntoIterator<Item = u64>) -> Sums {
    let mut sum = Sums::default();
    for seq in seqs {
        sum.merge(&slice(instance, 1, seq, 10).counted);
    }
    sum
}

async fn until(publisher: &Publisher, what: impl FnMut(&PublisherStatus) -> bool) -> PublisherStatus {
    let mut watch = publisher.watch();
    let seen = tokio::time::timeout(PATIENCE, watch.wait_for(what)).await;
    seen.unwrap_or_else(|_| panic!("waited in vain at {:?}", publisher.status())).expect("it runs").clone()
}

async fn sent(publisher: &Publisher, count: u64) {
    until(publisher, |status| status.sent == count).await;
}

#[tokio::test]
async fn what_many_instances_count_comes_together() {
    let Some(redis) = Redis::start() else { return };
    let (mut fleet, mut collector) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    for instance in ["web-1", "web-2"] {
        let publisher = Publisher::start(redis.options()).expect("an address");
        publish(&publisher, instance, 1, 1..=300);
        assert_eq!(publisher.stop(PATIENCE).await.sent, 300);
    }
    let collected = collector.collect(&mut fleet, NOW).await.expect("it answers");
    assert_eq!((collected.new, collected.gone, collected.refused), (600, 0, 0));
    assert_eq!(*fleet.sum(), {
        let mut both = sum("web-1", 1..=300);
        both.merge(&sum("web-2", 1..=300));
        both
    });
    assert_eq!(collector.collect(&mut fleet, NOW).await.expect("it answers").new, 0);
    let publisher = Publisher::start(redis.options()).expect("an address");
    publish(&publisher, "web-1", 2, [1]);
    sent(&publisher, 1).await;
    let collected = collector.collect(&mut fleet, NOW).await.expect("it answers");
    assert_eq!((collected.new, collected.restarts), (1, 1));
    // Somebody who looks later, and for the first time, finds the same.
    let (mut other, mut latecomer) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    assert_eq!(latecomer.collect(&mut other, NOW).await.expect("it answers").new, 601);
    assert_eq!(other.sum(), fleet.sum());
}

#[tokio::test]
async fn one_key_a_slice_with_a_time_to_live_and_never_a_write_a_request() {
    let Some(redis) = Redis::start() else { return };
    let publisher = Publisher::start(redis.options()).expect("an address");
    for seq in 1..=3 {
        publisher.publish(&slice("web-1", 1, seq, 10_000)).expect("small");
    }
    publisher.stop(PATIENCE).await;
    let mut keys: Vec<String> = redis.ask(&["KEYS", "*"]).await;
    keys.sort();
    assert_eq!(
        keys,
        ["shop:slice:web-1/1/1", "shop:slice:web-1/1/2", "shop:slice:web-1/1/3", "shop:streams"]
    );
    for key in &keys {
        let left: i64 = redis.ask(&["PTTL", key]).await;
        assert!(left > 0 && left <= 2 * 20 * 60 * 1_000, "{key} is kept for {left} ms");
    }
    let counts: String = redis.ask(&["INFO", "commandstats"]).await;
    let calls = |command: &str| {
        counts
            .lines()
            .find(|line| line.starts_with(&format!("cmdstat_{command}:calls=")))
            .map(|line| line.split(['=', ',']).nth(1).expect("a count").to_owned())
    };
    assert_eq!((calls("set").as_deref(), calls("hset").as_deref()), (Some("3"), Some("3")), "{counts}");
}

#[tokio::test]
async fn a_redis_killed_and_started_again_empty_loses_what_nobody_had_read_and_nothing_else() {
    let Some(mut redis) = Redis::start() else { return };
    let publisher = Publisher::start(redis.options()).expect("an address");
    let (mut fleet, mut collector) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    publish(&publisher, "web-1", 1, 1..=5);
    sent(&publisher, 5).await;
    collector.collect(&mut fleet, NOW).await.expect("it answers");
    publish(&publisher, "web-1", 1, 6..=7);
    sent(&publisher, 7).await;
    redis.kill();
    publish(&publisher, "web-1", 1, 8..=20);
    let status = until(&publisher, |status| !status.well).await;
    assert_eq!((status.waiting, status.sent, status.lost), (13, 7, 0));
    let trouble = collector.collect(&mut fleet, NOW).await.expect_err("it is dead").to_string();
    assert!(trouble.starts_with("redis could not be "), "{trouble}");
    redis.revive();
    let status = until(&publisher, |status| status.well && status.waiting == 0).await;
    assert_eq!((status.sent, status.lost, status.trouble), (20, 0, None));
    let collected = collector.collect(&mut fleet, NOW).await.expect("it answers");
    assert_eq!((collected.new, collected.gone), (13, 2));
    assert_eq!(*fleet.sum(), sum("web-1", (1..=5).chain(8..=20)));
    assert_eq!((fleet.streams()[0].missing, fleet.streams()[0].gaps.clone()), (2, vec![6..=7]));
}

#[tokio::test]
async fn a_flush_loses_what_nobody_had_read_and_nothing_else() {
    let Some(redis) = Redis::start() else { return };
    let publisher = Publisher::start(redis.options()).expect("an address");
    let (mut fleet, mut collector) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    publish(&publisher, "web-1", 1, 1..=2);
    sent(&publisher, 2).await;
    collector.collect(&mut fleet, NOW).await.expect("it answers");
    publish(&publisher, "web-1", 1, 3..=4);
    sent(&publisher, 4).await;
    let _: String = redis.ask(&["FLUSHALL"]).await;
    assert_eq!(collector.collect(&mut fleet, NOW).await.expect("it answers").new, 0);
    publish(&publisher, "web-1", 1, 5..=6);
    sent(&publisher, 6).await;
    assert_eq!(collector.collect(&mut fleet, NOW).await.expect("it answers").new, 2);
    assert_eq!((fleet.sum(), fleet.streams()[0].missing), (&sum("web-1", [1, 2, 5, 6]), 2));
}

#[tokio::test]
async fn an_outage_longer_than_the_backlog_loses_the_oldest_and_says_how_many() {
    let Some(mut redis) = Redis::start() else { return };
    let mut options = redis.options();
    options.backlog = 4;
    let publisher = Publisher::start(options).expect("an address");
    publish(&publisher, "web-1", 1, [1]);
    sent(&publisher, 1).await;
    redis.kill();
    publish(&publisher, "web-1", 1, 2..=10);
    assert_eq!((publisher.status().waiting, publisher.status().lost), (4, 5));
    until(&publisher, |status| !status.well).await;
    redis.revive();
    sent(&publisher, 5).await;
    let (mut fleet, mut collector) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    collector.collect(&mut fleet, NOW).await.expect("it answers");
    assert_eq!(*fleet.sum(), sum("web-1", 7..=10));
}

#[tokio::test]
async fn a_redis_that_takes_calls_and_never_answers_is_told_and_waited_for_by_nobody() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut options = Options::new(format!("redis://127.0.0.1:{port}"), "shop");
    options.patience = Duration::from_millis(20);
    let publisher = Publisher::start(options.clone()).expect("an address");
    publish(&publisher, "web-1", 1, 1..=2_000);
    let status = until(&publisher, |status| !status.well).await;
    assert_eq!((status.waiting, status.sent, status.lost), (900, 0, 1_100));
    let collected = Collector::new(&options).expect("an address").collect(&mut Fleet::default(), NOW).await;
    assert!(collected.is_err());
    let status = publisher.stop(Duration::from_millis(50)).await;
    assert_eq!((status.waiting, status.lost), (900, 1_100));
}

#[tokio::test]
async fn nobody_listening_is_told_without_the_address() {
    let mut options = Options::new(format!("redis://:secret@127.0.0.1:{}", free_port()), "shop");
    options.pause = Duration::from_millis(5);
    let publisher = Publisher::start(options).expect("an address");
    publish(&publisher, "web-1", 1, [1]);
    let status = until(&publisher, |status| status.trouble.is_some()).await;
    insta::assert_snapshot!(status.trouble.expect("told"), @"redis could not be reached: Connection refused (os error 111)");
    for bad in ["rediss://:secret@127.0.0.1", "http://:secret@x", "secret"] {
        let told = Publisher::start(Options::new(bad, "shop")).expect_err("no address").to_string();
        assert!(told.starts_with("redis could not be used: ") && !told.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn what_somebody_else_put_there_is_refused_with_a_reason_and_harms_nothing() {
    let Some(redis) = Redis::start() else { return };
    let publisher = Publisher::start(redis.options()).expect("an address");
    publish(&publisher, "web-1", 1, 1..=3);
    sent(&publisher, 3).await;
    let max = u64::MAX.to_string();
    let foreign: [&[&str]; 7] = [
        &["SET", "shop:slice:web-1/1/2", "junk"],
        &["COPY", "shop:slice:web-1/1/1", "shop:slice:web-1/1/3", "REPLACE"],
        &["HSET", "shop:streams", "no stream", "1 1"],
        &["HSET", "shop:streams", "web-2/1", "one"],
        &["HSET", "shop:streams", "\u{1b}[31m", ""],
        &["HSET", "shop:streams", "web-3/1", &format!("{max} 1")],
        &["SET", &format!("shop:slice:web-3/1/{max}"), ""],
    ];
    for command in foreign {
        let _: redis::Value = redis.ask(command).await;
    }
    let (mut fleet, mut collector) =
        (Fleet::default(), Collector::new(&redis.options()).expect("an address"));
    let collected = collector.collect(&mut fleet, NOW).await.expect("it answers");
    assert_eq!((collected.new, collected.refused), (1, 6));
    let mut reasons = collected.reasons;
    reasons.sort();
    insta::assert_snapshot!(reasons.join("\n"), @r"
`\u{1b}[31m` in shop:streams names no stream
`no stream` in shop:streams names no stream
`web-2/1` in shop:streams names no stream
slice 18446744073709551615 of web-3/1: these bytes are not a slice
slice 2 of web-1/1: these bytes are not a slice
slice 3 of web-1/1: it says that it is slice 1 of web-1/1
");
    assert_eq!(*fleet.sum(), sum("web-1", [1]));
    // Neither side is thrown off by it, nor is the instance that it was said of.
    publish(&publisher, "web-3", 1, [1]);
    sent(&publisher, 4).await;
    assert_eq!(collector.collect(&mut fleet, NOW).await.expect("it answers").new, 1);
    publish(&publisher, "web-1", 1, [4]);
    sent(&publisher, 5).await;
    assert_eq!(collector.collect(&mut fleet, NOW).await.expect("it answers").new, 1);
}

#[tokio::test]
async fn streams_of_the_dead_are_swept_out() {
    let Some(redis) = Redis::start() else { return };
    let long_ago = NOW.unix_millis() - 3 * 20 * 60 * 1_000;
    let _: i64 =
        redis.ask(&["HSET", "shop:streams", "web-0/1", &format!("9 {long_ago}"), "web-9/1", "junk"]).await;
    let publisher = Publisher::start(redis.options()).expect("an address");
    publish(&publisher, "web-1", 1, [1]);
    sent(&publisher, 1).await;
    let streams: Vec<String> = redis.ask(&["HKEYS", "shop:streams"]).await;
    assert_eq!(streams, ["web-1/1"]);
}
