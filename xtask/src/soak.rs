use clap::ValueEnum;

use crate::failed::Outcome;
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
}

impl Name {
    fn name(self) -> &'static str {
        match self {
            Self::Cutovers => "cutovers",
        }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    let build = ["build", "--release", "--package", "handover-benches", "--bin", "soak"];
    parts.run("build", || workspace.cargo().args(build).run())?;
    parts.run(args.name.name(), || soak(&workspace, args))?;
    parts.finish();
    Ok(())
}

fn soak(workspace: &Workspace, args: &Args) -> Outcome {
    let cargo = workspace.cargo().args(["run", "--quiet", "--release", "--package", "handover-benches"]);
    cargo.args(["--bin", "soak", "--", args.name.name()]).args(&args.options).run()
}
