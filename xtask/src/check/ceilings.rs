use std::collections::BTreeSet;

use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// What a library may bring by default: the package, and the most third-party packages it may need.
///
/// These bound what a user builds who wants one of them; raise one only with a reason in the commit.
const CEILINGS: [(&str, usize); 8] = [
    ("handover-core", 15),
    ("handover-traffic", 15),
    ("handover-monitor", 15),
    ("handover-runbook", 26),
    ("handover-health", 30),
    ("handover-flags", 30),
    ("handover-migrate-guard", 35),
    ("handover-edge", 85),
];

/// One target for everybody, so that the count does not depend on who counts.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Packages that are a TLS stack, or the heart of one.
const TLS: [&str; 8] =
    ["rustls", "native-tls", "openssl", "openssl-sys", "aws-lc-rs", "aws-lc-sys", "boring", "ring"];

/// Counts what each library brings, and compares it with its ceiling.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let mut too_much = Vec::new();
    say::result(format_args!("{:<20} {:>8} {:>8}", "library", "packages", "ceiling"));
    for (package, ceiling) in CEILINGS {
        let tree = tree(workspace, package)?;
        let found = third_party(&tree);
        say::result(format_args!("{package:<20} {:>8} {ceiling:>8}", found.len()));
        too_much.extend(complaints(package, ceiling, &found));
    }
    if too_much.is_empty() { Ok(()) } else { Err(Failed::new(too_much.join("; "))) }
}

fn complaints(package: &str, ceiling: usize, found: &BTreeSet<&str>) -> Vec<String> {
    let name = |package: &&str| package.split(' ').next().unwrap_or_default().to_owned();
    let tls = found.iter().map(name).filter(|name| TLS.contains(&name.as_str()));
    let mut complaints: Vec<_> =
        tls.map(|stack| format!("{package} brings {stack}, and it must bring no TLS stack")).collect();
    if found.len() > ceiling {
        complaints.push(format!(
            "{package} brings {} third-party packages, more than its ceiling of {ceiling} (see `cargo tree -p {package} -e normal`)",
            found.len()
        ));
    }
    complaints
}

fn tree(workspace: &Workspace, package: &str) -> Outcome<String> {
    let cargo = workspace.cargo().args(["tree", "--package", package, "--edges=normal"]);
    cargo.args(["--target", TARGET, "--prefix=none", "--no-dedupe"]).read()
}

/// The packages of a tree, each once, less those of this workspace, which cargo shows with their path.
fn third_party(tree: &str) -> BTreeSet<&str> {
    let outside = |line: &&str| !line.is_empty() && !line.contains('/');
    tree.lines().map(str::trim).filter(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "handover-x v0.1.0 (/home/me/handover/crates/x)\n\
                         serde v1.0.229\n\
                         syn v2.0.1 (proc-macro)\n\
                         handover-core v0.1.0 (/home/me/handover/crates/core)\n\
                         serde v1.0.229\n\
                         rustls v0.23.1\n";

    #[test]
    fn a_package_counts_once_and_our_own_do_not_count() {
        assert_eq!(
            third_party(SMALL).into_iter().collect::<Vec<_>>(),
            ["rustls v0.23.1", "serde v1.0.229", "syn v2.0.1 (proc-macro)"]
        );
    }

    #[test]
    fn an_excess_and_a_tls_stack_are_both_named() {
        assert_eq!(
            complaints("handover-x", 2, &third_party(SMALL)),
            [
                "handover-x brings rustls, and it must bring no TLS stack",
                "handover-x brings 3 third-party packages, more than its ceiling of 2 (see `cargo tree -p handover-x -e normal`)",
            ]
        );
        assert_eq!(complaints("handover-x", 3, &BTreeSet::from(["serde v1.0.229"])), Vec::<String>::new());
    }
}
