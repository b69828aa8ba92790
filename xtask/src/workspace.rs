use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::Cmd;
use crate::failed::{Failed, Outcome};

/// What tells the tests where that data is.
const SHARED: &str = "HANDOVER_SHARED";

/// What cargo knows about this workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
    /// Every library under `crates/`.
    pub(crate) libraries: Vec<Library>,
}

/// A package that others can depend on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Library {
    pub(crate) package: String,
    /// Its features, `default` left out.
    pub(crate) features: Vec<String>,
}

impl Workspace {
    pub(crate) fn load() -> Outcome<Self> {
        let text = Cmd::cargo().args(["metadata", "--format-version=1", "--no-deps"]).read()?;
        let metadata: Value =
            serde_json::from_str(&text).map_err(|why| Failed::new(format!("cargo metadata: {why}")))?;
        Self::from_metadata(&metadata).ok_or_else(|| Failed::new("cargo metadata has an unknown shape"))
    }

    /// A cargo that runs at the root.
    pub(crate) fn cargo(&self) -> Cmd {
        Cmd::cargo().dir(&self.root)
    }

    /// Told where test data is that is too big or too foreign for the repository: as the caller says, else in the folder
    /// beside the checkout.
    pub(crate) fn with_shared(&self, command: Cmd) -> Cmd {
        let named = std::env::var_os(SHARED).is_some();
        let beside = self.root.parent().map(|folder| folder.join("shared")).filter(|folder| folder.is_dir());
        match beside {
            Some(folder) if !named => command.env(SHARED, folder),
            _ => command,
        }
    }

    fn from_metadata(metadata: &Value) -> Option<Self> {
        let root = PathBuf::from(metadata["workspace_root"].as_str()?);
        let target = PathBuf::from(metadata["target_directory"].as_str()?);
        let packages = metadata["packages"].as_array()?;
        let libraries = packages.iter().filter_map(|package| library(&root, package)).collect();
        Some(Self { root, target, libraries })
    }
}

fn library(root: &Path, package: &Value) -> Option<Library> {
    let manifest = Path::new(package["manifest_path"].as_str()?);
    let is_library = |target: &Value| target["kind"].as_array().is_some_and(|k| k.contains(&"lib".into()));
    if !manifest.starts_with(root.join("crates")) || !package["targets"].as_array()?.iter().any(is_library) {
        return None;
    }
    let features: BTreeSet<_> = package["features"].as_object()?.keys().cloned().collect();
    Some(Library {
        package: package["name"].as_str()?.to_owned(),
        features: features.into_iter().filter(|feature| feature != "default").collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_understood() {
        let workspace = Workspace::load().unwrap();
        let core = workspace.libraries.iter().find(|library| library.package == "handover-core");
        assert_eq!(core, Some(&Library { package: "handover-core".into(), features: vec!["schema".into()] }));
        assert!(workspace.libraries.iter().all(|library| library.package != "handover-benches"));
    }
}
