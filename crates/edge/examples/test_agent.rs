//! An agent for the tests, with its shim and its drivers in the same program, so that it can be killed for real.
//!
//! `agent STATE_DIR LISTEN TTL_MS DRIVER` runs an agent of the service `shop`; `shim DIR` is its shim;
//! `driver STATE_DIR MODE RUN` is its driver, which takes the lease and then, by mode, `renew`s it for ever, is
//! `silent`, or `exit`s.

#![expect(clippy::unwrap_used, reason = "a program of the tests: a panic is its error message")]

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use handover_edge::api::{LeaseRequest, LeaseView};
use handover_edge::{Agent, AgentClient, AgentOptions, CommandPrefix, shim_main};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let code = match words.as_slice() {
        ["shim", dir] => shim_main(Path::new(dir)),
        ["agent", dir, listen, ttl, driver] => agent(dir, listen, ttl, driver),
        ["driver", dir, mode, run] => driver(dir, mode, run),
        _ => 2,
    };
    std::process::exit(code);
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(future)
}

fn agent(dir: &str, listen: &str, ttl: &str, driver: &str) -> i32 {
    let me = std::env::current_exe().unwrap();
    let shim = CommandPrefix::new(&me, ["shim"]);
    let mut options = AgentOptions::new("shop".parse().unwrap(), listen.parse().unwrap(), dir, shim)
        .with_lease_ttl(Duration::from_millis(ttl.parse().unwrap()));
    if driver != "none" {
        options = options.with_driver(CommandPrefix::new(&me, ["driver", dir, driver]));
    }
    let ended = block_on(async {
        let mut terminated =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).unwrap();
        Agent::run(options, async move {
            terminated.recv().await;
        })
        .await
    });
    if let Err(error) = &ended {
        let _ = writeln!(io::stderr(), "{error}");
    }
    i32::from(ended.is_err())
}

fn driver(dir: &str, mode: &str, run: &str) -> i32 {
    block_on(async {
        let client = AgentClient::in_state_dir(Path::new(dir));
        let lease = acquire(&client, run).await;
        match mode {
            "exit" => 1,
            "silent" => std::future::pending().await,
            _ => renew_for_ever(&client, lease).await,
        }
    })
}

async fn acquire(client: &AgentClient, run: &str) -> LeaseView {
    let pid = std::process::id();
    let request = LeaseRequest { holder: format!("driver of {run}, process {pid}"), pid, take_over: false };
    loop {
        match client.acquire(&request).await {
            Ok(lease) => return lease,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Ends when the lease is lost, as a real driver does; an agent that is away for a moment is waited for.
async fn renew_for_ever(client: &AgentClient, lease: LeaseView) -> i32 {
    loop {
        match client.renew(&lease).await {
            Err(error) if error.kind().is_some() => return 1,
            _ => tokio::time::sleep(Duration::from_millis(lease.ttl_ms / 5)).await,
        }
    }
}
