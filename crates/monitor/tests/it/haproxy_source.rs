//! The source that reads HAProxy's log: against a real one before two servers, and against what one never sends.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use handover_core::{BySlot, Hint as _, Slot};
use handover_monitor::source::{
    HAPROXY_LOG_FORMAT, HaproxyOptions, HaproxySource, HaproxyTally, Resolution, RuntimeApi, SourceError,
    WindowSource,
};
use handover_monitor::{Pairs, WindowPair};
use tokio::runtime::Runtime;

use crate::servers::{Exporter, Haproxy, free_port, free_udp_port, get, until};

const LIMIT: Duration = Duration::from_millis(500);

/// A HAProxy, the source that hears it, and a run under way with green as the candidate.
struct Bench {
    haproxy: Haproxy,
    source: HaproxySource,
    runtime: Runtime,
    epoch: u64,
}

impl Bench {
    /// The log goes straight to the source.
    fn start(servers: [SocketAddr; 2]) -> Option<Self> {
        let log = local(free_udp_port());
        let haproxy = Haproxy::start(log, HAPROXY_LOG_FORMAT, servers)?;
        Some(Self::hear(haproxy, log))
    }

    fn hear(haproxy: Haproxy, listen: SocketAddr) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let source = runtime.block_on(HaproxySource::bind(options(listen, &haproxy.socket))).unwrap();
        let run = "r1".parse().unwrap();
        let epoch = runtime.block_on(source.begin(&run, Slot::Green, LIMIT)).unwrap();
        Self { haproxy, source, runtime, epoch }
    }

    fn get(&self, path: &str) -> u16 {
        get(self.haproxy.addr, path).unwrap().0
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Result<Pairs, SourceError> {
        self.runtime.block_on(self.source.after(seq, wait))
    }

    /// What is in every window, once as many requests are.
    fn read(&self, requests: u64) -> Vec<WindowPair> {
        let mut read = Vec::new();
        until("every request is in a window", || {
            let seq = read.last().map(|pair: &WindowPair| pair.seq);
            let found = self.after(seq, Duration::from_secs(1)).unwrap();
            assert_eq!((found.epoch, found.missed), (self.epoch, 0));
            read.extend(found.pairs);
            (sum(&read, |pair| pair.candidate.n + pair.stable.n) >= requests).then_some(())
        });
        read
    }

    fn tally(&self, what: &str, so: impl Fn(&HaproxyTally) -> bool) -> HaproxyTally {
        until(what, || Some(self.source.tally()).filter(|tally| so(tally)))
    }
}

fn options(listen: SocketAddr, socket: &Path) -> HaproxyOptions {
    let servers = BySlot { blue: "blue", green: "green" };
    HaproxyOptions::new(listen, RuntimeApi::Unix(socket.to_owned()), "app", servers)
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn server(status: u16) -> Exporter {
    Exporter::start(move |_| (status, "hello".to_owned()))
}

fn sum(read: &[WindowPair], of: impl Fn(&WindowPair) -> u64) -> u64 {
    read.iter().map(of).sum()
}

#[test]
fn every_request_is_in_one_window_and_only_the_failing_slot_has_errors() {
    let (good, bad) = (server(200), server(500));
    let Some(bench) = Bench::start([good.addr, bad.addr]) else { return };
    let failed = (0..60).filter(|_| bench.get("/") == 500).count() as u64;
    assert!([200, 500].contains(&bench.get("/probe")) && bench.get("/api") == 200);
    let read = bench.read(60);
    assert_eq!((sum(&read, |pair| pair.candidate.n), sum(&read, |pair| pair.stable.n)), (30, 30));
    assert_eq!(
        (sum(&read, |pair| pair.candidate.errors), sum(&read, |pair| pair.stable.errors)),
        (failed, 0)
    );
    assert!(
        read.iter()
            .all(|pair| pair.candidate_bps == 5_000 && pair.candidate.hist.count() == pair.candidate.n)
    );
    let tally = bench.tally("all lines are in", |tally| tally.skipped == 1 && tally.elsewhere == 1);
    assert_eq!(tally, {
        let mut all = HaproxyTally::default();
        (all.judged, all.skipped, all.elsewhere) = (60, 1, 1);
        all
    });
    assert_eq!(bench.source.resolution(), Resolution::Step(Duration::from_millis(1)));
}

#[test]
fn the_split_is_the_one_that_haproxy_has() {
    let (blue, green) = (server(200), server(200));
    let Some(bench) = Bench::start([blue.addr, green.addr]) else { return };
    let share = |bps: u16| {
        until("windows of that split", || {
            bench.get("/");
            let found = bench.after(None, Duration::from_secs(1)).unwrap();
            found.pairs.last().is_some_and(|pair| pair.candidate_bps == bps).then_some(())
        });
    };
    share(5_000);
    bench.haproxy.command("set server app/green weight 25");
    share(2_000);
    bench.haproxy.command("set server app/green state drain");
    share(0);
    bench.haproxy.command("set server app/green state ready;set server app/blue state maint");
    share(10_000);
}

#[test]
fn what_the_release_did_is_an_error_and_what_the_client_did_is_none() {
    let missing = server(404);
    // Connections are taken, and nothing is ever answered.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let Some(bench) = Bench::start([missing.addr, silent.local_addr().unwrap()]) else { return };
    assert_eq!((bench.get("/"), bench.get("/"), bench.get("/")), (404, 504, 404));
    let mut gone = TcpStream::connect(bench.haproxy.addr).unwrap();
    gone.write_all(b"GET /gone HTTP/1.1\r\nHost: shop\r\n\r\n").unwrap();
    until("it is with the server", || {
        bench.haproxy.command("show stat").contains("app,green,0,0,1,").then_some(())
    });
    drop(gone);
    let read = bench.read(3);
    bench.tally("the one who went away", |tally| tally.judged == 4);
    assert_eq!((sum(&read, |pair| pair.stable.n), sum(&read, |pair| pair.stable.errors)), (2, 0));
    assert_eq!((sum(&read, |pair| pair.candidate.n), sum(&read, |pair| pair.candidate.errors)), (1, 1));
    let took = read.iter().find(|pair| pair.candidate.n > 0).unwrap().candidate.hist.quantile(0.5).unwrap();
    assert!(took.value >= Duration::from_millis(290), "it waited for the time-out: {took:?}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_of_its_slot() {
    let good = server(200);
    let Some(bench) = Bench::start([good.addr, local(free_port())]) else { return };
    let failed = (0..10).filter(|_| bench.get("/") == 503).count() as u64;
    let read = bench.read(10);
    assert_eq!((sum(&read, |pair| pair.candidate.errors), sum(&read, |pair| pair.candidate.n)), (failed, 5));
    assert_eq!(sum(&read, |pair| pair.stable.errors), 0);
}

#[test]
fn nobody_is_blamed_for_a_request_that_no_server_was_asked_for() {
    let (blue, green) = (server(200), server(200));
    let Some(bench) = Bench::start([blue.addr, green.addr]) else { return };
    bench.haproxy.command("set server app/blue state maint;set server app/green state maint");
    assert_eq!(bench.get("/"), 503);
    assert_eq!(bench.tally("its line", |tally| tally.unattributed == 1).judged, 0);
}

/// Passes the log on, and loses the first so many lines after it was told to.
struct Lossy {
    addr: SocketAddr,
    lose: Arc<AtomicU64>,
}

impl Lossy {
    fn start(to: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let addr = socket.local_addr().unwrap();
        let lose = Arc::new(AtomicU64::new(0));
        let left = lose.clone();
        std::thread::spawn(move || {
            let mut line = [0; 2_048];
            while let Ok((length, _)) = socket.recv_from(&mut line) {
                let next = |left: u64| left.checked_sub(1);
                if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next).is_err() {
                    let _ = socket.send_to(&line[..length], to);
                }
            }
        });
        Self { addr, lose }
    }
}

#[test]
fn lines_that_were_lost_make_missing_windows_and_no_healthy_ones() {
    let (good, bad) = (server(200), server(500));
    let listen = local(free_udp_port());
    let network = Lossy::start(listen);
    let Some(haproxy) = Haproxy::start(network.addr, HAPROXY_LOG_FORMAT, [good.addr, bad.addr]) else {
        return;
    };
    let bench = Bench::hear(haproxy, listen);
    network.lose.store(10, Ordering::SeqCst);
    (0..30).for_each(|_| assert!(bench.get("/") > 0));
    bench.tally("ten lines are missing", |tally| tally.lost >= 10);
    let missed = until("the reader hears of it", || match bench.after(None, Duration::ZERO) {
        Ok(found) => (found.missed > 0).then_some(found),
        // Said while nothing can be confirmed, until the next comparison is even.
        Err(SourceError::Lost { .. }) => None,
        Err(error) => panic!("{error}"),
    });
    assert!(sum(&missed.pairs, |pair| pair.candidate.n + pair.stable.n) < 30, "{missed:?}");
    // And it goes on.
    let seq = missed.pairs.last().map(|pair| pair.seq);
    until("later requests are believed", || {
        bench.get("/");
        let found = bench.after(seq, Duration::from_secs(1)).unwrap_or_default();
        (sum(&found.pairs, |pair| pair.stable.n) > 0).then_some(())
    });
}

#[test]
fn a_log_that_never_comes_is_an_error_and_not_silence() {
    let (blue, green) = (server(200), server(200));
    let elsewhere = UdpSocket::bind("127.0.0.1:0").unwrap();
    let log = elsewhere.local_addr().unwrap();
    let Some(haproxy) = Haproxy::start(log, HAPROXY_LOG_FORMAT, [blue.addr, green.addr]) else { return };
    let bench = Bench::hear(haproxy, local(free_udp_port()));
    let error = until("the reader hears why there is nothing", || {
        (0..5).for_each(|_| assert_eq!(bench.get("/"), 200));
        bench.after(None, Duration::ZERO).err()
    });
    let SourceError::Lost { counted, reported: 0 } = error else { panic!("{error}") };
    assert!(counted > 0);
}

#[test]
fn a_log_of_another_format_is_refused_line_by_line() {
    let (blue, green) = (server(200), server(200));
    let log = local(free_udp_port());
    let Some(haproxy) = Haproxy::start(log, "%ci:%cp [%tr] %ft %b/%s %ST", [blue.addr, green.addr]) else {
        return;
    };
    let bench = Bench::hear(haproxy, log);
    (0..5).for_each(|_| assert_eq!(bench.get("/"), 200));
    let tally = bench.tally("five lines were refused", |tally| tally.refused == 5);
    assert!(tally.last_refused.is_some() && tally.judged == 0, "{tally:?}");
    bench.tally("and miss", |tally| tally.lost == 5);
}

#[test]
fn lines_that_somebody_else_sends_are_refused_or_doubted() {
    let (blue, green) = (server(200), server(200));
    let Some(bench) = Bench::start([blue.addr, green.addr]) else { return };
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let send = |text: &str| _ = socket.send_to(text.as_bytes(), bench.source.local_addr()).unwrap();
    let forged = |pid: u32| {
        format!(
            r#"{{"pid":{pid},"be":"app","srv":"blue","st":500,"ta":1,"tr":0,"rt":1,"ts":"--","skip":"-"}}"#
        )
    };
    send("");
    send("GET / HTTP/1.1\r\n\r\n");
    send(&forged(1).replace("500", "7"));
    send(&"x".repeat(9_000));
    (0..40).for_each(|_| send(&forged(4_000_000)));
    let tally = bench.tally("they were heard", |tally| tally.strangers == 40 && tally.refused == 4);
    assert_eq!(tally.judged, 0, "nobody believes a process that HAProxy does not name");
    assert_eq!(bench.get("/"), 200);
    assert_eq!(sum(&bench.read(1), |pair| pair.stable.errors), 0);
    // A real process' name is no secret: what it never counted is noticed all the same.
    let pid =
        bench.haproxy.command("show info").lines().find_map(|line| line.strip_prefix("Pid: ")?.parse().ok());
    (0..40).for_each(|_| send(&forged(pid.unwrap())));
    let missed = until("they are withheld", || {
        let found = bench.after(None, Duration::ZERO).unwrap();
        (found.missed > 0).then_some(found)
    });
    assert_eq!(sum(&missed.pairs, |pair| pair.stable.errors), 0, "{missed:?}");
}

#[test]
fn another_process_in_its_place_is_heard_and_nothing_is_called_lost() {
    let (blue, green) = (server(200), server(200));
    let Some(mut bench) = Bench::start([blue.addr, green.addr]) else { return };
    (0..10).for_each(|_| assert_eq!(bench.get("/"), 200));
    bench.read(10);
    bench.haproxy.replace();
    until("requests are believed again", || {
        bench.get("/");
        let found = bench.after(None, Duration::ZERO).unwrap_or_default();
        (sum(&found.pairs, |pair| pair.stable.n + pair.candidate.n) > 15).then_some(())
    });
    assert_eq!(bench.source.tally().lost, 0);
}

#[test]
fn a_haproxy_that_is_gone_is_named_and_what_was_confirmed_stays() {
    let (blue, green) = (server(200), server(200));
    let Some(mut bench) = Bench::start([blue.addr, green.addr]) else { return };
    assert_eq!(bench.get("/"), 200);
    bench.read(1);
    bench.haproxy.kill();
    let error = until("the reader hears of it", || {
        let newest = bench.after(None, Duration::ZERO).unwrap().pairs.last().map(|pair| pair.seq);
        bench.after(newest, Duration::from_millis(50)).err()
    });
    let socket = bench.haproxy.socket.display().to_string();
    let shown = format!(
        "{error}\n  because: {}\n  hint: {}",
        std::error::Error::source(&error).unwrap(),
        error.hint().unwrap()
    );
    insta::assert_snapshot!(shown.replace(&socket, "SOCKET"), @r"
    HAProxy at SOCKET does not answer
      because: Connection refused (os error 111)
      hint: check its address, and that it runs
    ");
    assert!(!bench.after(None, Duration::ZERO).unwrap().pairs.is_empty());
}

#[test]
fn what_haproxy_does_not_have_is_said_at_once() {
    let (blue, green) = (server(200), server(200));
    let Some(haproxy) = Haproxy::start(local(1), HAPROXY_LOG_FORMAT, [blue.addr, green.addr]) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listen = local(0);
    let bind = |options| runtime.block_on(HaproxySource::bind(options)).unwrap_err().to_string();
    let runtime_api = || RuntimeApi::Unix(haproxy.socket.clone());
    let names = BySlot { blue: "blue", green: "green" };
    let socket = haproxy.socket.display().to_string();
    let said = [
        bind(HaproxyOptions::new(listen, runtime_api(), "shop", names)),
        bind(HaproxyOptions::new(listen, runtime_api(), "app", BySlot { blue: "blue", green: "lime" })),
        bind(HaproxyOptions::new(listen, RuntimeApi::Unix("/nowhere/socket".into()), "app", names)),
    ];
    insta::assert_snapshot!(said.join("\n").replace(&socket, "SOCKET"), @r"
    HAProxy at SOCKET gave an answer that makes no sense: it has no backend `shop`
    HAProxy at SOCKET gave an answer that makes no sense: its backend `app` has no server `lime`
    HAProxy at /nowhere/socket does not answer
    ");
    let web = RuntimeApi::Tcp(haproxy.addr);
    let error =
        runtime.block_on(HaproxySource::bind(HaproxyOptions::new(listen, web, "app", names))).unwrap_err();
    assert!(matches!(error, SourceError::NotUnderstood { .. }), "{error}");
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let error = bind(HaproxyOptions::new(taken.local_addr().unwrap(), runtime_api(), "app", names));
    assert!(error.starts_with("127.0.0.1:"), "{error}");
}
