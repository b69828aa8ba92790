mod alone;
mod ceilings;
mod deny;

use clap::ValueEnum;

use crate::failed::Outcome;
use crate::parts::Parts;
use crate::workspace::Workspace;

/// Everything CI checks before the tests; name parts to run only those
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to check; everything where nothing is named
    #[arg(value_enum)]
    parts: Vec<Part>,
}

/// One thing to check, in the order in which they run: the quick ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting
    Fmt,
    /// How many third-party packages a library brings, and that none is a TLS stack
    Ceilings,
    /// Licences, bans and sources of the dependencies; advisories where the database can be reached
    Deny,
    /// Lints of everything, with all features
    Clippy,
    /// Each library alone, without dev-dependencies, with one feature at a time
    Alone,
    /// The documentation, without a warning
    Doc,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Ceilings => "ceilings",
            Self::Deny => "deny",
            Self::Clippy => "clippy",
            Self::Alone => "alone",
            Self::Doc => "doc",
        }
    }

    fn check(self, workspace: &Workspace) -> Outcome {
        match self {
            Self::Fmt => workspace.cargo().args(["fmt", "--all", "--check"]).run(),
            Self::Ceilings => ceilings::check(workspace),
            Self::Deny => deny::check(workspace),
            Self::Clippy => clippy(workspace),
            Self::Alone => alone::check(workspace),
            Self::Doc => doc(workspace),
        }
    }
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    let wanted = |part: &&Part| args.parts.is_empty() || args.parts.contains(part);
    for part in Part::value_variants().iter().filter(wanted) {
        parts.run(part.name(), || part.check(&workspace))?;
    }
    parts.finish();
    Ok(())
}

fn clippy(workspace: &Workspace) -> Outcome {
    let cargo = workspace.cargo().args(["clippy", "--workspace", "--all-targets", "--all-features"]);
    cargo.args(["--", "-D", "warnings"]).run()
}

fn doc(workspace: &Workspace) -> Outcome {
    let cargo = workspace.cargo().args(["doc", "--workspace", "--all-features", "--no-deps"]);
    cargo.env("RUSTDOCFLAGS", "-D warnings").run()
}
