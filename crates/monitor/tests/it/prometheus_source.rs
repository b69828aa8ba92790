//! The source that reads a Prometheus: against a real one, and against everything that one should never say.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy sees only functions marked as tests")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use handover_core::{BySlot, Hint as _, Slot, Timestamp};
use handover_monitor::WindowPair;
use handover_monitor::source::{
    PrometheusOptions, PrometheusSource, Resolution, SlotQueries, SourceError, WindowSource,
};
use tokio::runtime::Runtime;

use crate::servers::{Exporter, Prometheus, free_port};

const LIMIT: Duration = Duration::from_millis(500);

/// What two slots have counted, as their programs would export it.
#[derive(Debug, Clone, Default)]
struct Exported(Arc<Mutex<BySlot<[u64; 4]>>>);

/// Quick, slow and failed requests, and those that took longer than the last bucket's end.
const QUICK: usize = 0;
const SLOW: usize = 1;
const FAILED: usize = 2;
const ENDLESS: usize = 3;

impl Exported {
    fn serve(&self, slot: Slot, kind: usize, times: u64) {
        self.0.lock().unwrap()[slot][kind] += times;
    }

    fn begin_anew(&self, slot: Slot) {
        self.0.lock().unwrap()[slot] = [0; 4];
    }

    fn text(&self) -> String {
        let counts = *self.0.lock().unwrap();
        counts.iter().map(|(slot, counts)| text(slot, counts)).collect::<Vec<_>>().concat()
    }
}

fn text(slot: Slot, &[quick, long, failed, endless]: &[u64; 4]) -> String {
    let (ok, all) = (quick + long + endless, quick + long + endless + failed);
    let (first, second) = (quick + failed, quick + failed + long);
    let of = format!("slot=\"{slot}\"");
    format!(
        "requests_total{{{of},code=\"200\"}} {ok}\nrequests_total{{{of},code=\"500\"}} {failed}\n\
         duration_seconds_bucket{{{of},le=\"0.5\"}} {first}\nduration_seconds_bucket{{{of},le=\"1\"}} {second}\n\
         duration_seconds_bucket{{{of},le=\"+Inf\"}} {all}\n"
    )
}

fn queries(slot: Slot) -> SlotQueries {
    SlotQueries {
        requests: format!("requests_total{{slot=\"{slot}\"}}"),
        errors: format!("requests_total{{slot=\"{slot}\",code=~\"5..\"}}"),
        buckets: format!("duration_seconds_bucket{{slot=\"{slot}\"}}"),
    }
}

fn options(addr: SocketAddr) -> PrometheusOptions {
    let options = PrometheusOptions::new(format!("http://{addr}"), BySlot::from_fn(queries));
    options.with_step(Duration::from_millis(100))
}

/// A source, and a runtime to wait on it.
struct Bench {
    source: PrometheusSource,
    runtime: Runtime,
}

impl Bench {
    fn new(options: PrometheusOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { source: PrometheusSource::new(options).unwrap(), runtime }
    }

    fn begin(&self, limit: Duration) -> Result<u64, SourceError> {
        self.runtime.block_on(self.source.begin(&"r1".parse().unwrap(), Slot::Green, limit))
    }

    fn after(&self, seq: Option<u64>, wait: Duration) -> Result<Vec<WindowPair>, SourceError> {
        self.runtime.block_on(self.source.after(seq, wait)).map(|found| found.pairs)
    }

    /// Reads on until this is so of everything that was read.
    fn read_until(&self, read: &mut Vec<WindowPair>, so: impl Fn(&[WindowPair]) -> bool) {
        for _ in 0..200 {
            if so(read) {
                return;
            }
            let seq = read.last().map(|pair| pair.seq);
            match self.after(seq, Duration::from_secs(1)) {
                Ok(pairs) => read.extend(pairs),
                Err(SourceError::NoData { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        panic!("never; read: {read:#?}");
    }
}

fn sum(read: &[WindowPair], of: impl Fn(&WindowPair) -> u64) -> u64 {
    read.iter().map(of).sum()
}

#[test]
fn a_real_prometheus_gives_windows_with_every_request_once() {
    let exported = Exported::default();
    exported.serve(Slot::Green, FAILED, 1_000);
    let said = exported.clone();
    let target = Exporter::start(move |_| (200, said.text()));
    let Some(prometheus) = Prometheus::start("shop", target.addr) else { return };
    let bench = Bench::new(options(prometheus.addr));
    assert!(matches!(bench.after(None, Duration::ZERO), Err(SourceError::NotBegun)));
    let epoch = bench.begin(LIMIT).unwrap();
    assert_eq!(bench.begin(LIMIT).unwrap(), epoch, "the same is once");
    bench.source.moved(1_000);
    let mut read = Vec::new();
    // Scraped once: what came before is in no window.
    bench.read_until(&mut read, |read| !read.is_empty());
    assert_eq!(sum(&read, |pair| pair.candidate.n), 0);
    exported.serve(Slot::Blue, QUICK, 300);
    for (kind, times) in [(QUICK, 20), (SLOW, 5), (FAILED, 3), (ENDLESS, 2)] {
        exported.serve(Slot::Green, kind, times);
    }
    bench.read_until(&mut read, |read| sum(read, |pair| pair.candidate.n + pair.stable.n) >= 330);
    assert_eq!((sum(&read, |pair| pair.candidate.n), sum(&read, |pair| pair.stable.n)), (30, 300));
    assert_eq!((sum(&read, |pair| pair.candidate.errors), sum(&read, |pair| pair.stable.errors)), (3, 0));
    assert_eq!((sum(&read, |pair| pair.candidate.over), sum(&read, |pair| pair.stable.over)), (7, 0));
    assert!(read.iter().all(|pair| pair.epoch == epoch && pair.candidate.hist.count() == pair.candidate.n));
    assert_eq!(read.last().unwrap().candidate_bps, 1_000);
    let p95 =
        read.iter().rev().find(|pair| pair.stable.n > 0).unwrap().stable.hist.quantile(0.95).unwrap().value;
    let second = Duration::from_secs(1);
    assert_eq!(bench.source.resolution(), Resolution::Buckets(vec![LIMIT, second]));
    assert_eq!(bench.source.resolution().around(p95), (Duration::ZERO, LIMIT));
}

#[test]
fn a_program_that_was_started_again_loses_nothing_it_counted_since() {
    let exported = Exported::default();
    for slot in Slot::BOTH {
        exported.serve(slot, QUICK, 5_000);
    }
    let said = exported.clone();
    let target = Exporter::start(move |_| (200, said.text()));
    let Some(prometheus) = Prometheus::start("shop", target.addr) else { return };
    let bench = Bench::new(options(prometheus.addr));
    bench.begin(LIMIT).unwrap();
    let mut read = Vec::new();
    bench.read_until(&mut read, |read| !read.is_empty());
    exported.begin_anew(Slot::Green);
    exported.serve(Slot::Green, FAILED, 7);
    bench.read_until(&mut read, |read| sum(read, |pair| pair.candidate.n) > 0);
    exported.serve(Slot::Green, QUICK, 1);
    bench.read_until(&mut read, |read| sum(read, |pair| pair.candidate.n) > 7);
    assert_eq!((sum(&read, |pair| pair.candidate.n), sum(&read, |pair| pair.candidate.errors)), (8, 7));
}

#[test]
fn a_slot_without_series_is_no_data_and_never_a_healthy_window() {
    let blue_only = Exporter::start(|_| (200, text(Slot::Blue, &[5, 0, 0, 0])));
    let Some(prometheus) = Prometheus::start("shop", blue_only.addr) else { return };
    crate::servers::until("blue was scraped", || {
        let series = prometheus.query("requests_total").unwrap();
        (!series.is_empty()).then_some(())
    });
    let bench = Bench::new(options(prometheus.addr));
    bench.begin(LIMIT).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    insta::assert_snapshot!(error, @r#"there is no series for green: `requests_total{slot="green"}` gives nothing"#);
}

#[test]
fn a_failed_request_whose_series_is_missing_is_no_data_unless_the_query_says_that_none_is_zero() {
    let lazy = |slot: Slot| {
        text(slot, &[5, 0, 0, 0])
            .lines()
            .filter(|line| !line.contains("500"))
            .map(|line| format!("{line}\n"))
            .collect::<Vec<_>>()
            .concat()
    };
    let target = Exporter::start(move |_| (200, lazy(Slot::Blue) + &lazy(Slot::Green)));
    let Some(prometheus) = Prometheus::start("shop", target.addr) else { return };
    crate::servers::until("it was scraped", || {
        (!prometheus.query("requests_total").unwrap().is_empty()).then_some(())
    });
    let bench = Bench::new(options(prometheus.addr));
    bench.begin(LIMIT).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    insta::assert_snapshot!(error, @r#"there is no series for blue: `requests_total{slot="blue",code=~"5.."}` gives nothing"#);
    let explicit = |slot| {
        let SlotQueries { requests, errors, buckets } = queries(slot);
        SlotQueries { errors: format!("{errors} or {requests} * 0"), requests, buckets }
    };
    let url = format!("http://{}", prometheus.addr);
    let bench = Bench::new(
        PrometheusOptions::new(url, BySlot::from_fn(explicit)).with_step(Duration::from_millis(100)),
    );
    bench.begin(LIMIT).unwrap();
    let mut read = Vec::new();
    bench.read_until(&mut read, |read| !read.is_empty());
    assert_eq!(read[0].candidate.errors, 0);
}

#[test]
fn a_limit_inside_a_bucket_is_refused_before_anything_is_judged_by_it() {
    let fake = Fake::start(Fake::healthy);
    let error = Bench::new(options(fake.addr)).begin(Duration::from_millis(700)).unwrap_err();
    insta::assert_snapshot!(shown(&error), @r"
    the limit of 700ms lies inside the bucket from 500ms to 1s
      hint: choose 500ms or 1s, or add a bucket that ends at the limit
    ");
}

/// A stand-in that says what a test wants said, for the query of each kind.
struct Fake;

impl Fake {
    /// `says` is given what was asked: `time`, `timestamp`, `requests`, `errors` or `buckets`.
    fn start(says: impl Fn(&str) -> (u16, String) + Send + 'static) -> Exporter {
        Exporter::start(move |path| says(kind(path)))
    }

    fn healthy(asked: &str) -> (u16, String) {
        let now = now();
        let said = match asked {
            "time" => format!(r#"{{"resultType":"scalar","result":[{now},"{now}"]}}"#),
            "timestamp" => vector(&[("", &now.to_string())]),
            "buckets" => vector(&[("0.5", "3"), ("1", "4"), ("+Inf", "4")]),
            "errors" => vector(&[("", "1")]),
            _ => vector(&[("", "4")]),
        };
        (200, format!(r#"{{"status":"success","data":{said}}}"#))
    }
}

fn kind(path: &str) -> &'static str {
    match path {
        _ if path.contains("query=time%28%29") => "time",
        _ if path.contains("timestamp") => "timestamp",
        _ if path.contains("bucket") => "buckets",
        _ if path.contains("code") => "errors",
        _ => "requests",
    }
}

fn vector(series: &[(&str, &str)]) -> String {
    let one = |(le, value): &(&str, &str)| format!(r#"{{"metric":{{"le":"{le}"}},"value":[1,"{value}"]}}"#);
    let series: Vec<_> = series.iter().map(one).collect();
    format!(r#"{{"resultType":"vector","result":[{}]}}"#, series.join(","))
}

fn now() -> f64 {
    Duration::from_millis(Timestamp::now().unix_millis()).as_secs_f64()
}

/// The error and its hint, without what differs from run to run.
fn shown(error: &SourceError) -> String {
    let mut text = error.to_string();
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    text.extend(causes.map(|cause| format!("\n  because: {cause}")));
    let hint = error.hint().unwrap_or_default();
    let text = format!("{text}\n  hint: {hint}");
    let ports = text.split("127.0.0.1:").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    ports.collect::<Vec<_>>().join("127.0.0.1:PORT")
}

/// What comes of beginning with a stand-in that answers one kind of question otherwise.
fn begun_with(wrong: &'static str, answer: (u16, &str)) -> String {
    let answer = (answer.0, answer.1.to_owned());
    let fake = Fake::start(move |asked| if asked == wrong { answer.clone() } else { Fake::healthy(asked) });
    match Bench::new(options(fake.addr)).begin(LIMIT) {
        Ok(_) => "begun".to_owned(),
        Err(error) => shown(&error),
    }
}

#[test]
fn every_answer_that_is_none_has_a_name_and_a_hint() {
    let ok = |data: &str| format!(r#"{{"status":"success","data":{data}}}"#);
    insta::assert_snapshot!(begun_with("time", (500, "the disk is full")), @r"
    Prometheus at http://127.0.0.1:PORT refused: 500 Internal Server Error: the disk is full
      hint: ask it the same by hand
    ");
    insta::assert_snapshot!(begun_with("time", (401, "")), @r"
    Prometheus at http://127.0.0.1:PORT refused: 401 Unauthorized
      hint: ask it the same by hand
    ");
    insta::assert_snapshot!(begun_with("requests", (422, r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#)), @r"
    Prometheus at http://127.0.0.1:PORT refused: bad_data: parse error
      hint: ask it the same by hand
    ");
    insta::assert_snapshot!(begun_with("time", (200, "<html>\u{1b}[31mLog in</html>")), @r"
    Prometheus at http://127.0.0.1:PORT gave an answer that makes no sense: it is not JSON of its kind: <html> [31mLog in</html>
      hint: check that its address leads to the right system
    ");
    insta::assert_snapshot!(begun_with("time", (200, r#"{"status":"success"}"#)), @r"
    Prometheus at http://127.0.0.1:PORT gave an answer that makes no sense: it has no data
      hint: check that its address leads to the right system
    ");
    insta::assert_snapshot!(begun_with("time", (200, &ok(r#"{"resultType":"vector","result":[]}"#))), @r"
    Prometheus at http://127.0.0.1:PORT gave an answer that makes no sense: a scalar was asked for, a vector came
      hint: check that its address leads to the right system
    ");
    insta::assert_snapshot!(begun_with("requests", (200, &ok(r#"{"resultType":"vector","result":[{"metric":{},"value":[1]}]}"#))), @r"
    Prometheus at http://127.0.0.1:PORT gave an answer that makes no sense: its vector: invalid length 1, expected a tuple of size 2
      hint: check that its address leads to the right system
    ");
    let partial =
        r#"{"status":"success","warnings":["store 2 is away"],"data":{"resultType":"vector","result":[]}}"#;
    insta::assert_snapshot!(begun_with("errors", (200, partial)), @r"
    the answer is not whole: store 2 is away
      hint: ask a single server, or mend the one that is missing
    ");
    insta::assert_snapshot!(begun_with("errors", (200, &ok(&vector(&[("", "NaN")])))), @r#"
    `requests_total{slot="blue",code=~"5.."}` gives NaN, which is no count
      hint: ask for the counters themselves, without `rate` or division
    "#);
    insta::assert_snapshot!(begun_with("buckets", (200, &ok(&vector(&[("", "3")])))), @r#"
    `duration_seconds_bucket{slot="blue"}` gives a series without a bucket's end in `le`, which is no count
      hint: ask for the counters themselves, without `rate` or division
    "#);
}

#[test]
fn a_server_that_is_not_there_or_is_late_is_named() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], free_port()));
    insta::assert_snapshot!(shown(&Bench::new(options(nowhere)).begin(LIMIT).unwrap_err()), @r"
    Prometheus at http://127.0.0.1:PORT does not answer
      because: error sending request
      because: client error (Connect)
      because: tcp connect error
      because: Connection refused (os error 111)
      hint: check its address, and that it runs
    ");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let late = options(silent.local_addr().unwrap()).with_timeout(Duration::from_millis(50));
    insta::assert_snapshot!(shown(&Bench::new(late).begin(LIMIT).unwrap_err()), @r"
    Prometheus at http://127.0.0.1:PORT does not answer
      because: error sending request
      because: operation timed out
      hint: check its address, and that it runs
    ");
}

#[test]
fn an_address_that_is_none_is_refused_at_once_and_shows_no_secret() {
    for (url, said) in [
        ("prometheus:9090", "Prometheus at prometheus:// refused: its address is not one of HTTP"),
        ("ftp://me:secret@metrics", "Prometheus at ftp://metrics refused: its address is not one of HTTP"),
        ("", "Prometheus refused: relative URL without a base"),
    ] {
        let error = PrometheusSource::new(PrometheusOptions::new(url, BySlot::from_fn(queries))).unwrap_err();
        assert_eq!(error.to_string(), said, "{url}");
    }
    let nowhere = format!("http://me:secret@127.0.0.1:{}/prom", free_port());
    let options = PrometheusOptions::new(nowhere, BySlot::from_fn(queries)).with_token("hidden");
    assert!(!format!("{:?}", options.token).contains("hidden"));
    let shown = shown(&Bench::new(options).begin(LIMIT).unwrap_err());
    assert!(!shown.contains("secret") && !shown.contains("hidden"), "{shown}");
}

#[test]
fn the_token_is_sent_and_a_sub_path_is_kept() {
    let seen = Arc::new(Mutex::new(String::new()));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/prom/", listener.local_addr().unwrap());
    let heard = seen.clone();
    let server = std::thread::spawn(move || {
        use std::io::Read as _;
        let (mut stream, _) = listener.accept().unwrap();
        let mut piece = [0; 4_096];
        let read = stream.read(&mut piece).unwrap();
        *heard.lock().unwrap() = String::from_utf8_lossy(&piece[..read]).into_owned();
    });
    let options = PrometheusOptions::new(url, BySlot::from_fn(queries)).with_token("hidden");
    Bench::new(options).begin(LIMIT).unwrap_err();
    server.join().unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.starts_with("GET /prom/api/v1/query?query=time%28%29 HTTP/1.1"), "{seen}");
    assert!(seen.contains("authorization: Bearer hidden"), "{seen}");
}

#[test]
fn old_counts_and_clocks_apart_are_no_windows() {
    let skewed = Fake::start(|asked| match asked {
        "time" => {
            let then = now() - 90.0;
            (
                200,
                format!(
                    r#"{{"status":"success","data":{{"resultType":"scalar","result":[{then},"{then}"]}}}}"#
                ),
            )
        }
        other => Fake::healthy(other),
    });
    let error = Bench::new(options(skewed.addr)).begin(LIMIT).unwrap_err();
    assert!(matches!(error, SourceError::Skewed { by } if by.as_secs() > 60), "{error}");
    let stale = Fake::start(|asked| match asked {
        "timestamp" => {
            let then = (now() - 120.0).to_string();
            (200, format!(r#"{{"status":"success","data":{}}}"#, vector(&[("", &then)])))
        }
        other => Fake::healthy(other),
    });
    let bench = Bench::new(options(stale.addr));
    bench.begin(LIMIT).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    assert!(matches!(error, SourceError::Stale { slot: Slot::Blue, age } if age.as_secs() > 100), "{error}");
}

#[test]
fn a_clock_that_went_back_makes_no_window_and_the_next_is_one_again() {
    let asked_for_time = AtomicU64::new(0);
    let fake = Fake::start(move |asked| {
        if asked != "time" {
            return Fake::healthy(asked);
        }
        let back = if asked_for_time.fetch_add(1, Ordering::SeqCst) == 1 { 10.0 } else { 0.0 };
        let then = now() - back;
        (
            200,
            format!(r#"{{"status":"success","data":{{"resultType":"scalar","result":[{then},"{then}"]}}}}"#),
        )
    });
    let bench = Bench::new(options(fake.addr));
    bench.begin(LIMIT).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    assert!(matches!(error, SourceError::WentBack { by } if by.as_secs() <= 10), "{error}");
    let mut read = Vec::new();
    bench.read_until(&mut read, |read| !read.is_empty());
}

#[test]
fn more_failures_than_requests_are_impossible() {
    let asked = AtomicU64::new(0);
    let fake = Fake::start(move |kind| match kind {
        "errors" => {
            let count = 1_000 * asked.fetch_add(1, Ordering::SeqCst);
            (200, format!(r#"{{"status":"success","data":{}}}"#, vector(&[("", &count.to_string())])))
        }
        other => Fake::healthy(other),
    });
    let bench = Bench::new(options(fake.addr));
    bench.begin(LIMIT).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    insta::assert_snapshot!(error, @"the counts for blue cannot be true: 2000 of 0 requests failed");
}

#[test]
fn a_limit_inside_a_bucket_that_is_only_seen_later_is_refused_then() {
    let first = AtomicU64::new(0);
    let fake = Fake::start(move |asked| match asked {
        "timestamp" if first.fetch_add(1, Ordering::SeqCst) == 0 => {
            (200, format!(r#"{{"status":"success","data":{}}}"#, vector(&[])))
        }
        other => Fake::healthy(other),
    });
    let bench = Bench::new(options(fake.addr));
    bench.begin(Duration::from_millis(700)).unwrap();
    let error = bench.after(None, Duration::from_secs(5)).unwrap_err();
    assert!(matches!(error, SourceError::LimitInsideBucket { .. }), "{error}");
}

#[test]
fn no_window_closes_before_both_slots_were_scraped_again() {
    let scraped = Arc::new(Mutex::new(now()));
    let told = scraped.clone();
    let fake = Exporter::start(move |path| match kind(path) {
        "timestamp" if path.contains("green") => {
            let then = told.lock().unwrap().to_string();
            (200, format!(r#"{{"status":"success","data":{}}}"#, vector(&[("", &then)])))
        }
        other => Fake::healthy(other),
    });
    let bench = Bench::new(options(fake.addr));
    bench.begin(LIMIT).unwrap();
    // Five looks, with a blue that was scraped before each.
    assert_eq!(bench.after(None, Duration::from_millis(500)).unwrap(), vec![]);
    *scraped.lock().unwrap() = now();
    bench.read_until(&mut Vec::new(), |read| !read.is_empty());
}
