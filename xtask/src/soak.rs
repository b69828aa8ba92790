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
            Self::Windows => "windows",
        }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    parts.run("build", || build(&workspace).run())?;
    parts.run(args.name.name(), || soak(&workspace, args))?;
    parts.finish();
    Ok(())
}

/// The soaks start the built `handover` beside them.
fn build(workspace: &Workspace) -> Cmd {
    let cargo = workspace.cargo().args(["build", "--release", "--package", "handover", "--bin", "handover"]);
    cargo.args(["--package", "handover-benches", "--bin", "soak"])
}

fn soak(workspace: &Workspace, args: &Args) -> Outcome {
    let mark = Mark::new();
    let soak = Cmd::new(workspace.target.join("release/soak")).arg(args.name.name()).args(&args.options);
    let outcome = mark.on(soak.dir(&workspace.root)).run();
    mark.sweep();
    outcome
}
