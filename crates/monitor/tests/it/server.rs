//! Programs of other people's that the tests talk to, each on a port and in a folder of its own.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long anything here may take before the test is stuck rather than slow.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Where a program is. Without it the test is skipped, which is said; where everything has been installed first
/// (`cargo xtask test`), that is a failure.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        assert!(std::env::var_os("HANDOVER_TEST_NO_SKIP").is_none(), "{name} is not installed");
        let _ = writeln!(
            std::io::stderr().lock(),
            "skipped: {name} is not installed (`cargo xtask test` installs it where it may)"
        );
    }
    found
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A running program, killed with its test.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    /// Starts it and waits until it says `ready`, on either of its outputs.
    pub(crate) fn start(command: &mut Command, ready: &str) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (told, lines) = channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("piped")), Box::new(child.stderr.take().expect("piped"))];
        for output in outputs {
            let told = told.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(output).lines().map_while(Result::ok);
                // Read to the end whether anybody listens or not: a full pipe would stop the program.
                lines.for_each(|line| _ = told.send(line));
            });
        }
        let server = Self { child, lines };
        server.wait_for(ready);
        server
    }

    fn wait_for(&self, ready: &str) {
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            if line.contains(ready) {
                return;
            }
            said.push(line);
        }
        panic!("it never said `{ready}`, but:\n{}", said.join("\n"));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
