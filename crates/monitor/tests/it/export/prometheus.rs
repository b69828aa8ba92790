use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use handover_monitor::export::Metric;
use handover_monitor::export::prometheus::{Edges, TEXT_TYPE, summary, text};

use super::{exact, histogram, off_by};
use crate::server::{PATIENCE, Server, free_port, program};

fn metric() -> Metric {
    let mut metric = Metric::new("http.server.request.duration", "Time to answer a request.");
    metric.add([("endpoint", "GET /a\"b\\c\n{id}"), ("release", "v1")], &histogram());
    metric
}

fn exposition() -> String {
    text(&metric(), &Edges::default()) + &summary(&metric(), &[0.5, 0.95])
}

#[test]
fn promtool_has_nothing_to_say_about_the_text() {
    let Some(promtool) = program("promtool") else { return };
    let mut child = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(exposition().as_bytes()).expect("it reads");
    let said = child.wait_with_output().expect("it ends");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
}

/// Serves pages by path, and tells of each that was fetched.
fn serve(pages: Vec<(&'static str, &'static str, Vec<u8>)>) -> (SocketAddr, Receiver<&'static str>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (told, fetched) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if answer(&stream, &pages).is_some_and(|path| told.send(path).is_err()) {
                return;
            }
        }
    });
    (address, fetched)
}

fn answer(mut stream: &TcpStream, pages: &[(&'static str, &'static str, Vec<u8>)]) -> Option<&'static str> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let asked = lines.next()?;
    // The whole head, so that closing the connection does not reset it.
    lines.find(String::is_empty)?;
    let (path, kind, body) = pages.iter().find(|(path, ..)| asked.starts_with(&format!("GET {path} ")))?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
    Some(path)
}

struct Prometheus {
    port: u16,
    _folder: tempfile::TempDir,
    _server: Server,
}

impl Prometheus {
    /// Scrapes each path of `target` five times a second, under a job of the path's name.
    fn start(target: SocketAddr, paths: &[&str]) -> Option<Self> {
        let (program, folder, port) =
            (program("prometheus")?, tempfile::tempdir().expect("a folder"), free_port());
        let jobs = paths.iter().map(|path| {
            let job = path.trim_start_matches('/');
            format!(
                "- job_name: {job}\n  metrics_path: {path}\n  static_configs:\n  - targets: ['{target}']\n"
            )
        });
        let config = format!(
            "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n{}",
            jobs.collect::<String>()
        );
        std::fs::write(folder.path().join("prometheus.yml"), config).expect("a file");
        let mut command = Command::new(program);
        command.arg("--config.file=prometheus.yml").arg("--storage.tsdb.path=data");
        command
            .arg("--enable-feature=native-histograms")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let server =
            Server::start(command.current_dir(folder.path()), "Server is ready to receive web requests");
        Some(Self { port, _folder: folder, _server: server })
    }

    /// The one value of an instant query.
    fn ask(&self, query: &str) -> f64 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let mut request = String::from("GET /api/v1/query?query=");
        query.bytes().for_each(|byte| write!(request, "%{byte:02x}").expect("to a string"));
        stream.write_all(format!("{request} HTTP/1.0\r\n\r\n").as_bytes()).expect("it reads");
        let mut said = String::new();
        stream.read_to_string(&mut said).expect("an answer");
        let body = said.split_once("\r\n\r\n").expect("a body").1;
        let answer: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let result = answer["data"]["result"].as_array().unwrap_or_else(|| panic!("{query}: {said}"));
        assert_eq!(result.len(), 1, "{query}: {said}");
        result[0]["value"][1].as_str().expect("a value").parse().expect("a number")
    }
}

/// Waits until every path was fetched three times: what was fetched first has been stored by then.
fn stored(fetched: &Receiver<&'static str>, paths: &[&str]) {
    let mut missing: Vec<_> = paths.iter().flat_map(|path| [path; 3]).collect();
    while !missing.is_empty() {
        let path = fetched.recv_timeout(PATIENCE).expect("scrapes go on");
        if let Some(at) = missing.iter().position(|missing| **missing == path) {
            missing.swap_remove(at);
        }
    }
}

#[test]
fn a_real_server_reads_the_text_and_its_quantile_lies_between_the_edges_of_the_right_bucket() {
    let (address, fetched) = serve(vec![("/text", TEXT_TYPE, exposition().into_bytes())]);
    let Some(prometheus) = Prometheus::start(address, &["/text"]) else { return };
    stored(&fetched, &["/text"]);
    assert!((prometheus.ask("http_server_request_duration_seconds_count") - 10_000.0).abs() < 0.1);
    let p95 = prometheus.ask("histogram_quantile(0.95, http_server_request_duration_seconds_bucket)");
    assert!(0.25 < exact(0.95) && exact(0.95) < 0.5 && 0.25 < p95 && p95 < 0.5, "{p95} for {}", exact(0.95));
    let summary = prometheus.ask(r#"http_server_request_duration_quantiles_seconds{quantile="0.95"}"#);
    assert!(off_by(summary, 0.95) < 0.0079, "{summary} for {}", exact(0.95));
    let label = r#"count(http_server_request_duration_seconds_count{endpoint="GET /a\"b\\c\n{id}"})"#;
    assert!((prometheus.ask(label) - 1.0).abs() < 0.1);
}

#[cfg(feature = "prometheus-native")]
#[test]
fn a_real_server_reads_the_native_histogram_and_its_quantiles_are_within_the_stated_error() {
    use handover_monitor::export::Scale;
    use handover_monitor::export::prometheus::{NATIVE_TYPE, native};

    let mut small = Metric::new("handover.empty", "Nothing yet.");
    small.add([], &handover_monitor::Histogram::default());
    let page = |scale| [native(&metric(), scale), native(&small, scale)].concat();
    let paths = ["/five", "/six"];
    let pages = vec![(paths[0], NATIVE_TYPE, page(Scale::Five)), (paths[1], NATIVE_TYPE, page(Scale::Six))];
    let (address, fetched) = serve(pages);
    let Some(prometheus) = Prometheus::start(address, &paths) else { return };
    stored(&fetched, &paths);
    for (job, scale) in [("five", Scale::Five), ("six", Scale::Six)] {
        let series = format!("http_server_request_duration_seconds{{job=\"{job}\"}}");
        assert!((prometheus.ask(&format!("histogram_count({series})")) - 10_000.0).abs() < 0.1);
        for quantile in [0.5, 0.95, 0.99] {
            let value = prometheus.ask(&format!("histogram_quantile({quantile}, {series})"));
            let off = off_by(value, quantile);
            assert!(off < scale.error(), "p{} at scale {job} is off by {off}", quantile * 100.0);
        }
        let mean = prometheus.ask(&format!("histogram_sum({series}) / histogram_count({series})"));
        let exact: std::time::Duration = super::latencies().iter().sum();
        assert!((mean / (exact.as_secs_f64() / 10_000.0) - 1.0).abs() < 0.0079);
        assert!(
            prometheus.ask(&format!("histogram_count(handover_empty_seconds{{job=\"{job}\"}})")).abs() < 0.1
        );
    }
}
