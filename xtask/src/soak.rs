use clap::ValueEnum;

use crate::command::Cmd;
use crate::failed::Outcome;
use crate::leftovers::Mark;
use crate::parts::Parts;
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
            Self::Windows => "windows",
        }
    }

    /// The judges are simulated by a program of their own, which needs no other.
    fn program(self) -> &'static str {
        if matches!(self, Self::Judge) { "judge" } else { "soak" }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    parts.run("build", || build(&workspace, args.name).run())?;
    parts.run(args.name.name(), || soak(&workspace, args))?;
    parts.finish();
    Ok(())
}

/// The soaks start the built `handover` beside them.
fn build(workspace: &Workspace, name: Name) -> Cmd {
    let cargo = workspace.cargo().args(["build", "--release", "--package", "handover-benches"]);
    let cargo = cargo.args(["--bin", name.program()]);
    match name {
        Name::Judge => cargo,
        _ => cargo.args(["--package", "handover", "--bin", "handover"]),
    }
}

fn soak(workspace: &Workspace, args: &Args) -> Outcome {
    let mark = Mark::new();
    let program = Cmd::new(workspace.target.join("release").join(args.name.program()));
    let program = match args.name {
        Name::Judge => program,
        name => program.arg(name.name()),
    };
    let outcome = mark.on(program.args(&args.options).dir(&workspace.root)).run();
    mark.sweep();
    outcome
}
