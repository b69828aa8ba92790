use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::Value;

use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::say;
use crate::tools::{HAPROXY, NGINX, POSTGRES, REDIS, VALGRIND, squawk};
use crate::workspace::Workspace;

/// Samples that an instruction count is a difference of, in thousands: what comes before them cancels out.
const THOUSANDS: [u64; 2] = [10, 20];

/// Hot paths beside what others offer: read the figures as ratios
///
/// A bench prints and decides nothing; what must hold is a test. Missing programs that a bench compares with are
/// installed first where that is possible (root, on Debian or its kin).
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The benches to run; all where nothing is named
    #[arg(value_enum, value_name = "NAME")]
    names: Vec<Name>,
    /// The bench's own options; `cargo xtask bench edge -- --help` shows those of `edge`
    #[arg(last = true, requires = "names", value_name = "OPTION")]
    options: Vec<String>,
    /// Instead of times, the instructions of recording one sample in `window`, counted by valgrind's callgrind
    #[arg(long)]
    instructions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Recording a sample and reading the last minute's p95, beside nine alternatives
    Window,
    /// The edge's throughput and CPU per request beside HAProxy, nginx and a direct connection
    Edge,
    /// The health endpoint's cost, and what it asks of a real PostgreSQL and Redis, beside the usual ways
    Health,
    /// Reading a flag, beside maps behind locks, caches with a TTL, Unleash's engine and OpenFeature's client
    Flags,
    /// From a plain SET in a real Redis to the last of many clients that reads it, beside a cache of 60 s
    FlagsPropagation,
    /// Linting migrations, beside squawk: throughput, a long history, memory, inputs that nobody should write
    Lint,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    if args.instructions {
        parts.run("tools", || VALGRIND.ensure())?;
        parts.run("instructions", || instructions(&workspace))?;
    }
    if args.wants(Name::Window) {
        parts.run("tools of window", || REDIS.ensure())?;
        parts.run("window", || bench(&workspace, "window").arg("--").args(&args.options).run())?;
    }
    if args.wants(Name::Edge) {
        parts.run("tools of edge", || HAPROXY.ensure().and_then(|()| NGINX.ensure()))?;
        parts.run("build", || build_edge(&workspace).run())?;
        parts.run("edge", || program(&workspace, "edge", &args.options))?;
    }
    if args.wants(Name::Health) {
        parts.run("tools of health", || POSTGRES.ensure().and_then(|()| REDIS.ensure()))?;
        parts.run("build", || build_servers(&workspace, "health").run())?;
        parts.run("health", || program(&workspace, "health", &args.options))?;
    }
    if args.wants(Name::Flags) {
        parts.run("flags", || bench(&workspace, "flags").arg("--").args(&args.options).run())?;
    }
    if args.wants(Name::FlagsPropagation) {
        parts.run("tools of flags-propagation", || REDIS.ensure())?;
        parts.run("build", || build_servers(&workspace, "propagation").run())?;
        parts.run("flags-propagation", || program(&workspace, "propagation", &args.options))?;
    }
    if args.wants(Name::Lint) {
        parts.run("build", || build_lint(&workspace).run())?;
        parts.run("lint", || lint(&workspace, &args.options))?;
    }
    parts.finish();
    Ok(())
}

impl Args {
    fn wants(&self, name: Name) -> bool {
        !self.instructions && (self.names.is_empty() || self.names.contains(&name))
    }
}

fn bench(workspace: &Workspace, name: &str) -> Cmd {
    let rivals = if name == "flags" { "flag-rivals" } else { "rivals" };
    let cargo = workspace.cargo().args(["bench", "--package", "handover-benches", "--features", rivals]);
    cargo.args(["--bench", name])
}

/// The bench starts the built `handover` beside it.
fn build_edge(workspace: &Workspace) -> Cmd {
    let cargo =
        workspace.cargo().args(["build", "--release", "--package", "handover-benches", "--bin", "edge"]);
    cargo.args(["--package", "handover", "--bin", "handover"])
}

/// A bench that starts real servers.
fn build_servers(workspace: &Workspace, name: &str) -> Cmd {
    let cargo =
        workspace.cargo().args(["build", "--release", "--package", "handover-benches", "--bin", name]);
    cargo.args(["--features", "servers"])
}

fn build_lint(workspace: &Workspace) -> Cmd {
    let cargo = workspace.cargo().args(["build", "--release", "--package", "handover-benches"]);
    cargo.args(["--bin", "lint", "--features", "lint"])
}

/// Without squawk it says so, and measures ours alone.
fn lint(workspace: &Workspace, options: &[String]) -> Outcome {
    let rival = squawk(workspace).map_err(say::note).ok();
    let rival = rival.map(|program| format!("--squawk={}", program.display()));
    let program = Cmd::new(workspace.target.join("release/lint")).args(rival).args(options);
    workspace.with_shared(program.dir(&workspace.root)).run()
}

fn program(workspace: &Workspace, name: &str, options: &[String]) -> Outcome {
    let mark = Mark::new();
    let program = Cmd::new(workspace.target.join("release").join(name)).args(options).dir(&workspace.root);
    let outcome = mark.on(program).run();
    mark.sweep();
    outcome
}

fn instructions(workspace: &Workspace) -> Outcome {
    let window = built(workspace, "window")?;
    say::result(format_args!("{:<44} {:>24}", "", "instructions a sample"));
    for name in Cmd::new(&window).arg("--names").read()?.lines() {
        let [some, more] = THOUSANDS.map(|thousands| counted(&window, name, thousands));
        let per_thousand = more?.saturating_sub(some?) / (THOUSANDS[1] - THOUSANDS[0]);
        say::result(format_args!("{name:<44} {:>24}", per_thousand / 1_000));
    }
    Ok(())
}

/// Where a bench's program lies once it is built.
fn built(workspace: &Workspace, name: &str) -> Outcome<PathBuf> {
    let messages = bench(workspace, name).args(["--no-run", "--message-format=json"]).read()?;
    let mut programs = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let ours = message["target"]["name"] == name;
        ours.then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    programs.next_back().ok_or_else(|| Failed::new(format!("cargo did not say where it built {name}")))
}

fn counted(program: &std::path::Path, name: &str, thousands: u64) -> Outcome<u64> {
    // Callgrind tells the sum on standard error, which is kept only of what fails; its file has it too.
    let file = std::env::temp_dir().join(format!("handover-callgrind-{}", std::process::id()));
    let valgrind = Cmd::new("valgrind").args(["--tool=callgrind", "--quiet"]);
    let valgrind = valgrind.arg(format!("--callgrind-out-file={}", file.display()));
    let ran = valgrind.arg(program).args(["--record", name, &thousands.to_string()]).read();
    let counts =
        std::fs::read_to_string(&file).map_err(|why| Failed::new(format!("{}: {why}", file.display())));
    let _ = std::fs::remove_file(&file);
    ran?;
    total(&counts?).ok_or_else(|| Failed::new("callgrind's file has no totals"))
}

/// The sum of all instructions in callgrind's file.
fn total(counts: &str) -> Option<u64> {
    let line =
        counts.lines().find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")));
    line?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_found_in_callgrinds_file() {
        assert_eq!(total("version: 1\nevents: Ir\nfn=(1) main\n3 17\ntotals: 4711\n"), Some(4_711));
        assert_eq!(total("version: 1\n"), None);
    }
}
