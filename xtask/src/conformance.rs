use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::leftovers::Mark;
use crate::parts::Parts;
use crate::say;
use crate::tools::HAPROXY;
use crate::workspace::Workspace;

/// Between these lines of the README stands the table.
const MARKERS: [&str; 2] = ["<!-- conformance: begin -->\n", "<!-- conformance: end -->"];

/// The ten promises of a switcher, put to the test on each backend: a table of promises and backends
///
/// A broken promise is a failure. What backends run on is installed first where that is possible (root, on Debian or its
/// kin); a backend that cannot be run has no column and is named.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Writes the table into README.md as well, in place of the one between its markers
    #[arg(long)]
    readme: bool,
}

pub(crate) fn run(args: &Args) -> Outcome {
    let workspace = Workspace::load()?;
    let mut parts = Parts::default();
    parts.run("tools", || HAPROXY.ensure().or_else(without))?;
    parts.run("build", || build(&workspace).run())?;
    parts.run("conformance", || {
        let table = table(&workspace)?;
        if args.readme { into_readme(&workspace, &table) } else { Ok(()) }
    })?;
    parts.finish();
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "stands in for an outcome")]
fn without(why: Failed) -> Outcome {
    say::note(why);
    Ok(())
}

fn build(workspace: &Workspace) -> Cmd {
    workspace.cargo().args([
        "build",
        "--package",
        "handover-benches",
        "--features",
        "standins",
        "--bin",
        "conformance",
    ])
}

/// Runs in view; the table is read back only where no promise was broken.
fn table(workspace: &Workspace) -> Outcome<String> {
    let (mark, file) = (Mark::new(), workspace.target.join("conformance.md"));
    let program = Cmd::new(workspace.target.join("debug/conformance")).arg("--out").arg(&file);
    let program = workspace.with_shared(program.dir(&workspace.root));
    let outcome = mark.on(program).run();
    mark.sweep();
    outcome?;
    std::fs::read_to_string(&file).map_err(|why| Failed::new(format!("{}: {why}", file.display())))
}

fn into_readme(workspace: &Workspace, table: &str) -> Outcome {
    let path = workspace.root.join("README.md");
    let broken = |why: std::io::Error| Failed::new(format!("{}: {why}", path.display()));
    let readme = std::fs::read_to_string(&path).map_err(broken)?;
    let [begin, end] = MARKERS.map(str::trim_end);
    let changed = replaced(&readme, table)
        .ok_or_else(|| Failed::new(format!("README.md lacks `{begin}` and after it `{end}`")))?;
    std::fs::write(&path, changed).map_err(broken)
}

fn replaced(readme: &str, table: &str) -> Option<String> {
    let [begin, end] = MARKERS;
    let (before, rest) = readme.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{}\n\n{end}{after}", table.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let readme = "before\n<!-- conformance: begin -->\n\nold\n\n<!-- conformance: end -->\nafter\n";
        let new = replaced(readme, "| new |\n").unwrap();
        assert_eq!(
            new,
            "before\n<!-- conformance: begin -->\n\n| new |\n\n<!-- conformance: end -->\nafter\n"
        );
        assert_eq!(replaced(&new, "| new |\n"), Some(new.clone()), "twice is the same as once");
        assert_eq!(replaced("no markers", "| new |"), None);
    }
}
