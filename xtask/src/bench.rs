use crate::failed::Outcome;
use crate::parts::Parts;
use crate::workspace::Workspace;

/// Hot paths, each beside its obvious alternative: read the figures as ratios
///
/// A bench prints and decides nothing; what must hold is a test.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The benches to run, by file; all where nothing is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only the functions whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    let cargo = workspace.cargo().args(["bench", "--package", "handover-benches"]);
    let cargo = match &args.names[..] {
        [] => cargo.arg("--benches"),
        names => names.iter().fold(cargo, |cargo, name| cargo.args(["--bench", name])),
    };
    parts.run("bench", || cargo.arg("--").args(&args.only).run())?;
    parts.finish();
    Ok(())
}
