use std::process::Stdio;

use handover_core::{RunId, Timestamp};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running `handover deploy --json`, which tells each record of the journal as it is written.
#[derive(Debug)]
pub(crate) struct Deployment {
    release: String,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    told: Vec<Value>,
}

/// A deployment that is over.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code, and what was said with it.
    pub(crate) exit: Option<i32>,
    /// What went to standard error.
    pub(crate) said: String,
    /// The lines of standard output.
    told: Vec<Value>,
}

impl Deployment {
    pub(crate) fn begin(release: &str, mut command: Command) -> Result<Self, String> {
        let began = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = began.map_err(|why| format!("handover deploy: {why}"))?;
        let out = child.stdout.take().ok_or("handover deploy has no standard output")?;
        let lines = BufReader::new(out).lines();
        Ok(Self { release: release.to_owned(), child, lines, told: Vec::new() })
    }

    /// Waits for the next record; `None` once there is no further one.
    pub(crate) async fn next(&mut self) -> Result<Option<&Value>, String> {
        while let Some(line) = self.lines.next_line().await.map_err(|why| self.broken(&why))? {
            let told = serde_json::from_str(&line).map_err(|why| self.broken(&format!("{why}: {line}")))?;
            self.told.push(told);
            if self.told.last().is_some_and(|told| told["event"] == "record") {
                return Ok(self.told.last());
            }
        }
        Ok(None)
    }

    /// Waits until the run has a name.
    pub(crate) async fn run(&mut self) -> Result<RunId, String> {
        let named = self.next().await?.and_then(|told| told["record"]["run"].as_str()?.parse().ok());
        if let Some(run) = named {
            return Ok(run);
        }
        let (said, told) = (self.complaint().await, self.told.last().map(Value::to_string));
        Err(self.broken(&format!("it began no run: {}{said}", told.unwrap_or_default())))
    }

    /// Follows it to its end.
    pub(crate) async fn end(mut self) -> Result<Ended, String> {
        while self.next().await?.is_some() {}
        let said = self.complaint().await;
        let status = self.child.wait().await.map_err(|why| self.broken(&why))?;
        Ok(Ended { exit: status.code(), said, told: self.told })
    }

    /// What it wrote to standard error, once it has closed that.
    async fn complaint(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            // Cut short, it still says something.
            let _ = stderr.read_to_string(&mut said).await;
        }
        said
    }

    fn broken(&self, why: &dyn std::fmt::Display) -> String {
        format!("handover deploy --release {}: {why}", self.release)
    }
}

impl Ended {
    /// How the run ended: `promoted`, `rolled_back`, ...; empty where it does not say.
    pub(crate) fn outcome(&self) -> &str {
        self.told.last().and_then(|told| told["outcome"].as_str()).unwrap_or_default()
    }

    /// When a watch of this name let the run go on.
    pub(crate) fn proceeded(&self, step: &str) -> Option<Timestamp> {
        let bodies = self.told.iter().map(|told| &told["record"]);
        let mut records =
            bodies.filter(|record| record["body"]["kind"] == "proceeded" && record["body"]["step"] == step);
        records.next()?["at"].as_u64().map(Timestamp::from_unix_millis)
    }

    /// An error where it did not end so.
    pub(crate) fn expect(self, exit: i32, outcome: &str) -> Result<Self, String> {
        if self.exit == Some(exit) && self.outcome() == outcome {
            return Ok(self);
        }
        let (found, said) = (self.exit, self.said.trim());
        let last = self.told.last().map(Value::to_string).unwrap_or_default();
        Err(format!("wanted {outcome} with exit {exit}, got exit {found:?} and {last}\n{said}"))
    }
}
