use crate::failed::Outcome;
use crate::workspace::{Library, Workspace};

/// Lints each library as a stranger would get it: by itself, so that no sibling and no dev-dependency lends it a
/// feature, first bare and then with one feature at a time.
///
/// `--all-features` over the whole workspace hides a missing feature line, because one build unifies them.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    workspace.libraries.iter().try_for_each(|library| check_one(workspace, library))
}

fn check_one(workspace: &Workspace, library: &Library) -> Outcome {
    check_with(workspace, &library.package, None)?;
    library.features.iter().try_for_each(|feature| check_with(workspace, &library.package, Some(feature)))
}

fn check_with(workspace: &Workspace, package: &str, feature: Option<&str>) -> Outcome {
    let cargo = workspace.cargo().args(["clippy", "--quiet", "--lib", "--package", package]);
    let cargo = cargo.arg("--no-default-features").args(feature.map(|name| format!("--features={name}")));
    // `--no-deps`: a sibling is linted on its own turn.
    cargo.args(["--no-deps", "--", "-D", "warnings"]).run()
}
