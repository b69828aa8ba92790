use std::net::SocketAddr;
use std::path::Path;

use super::{Engine, Kind, Processes, Running, free_port, listens, system};

/// HAProxy as one would run it before one service: a thread per core, the usual limits, `X-Forwarded-*` set as the
/// edge does, health checks, no log. Connections to the server are kept, as is its default.
pub(super) async fn start(upstream: SocketAddr, folder: &Path) -> Result<Engine, String> {
    let (address, config) = (free_port()?, folder.join("haproxy.cfg"));
    std::fs::write(&config, settings(address, upstream)).map_err(|why| why.to_string())?;
    let log = folder.join("haproxy.log");
    let running = Running::start(system("haproxy").args(["-db", "-f"]).arg(config), &log)?;
    listens("HAProxy", address, &log).await?;
    let processes = Processes::Tree(running.pid());
    Ok(Engine { kind: Kind::Haproxy, address, processes, version: version(), _running: Some(running) })
}

fn settings(listen: SocketAddr, upstream: SocketAddr) -> String {
    format!(
        "global
  maxconn 4096
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout http-request 10s
  timeout http-keep-alive 60s
  retries 1
  option redispatch
  option forwardfor
frontend users
  bind {listen}
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  default_backend service
backend service
  option httpchk GET /health/ready
  server blue {upstream} check inter 1s
"
    )
}

/// `HAProxy version 2.6.12-1+deb12u1 2023/12/16 - https://haproxy.org/`, the first three words of it.
fn version() -> Option<String> {
    let said = system("haproxy").arg("-v").output().ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let mut words = said.split_whitespace();
    let (name, version) = (words.next()?, words.nth(1)?);
    Some(format!("{name} {version}"))
}
