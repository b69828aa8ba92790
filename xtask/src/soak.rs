use clap::ValueEnum;

use crate::command::Cmd;
use crate::failed::Outcome;
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::tools::{HAPROXY, POSTGRES, REDIS};
use crate::workspace::Workspace;

/// A long run of the real thing under load, with its figures by name
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which soak
    #[arg(value_enum)]
    name: Name,
    /// Its own options; `cargo xtask soak NAME --help` shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// Traffic back and forth between two releases under load: nothing fails, nothing is late
    Cutovers,
    /// From a failing release's first bad answer until it has no traffic, with the built binary
    Detect,
    /// Drivers and agents killed in the midst of deployments: each ends as an undisturbed one does
    Kills,
    /// `handover demo`, again and again: the same every time
    Demo,
    /// Simulated releases: how often judges take back a harmless one, and how soon a bad one
    Judge,
    /// Random calls struck by random mishaps, on every backend: always a known state, never without weight
    Faults,
    /// Random writes to flags among random mishaps of a real Redis: nothing wrong is read, and all is right soon after
    Flags,
    /// Three replicas restarted one after the other under load, with a drain and without
    Rolling,
    /// Mutated migrations, millions of them: never a panic, never a hang
    Lint,
    /// Samples of threads that come and go, while windows are cut all the time: none is lost or counted twice
    Windows,
}

impl Name {
    fn name(self) -> &'static str {
        match self {
            Self::Cutovers => "cutovers",
            Self::Detect => "detect",
            Self::Kills => "kills",
            Self::Demo => "demo",
            Self::Judge => "judge",
            Self::Faults => "faults",
            Self::Flags => "flags",
            Self::Lint => "lint",
            Self::Rolling => "rolling",
            Self::Windows => "windows",
        }
    }

    /// The judges are simulated by a program of their own, and the schedules run where the table of promises comes from.
    fn program(self) -> &'static str {
        match self {
            Self::Judge => "judge",
            Self::Faults => "conformance",
            Self::Rolling => "health",
            Self::Lint => "lint",
            _ => "soak",
        }
    }

    /// The folder of the target's that cargo builds it into. A schedule mostly waits: it needs no release build.
    fn profile(self) -> &'static str {
        if matches!(self, Self::Faults | Self::Flags) { "debug" } else { "release" }
    }

    /// The words before the options.
    fn verb(self) -> Option<&'static str> {
        (!matches!(self, Self::Judge)).then_some(self.name())
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    if matches!(args.name, Name::Faults) {
        parts.run("tools", || HAPROXY.ensure())?;
    }
    if matches!(args.name, Name::Flags) {
        parts.run("tools", || REDIS.ensure())?;
    }
    if matches!(args.name, Name::Rolling) {
        parts.run("tools", || POSTGRES.ensure().and_then(|()| REDIS.ensure()))?;
    }
    parts.run("build", || build(&workspace, args.name).run())?;
    parts.run(args.name.name(), || soak(&workspace, args))?;
    parts.finish();
    Ok(())
}

/// The soaks start the built `handover` beside them, the schedules a switcher program.
fn build(workspace: &Workspace, name: Name) -> Cmd {
    let cargo = workspace.cargo().args(["build", "--package", "handover-benches", "--bin", name.program()]);
    match name {
        Name::Judge => cargo.arg("--release"),
        Name::Rolling => cargo
            .args(["--release", "--package", "handover-examples", "--bin", "axum_service"])
            .args(["--features", "handover-benches/servers"]),
        Name::Flags => cargo.args(["--features", "handover-benches/flags"]),
        Name::Lint => cargo.args(["--release", "--features", "handover-benches/lint"]),
        Name::Faults => cargo
            .args(["--package", "handover-traffic", "--bin", "handover-testkit"])
            .args(["--features", "handover-benches/standins,handover-traffic/standins"]),
        _ => cargo.args(["--release", "--package", "handover", "--bin", "handover"]),
    }
}

fn soak(workspace: &Workspace, args: &Args) -> Outcome {
    let (mark, name) = (Mark::new(), args.name);
    let program = Cmd::new(workspace.target.join(name.profile()).join(name.program()));
    let program = program.args(name.verb()).args(&args.options).dir(&workspace.root);
    let outcome = mark.on(workspace.with_shared(program)).run();
    mark.sweep();
    outcome
}
