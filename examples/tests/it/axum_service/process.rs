#![expect(clippy::disallowed_methods, reason = "other processes do not share a paused clock")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use handover_testing::{free_port, until};
use serde_json::Value;

/// The service, on a port of its own; killed with this value.
pub(super) struct Service {
    child: Child,
    pub(super) addr: SocketAddr,
    folder: tempfile::TempDir,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Service {
    /// Starts it with these variables, and waits until it listens.
    pub(super) fn start(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_axum_service"));
        command.env_clear().envs(variables.iter().copied()).env("PORT", addr.port().to_string());
        let quiet = command.env("RELEASE", "v1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let service = Self { child: quiet.spawn().unwrap(), addr, folder };
        until("the service listens", || TcpStream::connect(addr).ok());
        service
    }

    /// Asks once, on a connection of its own.
    pub(super) fn ask(&self, request: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(self.addr)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(stream, "{request} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Ok(Answer { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}")).unwrap()
    }

    pub(super) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).body).unwrap()
    }

    /// Waits until a path answers with this status; how long that took.
    pub(super) fn becomes(&self, path: &str, status: u16) -> Duration {
        let begun = Instant::now();
        until(&format!("{path} answers {status}"), || (self.get(path).status == status).then_some(()));
        begun.elapsed()
    }

    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end.
    pub(super) fn ends(&mut self) -> ExitStatus {
        until("the service ends", || self.child.try_wait().unwrap())
    }

    /// What it wrote.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
