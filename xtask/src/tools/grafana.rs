use std::path::Path;

use super::NPM;
use crate::command::Cmd;
use crate::failed::{Failed, Outcome};
use crate::say;
use crate::workspace::Workspace;

/// The published types of dashboards, and the compiler that reads them.
const PACKAGES: [(&str, &str); 2] = [("@grafana/schema", "13.2.3"), ("typescript", "5.9.3")];

/// Puts Grafana's types where the tests look for them: under the target folder, never in the checkout.
pub(crate) fn grafana_schema(workspace: &Workspace) -> Outcome {
    let folder = workspace.target.join("tools/grafana-schema");
    if is_ours(&folder) {
        return Ok(());
    }
    NPM.ensure()?;
    say::note("the types of Grafana's dashboards are not installed; fetching them takes seconds, once");
    std::fs::create_dir_all(&folder)
        .map_err(|why| Failed::new(format!("{} cannot be made: {why}", folder.display())))?;
    let named = PACKAGES.map(|(name, version)| format!("{name}@{version}"));
    let npm = Cmd::new("npm").args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]);
    npm.arg(&folder).args(named).dir(&folder).run()?;
    if is_ours(&folder) { Ok(()) } else { Err(Failed::new(format!("{} is not as wanted", folder.display()))) }
}

fn is_ours(folder: &Path) -> bool {
    PACKAGES.iter().all(|(name, version)| {
        let manifest = std::fs::read_to_string(folder.join("node_modules").join(name).join("package.json"));
        manifest.is_ok_and(|text| text.contains(&format!("\"version\": \"{version}\"")))
    })
}
