use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};

use rustix::process::Signal;
use serde::Deserialize;

use super::Service;
use super::processes::signal;

/// Users of a service: requests at a fixed rate, whatever the answers do.
pub(super) struct Users {
    child: Child,
}

/// How they were answered.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    pub(super) requests: u64,
    pub(super) harmed: u64,
    pub(super) failed: u64,
    pub(super) releases: BTreeMap<String, Answers>,
    #[expect(dead_code, reason = "shown where a test fails")]
    reasons: BTreeMap<String, u64>,
}

/// How one release answered them.
#[derive(Debug, Deserialize)]
pub(super) struct Answers {
    pub(super) ok: u64,
    pub(super) harmed: u64,
}

impl Users {
    /// `rate` requests a second from now on; returns once the first was answered.
    pub(super) fn arrive(service: &Service, rate: u32) -> Self {
        let before = service.served();
        let users = Self::spawn(service.command(), service.port(), rate);
        service.until("a user is answered", |_| (service.served() > before).then_some(()));
        users
    }

    /// The same through this port, without waiting for an answer.
    pub(super) fn spawn(mut command: Command, port: u16, rate: u32) -> Self {
        let target = format!("http://127.0.0.1:{port}/");
        command.args(["load", &target, "--for", "10m", "--json", "--rate", &rate.to_string()]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        Self { child }
    }

    /// Asks nothing more, waits for what was asked, and reports.
    pub(super) fn leave(self) -> Report {
        signal(self.child.id(), Signal::INT);
        let mut users = self;
        let mut said = String::new();
        std::io::Read::read_to_string(users.child.stdout.as_mut().unwrap(), &mut said).unwrap();
        let report: Report = serde_json::from_str(&said).unwrap();
        assert!(report.requests > 0);
        report
    }
}

impl Drop for Users {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
