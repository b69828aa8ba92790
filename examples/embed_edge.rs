//! Embeds the data plane: a proxy and a switcher in this process, between users and two releases.
//!
//! `cargo run -p handover-examples --bin embed_edge` sends requests at 0 %, 10 % and 100 %, with a slow one under way
//! when the last share moves. It needs nothing, prints what users saw, and ends by itself.

#![expect(clippy::print_stdout, reason = "what the program saw is its result")]

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use handover_core::{Fence, OpId, Slot};
use handover_edge::local::LocalSwitcher;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use handover_traffic::{Change, Drained, Expected, Route, Split, TrafficSwitcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::sleep;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Requests at each share: at 10 % some reach the new release for sure (none would, once in 10^9 runs).
const REQUESTS: usize = 200;

/// How long the slow answer takes.
const SLOW: Duration = Duration::from_millis(300);

#[tokio::main]
async fn main() -> Result<()> {
    // Two releases. In your program these are addresses of processes that somebody else runs.
    let proxy = Proxy::new(ProxyOptions::default())?;
    for (slot, name) in [(Slot::Blue, "v1"), (Slot::Green, "v2")] {
        let instances = vec![start_release(name).await?.into()];
        proxy.set_targets(slot, Some(Targets { release: name.parse()?, instances, pin: String::new() }));
    }

    // Users arrive here, until `stop` is told.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn({
        let proxy = proxy.clone();
        async move { proxy.serve(listener, stopped).await }
    });

    // The switcher moves them. Swap it for another backend, and nothing below changes.
    let switcher = LocalSwitcher::forgetful(proxy.clone());
    send_requests(address, &switcher).await?;
    shift(&switcher, 1_000).await?;
    send_requests(address, &switcher).await?;

    // The rest moves while v1 still works on an answer: it is not cut off.
    let slow = slow_request_on(address, Slot::Blue, &proxy).await?;
    shift(&switcher, Split::WHOLE).await?;
    match switcher.drain(Slot::Blue, Duration::from_secs(5)).await? {
        Drained::Clean { waited } => println!("v1 is drained after {} ms", waited.as_millis()),
        other => println!("v1 is not drained: {other:?}"),
    }
    println!("the slow request was answered by {}", slow.await??);
    send_requests(address, &switcher).await?;

    let _ = stop.send(());
    serving.await??;
    Ok(())
}

/// Moves traffic from what was just read to `bps` basis points for green; if somebody else was faster, nothing moves.
async fn shift(switcher: &dyn TrafficSwitcher, bps: u16) -> Result<()> {
    let now = switcher.observe().await?;
    let change = Change {
        route: Route::serve(Split::from_green_bps(bps)?),
        expected: Expected::Revision(now.revision),
        op: OpId::new(format!("to {bps}")),
        fence: now.fence.unwrap_or(Fence::ZERO),
    };
    switcher.apply(&change).await?;
    Ok(())
}

/// Sends requests one after the other, and says who answered them.
async fn send_requests(address: SocketAddr, switcher: &dyn TrafficSwitcher) -> Result<()> {
    let (mut v1, mut v2) = (0, 0);
    for _ in 0..REQUESTS {
        match get(address, "/").await?.as_str() {
            "v1" => v1 += 1,
            "v2" => v2 += 1,
            other => return Err(format!("neither release answered, but `{other}`").into()),
        }
    }
    let percent = switcher.observe().await?.route.split.green_bps() / 100;
    println!("{percent:>3} % to v2: {v1:>3} answered by v1, {v2:>3} by v2");
    Ok(())
}

/// A request that a slot is still working on when this returns.
async fn slow_request_on(
    address: SocketAddr,
    slot: Slot,
    proxy: &Proxy,
) -> Result<tokio::task::JoinHandle<Result<String>>> {
    loop {
        let request = tokio::spawn(async move { get(address, "/slow").await });
        while proxy.in_flight().iter().all(|(_, load)| load.total() == 0) {
            sleep(Duration::from_millis(1)).await;
        }
        if proxy.in_flight()[slot].total() > 0 {
            return Ok(request);
        }
        // The other slot got it, as one in ten does.
        request.await??;
    }
}

/// One request on a connection of its own: the body of the answer.
async fn get(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or("an answer without a body")?;
    Ok(body.to_owned())
}

/// A release as small as can be: answers every request with its name.
async fn start_release(name: &'static str) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, name));
        }
    });
    Ok(address)
}

/// Answers the requests of one connection, which the proxy keeps open; none has a body.
async fn converse(mut stream: TcpStream, name: &str) -> Result<()> {
    let mut head = Vec::new();
    while stream.read_buf(&mut head).await? > 0 {
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        if head.starts_with(b"GET /slow ") {
            sleep(SLOW).await;
        }
        head.clear();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{name}", name.len());
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
