use crate::command::Cmd;
use crate::failed::Outcome;
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::tools::POSTGRES;
use crate::workspace::Workspace;

/// The migration linter held against what real migrations did: precision, recall, exact claims
///
/// The corpora are those in `corpus/migrations` of `$HANDOVER_SHARED`, or of the folder `shared` beside the checkout.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Its own options; `cargo xtask score -- --help` shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTION")]
    options: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    if args.runs_migrations() {
        parts.run("tools", || POSTGRES.ensure())?;
    }
    parts.run("build", || build(&workspace).run())?;
    parts.run("score", || score(&workspace, args))?;
    parts.finish();
    Ok(())
}

impl Args {
    fn runs_migrations(&self) -> bool {
        self.options.iter().any(|option| option.starts_with("--run") || option.starts_with("--rerun"))
    }
}

fn build(workspace: &Workspace) -> Cmd {
    let cargo = workspace.cargo().args(["build", "--package", "handover-benches"]);
    cargo.args(["--bin", "score", "--features", "lint"])
}

fn score(workspace: &Workspace, args: &Args) -> Outcome {
    let mark = Mark::new();
    let program = Cmd::new(workspace.target.join("debug/score")).args(&args.options).dir(&workspace.root);
    let outcome = mark.on(workspace.with_shared(program)).run();
    mark.sweep();
    outcome
}
