use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::{Started, found, free_port, get, until};

/// A Prometheus that scrapes four times a second.
pub(crate) struct Prometheus {
    pub(crate) addr: SocketAddr,
    _process: Started,
    _folder: TempDir,
}

impl Prometheus {
    /// Scrapes the path `/metrics` of `target` in a job of this name; none where Prometheus is not installed.
    pub(crate) fn start(job: &str, target: SocketAddr) -> Option<Self> {
        let program = found("prometheus")?;
        // Another process may take the port before it is listened on.
        let started = (0..5).find_map(|_| Self::once(&program, job, target));
        assert!(started.is_some(), "Prometheus does not start");
        started
    }

    fn once(program: &Path, job: &str, target: SocketAddr) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let config = format!(
            "global: {{scrape_interval: 250ms, scrape_timeout: 250ms}}\n\
             scrape_configs: [{{job_name: {job}, static_configs: [{{targets: ['{target}']}}]}}]\n"
        );
        std::fs::write(at("config.yml"), config).unwrap();
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", at("config.yml").display()));
        command.arg(format!("--storage.tsdb.path={}", at("data").display()));
        command.arg(format!("--web.listen-address={addr}")).arg("--log.level=warn");
        let mut process = Started::new(&mut command, folder.path());
        let ready = until("Prometheus is ready, or has given up", || {
            let ready = get(addr, "/-/ready").is_ok_and(|(status, _)| status == 200);
            (ready || process.ended()).then_some(ready)
        });
        ready.then_some(Self { addr, _process: process, _folder: folder })
    }

    /// The series that an expression gives now, or why it gives none.
    pub(crate) fn query(&self, expr: &str) -> Result<Vec<Value>, String> {
        let (_, body) = get(self.addr, &format!("/api/v1/query?query={}", escaped(expr))).unwrap();
        let answer: Value = serde_json::from_str(&body).map_err(|_| body.clone())?;
        answer["data"]["result"].as_array().cloned().ok_or(body)
    }
}

fn escaped(text: &str) -> String {
    let escapes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    escapes.concat()
}
