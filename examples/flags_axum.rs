//! Switches a route off and on while the service runs, and rolls another out by its callers.
//!
//! `cargo run -p handover-examples --bin flags_axum` serves, asks itself, and prints what was answered. It needs nothing, and
//! ends by itself. With `REDIS_URL` its flags are in that Redis (`feature:scan_creation`, `feature:new_report`), else in
//! memory.

#![expect(clippy::print_stdout, reason = "what was answered is the program's result")]

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::routing::{get, post};
use handover_flags::tower::require_flag;
use handover_flags::{Change, Context, FlagName, FlagStore, Flags, Key, MemoryStore, RedisStore, Safe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Half of all users.
const HALF: &str = r#"{"rules": [{"percentage": 50}]}"#;

#[tokio::main]
async fn main() -> Result<()> {
    let store = store()?;
    roll_out(&*store).await?;
    // [README]
    let flags = Flags::builder(store.clone())
        .flag("scan_creation", Safe::On) // what it is when nothing is known of it
        .flag("new_report", Safe::Off)
        .start() // never fails: from the store, else from what was last known
        .await;
    let app = Router::new()
        .route("/scans", post(scan).layer(require_flag(&flags, "scan_creation")))
        .route("/report", get(report).layer(require_flag(&flags, "new_report").context(caller)));
    // [/README]
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(axum::serve(listener, app).into_future());

    for on in [true, false, true] {
        set(&*store, &flags, "scan_creation", on).await?;
        println!("scan_creation {on}: {}", ask(address, "POST", "/scans", "1").await?);
    }
    let mut admitted = 0;
    for user in 0..100 {
        let answer = ask(address, "GET", "/report", &user.to_string()).await?;
        admitted += u32::from(answer.starts_with("200"));
    }
    println!("new_report: {admitted} of 100 users");
    serving.abort();
    Ok(())
}

/// Redis where there is one.
fn store() -> Result<Arc<dyn FlagStore>> {
    Ok(match std::env::var("REDIS_URL") {
        Ok(url) => Arc::new(RedisStore::new(&url)?),
        Err(_) => Arc::new(MemoryStore::new()),
    })
}

async fn scan() -> &'static str {
    "queued"
}

async fn report() -> &'static str {
    "the new report"
}

/// Who asks: so the same users stay within the half.
fn caller(parts: &Parts) -> Context<'_> {
    let user = parts.headers.get("x-user").and_then(|user| user.to_str().ok());
    user.map_or_else(Context::new, |user| Context::new().user(user))
}

/// The new report, for half of all users.
async fn roll_out(store: &dyn FlagStore) -> Result<()> {
    let (name, by_us) = ("new_report".parse::<FlagName>()?, Change::by("flags_axum").because("a rollout"));
    store.put(&Key::Rules(name.clone()), HALF, &by_us).await?;
    store.put(&Key::Gate(name), "true", &by_us).await?;
    Ok(())
}

/// Switches a flag, as an operator does with `redis-cli SET feature:<flag> false`, and waits until it is felt here.
async fn set(store: &dyn FlagStore, flags: &Flags, flag: &str, on: bool) -> Result<()> {
    let mut felt = flags.subscribe(flag);
    store.put(&Key::Gate(flag.parse()?), &on.to_string(), &Change::by("flags_axum")).await?;
    felt.wait_for(|now| *now == on).await?;
    Ok(())
}

/// Asks once, and shows status and body.
async fn ask(address: SocketAddr, method: &str, path: &str, user: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let head = format!("{method} {path} HTTP/1.1\r\nhost: shop\r\nx-user: {user}\r\n");
    stream.write_all(format!("{head}content-length: 0\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    Ok(format!("{status} {body}"))
}
