//! Records the requests of an axum service by route template, and shows them to Prometheus.
//!
//! `cargo run -p handover-examples --bin monitor_axum` serves, sends itself good, bad, unknown and abandoned requests,
//! and prints what `/metrics` then counts. It needs nothing, and ends by itself.

#![expect(clippy::print_stdout, reason = "what was counted is the program's result")]

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use handover_core::{ReleaseId, SystemClock};
use handover_monitor::Series;
use handover_monitor::export::Metric;
use handover_monitor::export::prometheus::{Edges, TEXT_TYPE, text};
use handover_monitor::fleet::{Endpoint, SeriesName, Sums};
use handover_monitor::tower::RecordLayer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Told when somebody asks for the report.
static REPORT_BEGAN: Notify = Notify::const_new();

/// A series for each route there is, made before the first request: no path that a stranger invents makes another.
#[derive(Debug)]
struct Endpoints {
    release: ReleaseId,
    by_template: BTreeMap<&'static str, Arc<Series>>,
    unmatched: Arc<Series>,
}

impl Endpoints {
    fn new(release: ReleaseId, templates: &[&'static str]) -> Self {
        let by_template = templates.iter().map(|template| (*template, Arc::default())).collect();
        Self { release, by_template, unmatched: Arc::default() }
    }

    /// Where a request is counted. Runs on the request path: one look-up, one clone of an `Arc`.
    fn of(&self, request: &Request) -> Arc<Series> {
        let template = request.extensions().get::<MatchedPath>();
        let series = template.and_then(|template| self.by_template.get(template.as_str()));
        series.unwrap_or(&self.unmatched).clone()
    }

    fn read(&self) -> Result<Sums> {
        let unmatched = ("unmatched", &self.unmatched);
        let all = self.by_template.iter().map(|(template, series)| (*template, series)).chain([unmatched]);
        all.map(|(template, series)| {
            let endpoint: Endpoint = template.parse()?;
            Ok((SeriesName::new(self.release.clone(), endpoint), series.totals()))
        })
        .collect()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let endpoints = Arc::new(Endpoints::new("v1".parse()?, &["/users/{id}", "/report"]));
    let of = endpoints.clone();
    let record = RecordLayer::new(Arc::new(SystemClock::new()), move |request: &Request| of.of(request));
    let app = Router::new()
        .route("/users/{id}", get(user))
        .route("/report", get(report))
        // Around the routes above and around what matches none; what is added below is not counted.
        .layer(record)
        .route("/metrics", get(metrics))
        .with_state(endpoints.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(axum::serve(listener, app).into_future());

    for id in 0..20 {
        ask(address, &format!("/users/{id}")).await?;
    }
    for path in ["/wp-admin.php", "/.env", "/users"] {
        ask(address, path).await?;
    }
    give_up(address, &endpoints.by_template["/report"]).await?;

    let metrics = ask(address, "/metrics").await?;
    metrics.lines().filter(|line| line.contains("_count{")).for_each(|line| println!("{line}"));
    serving.abort();
    Ok(())
}

async fn user(Path(id): Path<u32>) -> (StatusCode, String) {
    match id {
        0 => (StatusCode::INTERNAL_SERVER_ERROR, "the database is gone".into()),
        1..10 => (StatusCode::OK, format!("user {id}")),
        _ => (StatusCode::NOT_FOUND, "no such user".into()),
    }
}

/// Takes longer than anybody waits.
async fn report() -> &'static str {
    REPORT_BEGAN.notify_one();
    std::future::pending().await
}

async fn metrics(State(endpoints): State<Arc<Endpoints>>) -> axum::response::Response {
    match endpoints.read() {
        Ok(sums) => {
            let page = text(&Metric::requests(&sums), &Edges::default());
            ([(CONTENT_TYPE, TEXT_TYPE)], page).into_response()
        }
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, why.to_string()).into_response(),
    }
}

/// A whole request, and its answer as text.
async fn ask(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = begin(address, path).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Asks for the report, and leaves once it is being made; the service notices.
async fn give_up(address: SocketAddr, report: &Series) -> Result<()> {
    let asked = begin(address, "/report").await?;
    REPORT_BEGAN.notified().await;
    drop(asked);
    while report.totals().cancelled.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

async fn begin(address: SocketAddr, path: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}
