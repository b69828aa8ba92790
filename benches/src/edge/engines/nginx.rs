use std::net::SocketAddr;
use std::path::Path;

use super::{Engine, Kind, Processes, Running, free_port, listens, system};

/// nginx as one would run it before one service: a worker per core, connections to the server kept, `X-Forwarded-*` set
/// as the edge does, no log. Its limit of 1,000 requests a connection is lifted: the others have none.
pub(super) async fn start(upstream: SocketAddr, folder: &Path) -> Result<Engine, String> {
    let (address, config) = (free_port()?, folder.join("nginx.conf"));
    std::fs::write(&config, settings(address, upstream, folder)).map_err(|why| why.to_string())?;
    let log = folder.join("nginx.log");
    let running = Running::start(system("nginx").arg("-e").arg(&log).arg("-c").arg(config), &log)?;
    listens("nginx", address, &log).await?;
    let processes = Processes::Tree(running.pid());
    Ok(Engine { kind: Kind::Nginx, address, processes, version: version(), _running: Some(running) })
}

fn settings(listen: SocketAddr, upstream: SocketAddr, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  upstream service {{
    server {upstream};
    keepalive 256;
    keepalive_requests 1000000000;
  }}
  server {{
    listen {listen};
    location / {{
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"
    )
}

/// `nginx version: nginx/1.22.1`, told on standard error.
fn version() -> Option<String> {
    let said = system("nginx").arg("-v").output().ok()?;
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    said.trim().rsplit(' ').next().map(|version| version.replace('/', " "))
}
