use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::time::Instant;

/// What a range of inputs may take before one of them is taken to hang.
const LIMIT: Duration = Duration::from_mins(5);
/// What a single one may take.
const LIMIT_OF_ONE: Duration = Duration::from_secs(10);

/// Inputs by their numbers, the last left out.
#[derive(Debug)]
pub(super) struct Range {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// How a range ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// How many inputs were tried.
    pub(super) tried: u64,
    /// Which of them broke something, and how.
    pub(super) broke: Option<(u64, String)>,
}

impl Range {
    /// Tries them in a process; where that dies, once more to find the one that did it.
    pub(super) fn run(&self) -> Ended {
        if wait(&mut self.child(false, Stdio::null()), LIMIT).is_some_and(|status| status.success()) {
            return Ended { tried: self.to - self.from, broke: None };
        }
        let (number, how) = self.trace();
        Ended { tried: number + 1 - self.from, broke: Some((number, how)) }
    }

    /// Has each number said before its input is tried; the last one is it.
    fn trace(&self) -> (u64, String) {
        let mut child = self.child(true, Stdio::piped());
        let (sender, numbers) = std::sync::mpsc::channel();
        let output = child.stdout.take();
        let reader = std::thread::spawn(move || {
            let lines =
                output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok);
            for number in lines.filter_map(|line| line.parse().ok()) {
                if sender.send(number).is_err() {
                    break;
                }
            }
        });
        let mut last = self.from;
        let mut hangs = false;
        loop {
            match numbers.recv_timeout(LIMIT_OF_ONE) {
                Ok(number) => last = number,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    hangs = true;
                    let _ = child.kill();
                    break;
                }
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait();
        let _ = reader.join();
        let how = if hangs {
            "hangs".to_owned()
        } else {
            status.map_or_else(|why| why.to_string(), |status| status.to_string())
        };
        (last, how)
    }

    #[expect(clippy::expect_used, reason = "without its own program there is nothing to run")]
    fn child(&self, trace: bool, out: Stdio) -> Child {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.arg("fuzz-range").args(["--from", &self.from.to_string(), "--to", &self.to.to_string()]);
        command.args(trace.then_some("--trace")).stdin(Stdio::null()).stdout(out);
        command.stderr(if trace { Stdio::inherit() } else { Stdio::null() });
        command.spawn().expect("this program starts")
    }
}

/// How it ended; nothing where it had to be killed.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}
