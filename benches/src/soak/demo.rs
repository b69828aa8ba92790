use std::process::{Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;
use tokio::time::Instant;

use crate::binary;
use crate::report::Report;
use crate::times::Times;

/// `handover demo`, again and again: the same every time
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many demos, one after the other
    #[arg(long, default_value_t = 10, value_name = "N")]
    count: u64,
    /// How many users per second
    #[arg(long, default_value_t = 300, value_name = "N")]
    rate: u32,
}

/// The last line of `handover demo --json`.
#[derive(Debug, Deserialize)]
struct Told {
    requests: u64,
    failed: u64,
    harmed: u64,
    detect_to_zero_ms: Option<u64>,
    releases: Vec<Release>,
}

#[derive(Debug, Deserialize)]
struct Release {
    outcome: String,
}

/// What all demos showed.
#[derive(Debug, Default)]
struct Found {
    demos: u64,
    wrong: u64,
    requests: u64,
    failed: u64,
    harmed: u64,
    back: Times,
    took: Times,
}

pub(crate) async fn run(args: &Args) -> Result<Report, String> {
    let binary = binary::handover()?;
    let mut found = Found::default();
    for _ in 0..args.count {
        let mut demo = Command::new(&binary);
        demo.args(["--json", "demo", "--rate"]).arg(args.rate.to_string());
        let began = Instant::now();
        let output = demo.stdin(Stdio::null()).kill_on_drop(true).output().await;
        let output = output.map_err(|why| format!("handover demo: {why}"))?;
        found.took.push(began.elapsed());
        found.take(&output, &told(&output)?);
    }
    Ok(report(args, &found))
}

fn told(output: &Output) -> Result<Told, String> {
    let all = String::from_utf8_lossy(&output.stdout);
    let last = all.lines().last().unwrap_or_default();
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(last).map_err(|why| format!("handover demo: {why}: {last}\n{said}"))
}

impl Found {
    fn take(&mut self, output: &Output, told: &Told) {
        let outcomes: Vec<_> = told.releases.iter().map(|release| release.outcome.as_str()).collect();
        self.demos += 1;
        if !output.status.success() || outcomes != ["promoted", "promoted", "rolled_back"] {
            self.wrong += 1;
            eprintln!("demo {}: {}, {told:?}", self.demos, output.status);
        }
        self.requests += told.requests;
        self.failed += told.failed;
        self.harmed += told.harmed;
        if let Some(millis) = told.detect_to_zero_ms {
            self.back.push(Duration::from_millis(millis));
        }
    }
}

fn report(args: &Args, found: &Found) -> Report {
    Report::new(format!("{} demos with {} users per second", found.demos, args.rate))
        .exactly("demos", found.demos, args.count)
        .exactly("demos gone wrong", found.wrong, 0)
        .some("requests", found.requests)
        .exactly("failed, by no release", found.failed, 0)
        .count("harmed by v3", found.harmed)
        .times("first bad answer to 0 % verified", &found.back)
        .times("whole demo", &found.took)
}
