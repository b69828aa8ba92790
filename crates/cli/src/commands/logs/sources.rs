//! Finds the folders in which processes write: `slots/<slot>/<run>/<index>/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use handover_core::{ReleaseId, RunId, Slot};

/// One process, or what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) slot: Slot,
    pub(super) run: String,
    pub(super) index: u16,
    /// Unknown where the process was never started.
    pub(super) release: Option<ReleaseId>,
    pub(super) folder: PathBuf,
    /// When something was last written or launched here.
    pub(super) changed: SystemTime,
}

impl Source {
    /// The file it writes to; the one before is beside it as `log.1`.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn read(slot: Slot, folder: PathBuf) -> Option<Self> {
        let index = folder.file_name()?.to_str()?.parse().ok()?;
        let run = folder.parent()?.file_name()?.to_str()?.to_owned();
        let changed = [folder.join("log"), folder.clone()].iter().filter_map(|path| changed(path)).max()?;
        Some(Self { slot, run, index, release: release_of(&folder), folder, changed })
    }
}

/// Every process that has a folder, by slot, run and number.
pub(super) fn all(state_dir: &Path) -> Vec<Source> {
    let mut sources: Vec<Source> = Slot::BOTH
        .into_iter()
        .flat_map(|slot| {
            let runs = folders(&state_dir.join("slots").join(slot.as_str()));
            let instances = runs.into_iter().flat_map(|run| folders(&run));
            instances.filter_map(move |folder| Source::read(slot, folder))
        })
        .collect();
    sources.sort_by(|a, b| (a.slot, &a.run, a.index).cmp(&(b.slot, &b.run, b.index)));
    sources
}

/// The processes of one launch.
pub(super) fn of_place(all: &[Source], slot: Slot, run: &RunId) -> Vec<Source> {
    all.iter().filter(|source| source.slot == slot && source.run == run.as_str()).cloned().collect()
}

/// The processes of the launch that was last heard of.
pub(super) fn newest(sources: impl Iterator<Item = Source>) -> Vec<Source> {
    let mut sources: Vec<Source> = sources.collect();
    let newest = sources.iter().max_by_key(|source| source.changed);
    let Some((slot, run)) = newest.map(|source| (source.slot, source.run.clone())) else { return sources };
    sources.retain(|source| source.slot == slot && source.run == run);
    sources
}

/// The release that the shim was told to run here.
fn release_of(folder: &Path) -> Option<ReleaseId> {
    let text = fs::read(folder.join("shim.json")).ok()?;
    let config: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let variables = config.get("env")?.as_array()?.iter();
    let named = variables.filter_map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)));
    let release = named.into_iter().find(|(name, _)| *name == "RELEASE");
    release.and_then(|(_, value)| value.parse().ok())
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
