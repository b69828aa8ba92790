use crate::command::Cmd;
use crate::failed::Outcome;
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::tools::{CURL, GIT, HAPROXY, OPENSSL, POSTGRES, PROMETHEUS, PYTHON, REDIS, Tool, grafana_schema};
use crate::workspace::Workspace;

/// Programs of other people's that the tests run or talk to.
const NEEDED: [Tool; 8] = [PYTHON, GIT, CURL, PROMETHEUS, HAPROXY, REDIS, POSTGRES, OPENSSL];

/// Every test: unit, integration and documentation, with all features; and the models of the monitor's hot path
///
/// The models go through every order in which threads can meet there. They are built apart, with `--cfg loom`, and left
/// out where a package or a filter is named.
/// Missing programs that the tests talk to are installed first where that is possible (root, on Debian or its kin).
/// Processes that a test left behind are named and killed at the end.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Test only this package instead of the whole workspace; can be repeated
    #[arg(short, long, value_name = "NAME")]
    package: Vec<String>,
    /// Passed on to `cargo test`: `drain -- --nocapture`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FILTER OR OPTION")]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    parts.run("tools", || tools(&workspace))?;
    parts.run("build", || cargo_test(&workspace, args).arg("--no-run").args(&args.rest).run())?;
    parts.run("test", || tested(&workspace, args))?;
    if args.everything() {
        parts.run("models", || models(&workspace).run())?;
    }
    parts.finish();
    Ok(())
}

fn tools(workspace: &Workspace) -> Outcome {
    NEEDED.iter().try_for_each(Tool::ensure)?;
    grafana_schema(workspace)
}

impl Args {
    fn everything(&self) -> bool {
        self.package.is_empty() && self.rest.is_empty()
    }
}

/// In a target folder of their own, as another `RUSTFLAGS` would have everything built again.
fn models(workspace: &Workspace) -> Cmd {
    let cargo = workspace.cargo().env("RUSTFLAGS", "--cfg loom");
    let cargo = cargo.env("CARGO_TARGET_DIR", workspace.target.join("loom"));
    cargo.args(["test", "--package", "handover-monitor", "--lib", "models::"])
}

fn tested(workspace: &Workspace, args: &Args) -> Outcome {
    let mark = Mark::new();
    // One failure does not hide the next.
    let outcome = mark.on(cargo_test(workspace, args).arg("--no-fail-fast").args(&args.rest)).run();
    mark.sweep();
    outcome
}

fn cargo_test(workspace: &Workspace, args: &Args) -> Cmd {
    // Everything was brought, so a test that finds something missing fails instead of passing over it.
    let cargo = workspace.cargo().args(["test", "--all-features"]).env("HANDOVER_TEST_NO_SKIP", "1");
    let cargo = match &args.package[..] {
        [] => cargo.arg("--workspace"),
        some => some.iter().fold(cargo, |cargo, name| cargo.args(["--package", name])),
    };
    workspace.with_shared(cargo)
}
