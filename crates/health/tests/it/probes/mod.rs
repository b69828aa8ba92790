//! Probes of dependencies, on real ones.

#![cfg(all(
    feature = "command",
    feature = "disk",
    feature = "dns",
    feature = "http",
    feature = "memory",
    feature = "postgres",
    feature = "process",
    feature = "redis",
    feature = "tcp"
))]

mod http;
mod local;
mod network;
mod postgres;
mod redis;
mod secrets;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use handover_health::{HealthProbe, ProbeClass, ProbeError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::PLENTY;

/// For checks that are to run into their deadline.
const SHORT: Duration = Duration::from_millis(300);
/// For checks that are to fail well before.
const LONG: Duration = Duration::from_secs(4);

/// The failure of a check, which has to keep to its deadline by itself.
async fn error_of(probe: &impl HealthProbe, deadline: Duration) -> ProbeError {
    let checked = tokio::time::timeout(deadline + PLENTY, probe.check(deadline)).await;
    checked.expect("the deadline is kept").expect_err("not well")
}

async fn class_of(probe: &impl HealthProbe, deadline: Duration) -> ProbeClass {
    error_of(probe, deadline).await.class()
}

/// Checks until it is well: a server that was let go on takes a moment.
async fn well_again(probe: &impl HealthProbe) {
    let recovered = async { while probe.check(LONG).await.is_err() {} };
    tokio::time::timeout(PLENTY, recovered).await.expect("well again");
}

/// A port that answers whatever it is sent with these bytes.
async fn says(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4_096]).await;
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    addr
}
