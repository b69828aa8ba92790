//! A project: its migrations, and what each of their statements did.

use std::path::{Path, PathBuf};

use handover_migrate_guard::{Layout, MigrationSet};
use handover_testing::truth::split;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use crate::record::{self, Script};
use crate::truth::{self, File};
use crate::{Failed, folder};

/// What tells where the corpora are.
const SHARED: &str = "HANDOVER_SHARED";
/// The day on which their truth was taken: a migration may name partitions after the day it is run.
const DAY: Date = Date::constant(2026, 11, 22);
/// Scored only where that is asked for: the rules were made without a look at it.
const HELD_OUT: &str = "supabase+auth";

/// A project with its truth.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) set: MigrationSet,
    /// In the order of the set, as far as the set goes.
    pub(crate) truth: Vec<File>,
    /// When the truth was taken.
    pub(crate) day: Date,
}

/// The projects of the corpora whose names hold one of these, or all.
pub(crate) fn written_down(wanted: &[String], held_out: bool) -> Result<Vec<Project>, Failed> {
    let folder = corpora()?;
    let mut names: Vec<_> =
        folder.read_dir()?.flatten().filter_map(|entry| truth_of(&entry.path())).collect();
    names.sort();
    names.retain(|name| wanted.is_empty() || wanted.iter().any(|part| name.contains(&part[..])));
    names.retain(|name| held_out || name != HELD_OUT);
    names.into_iter().map(|name| Project::written_down(&folder, name)).collect()
}

fn corpora() -> Result<PathBuf, Failed> {
    let shared =
        std::env::var_os(SHARED).ok_or_else(|| format!("{SHARED} does not say where the corpora are"))?;
    let folder = PathBuf::from(shared).join("corpus/migrations");
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(format!("there are no corpora in {}", folder.display()).into())
    }
}

/// The project that a file has the truth of.
fn truth_of(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.strip_suffix(".truth.json")?.to_owned())
}

/// When the truth in a file was taken; today, where there is none yet.
fn day_of(kept: Option<&Path>) -> Result<Date, Failed> {
    let taken = kept.and_then(|file| file.metadata().ok()).map(|file| file.modified()).transpose()?;
    let taken = taken.map(Timestamp::try_from).transpose()?.unwrap_or_else(Timestamp::now);
    Ok(taken.to_zoned(TimeZone::UTC).date())
}

impl Project {
    fn written_down(folder: &Path, name: String) -> Result<Self, Failed> {
        let truth = truth::read(&folder.join(format!("{name}.truth.json")))?;
        let (set, truth) = folder::of_truth(folder, truth)?;
        Ok(Self { name, set, truth, day: DAY })
    }

    /// A folder of migrations, run for its truth unless that is kept in a file already.
    pub(crate) fn of_folder(
        folder: &Path,
        layout: Option<Layout>,
        kept: Option<&Path>,
    ) -> Result<Self, Failed> {
        let set = folder::read_as(folder, layout)?;
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        let mut project = Self { name, set, truth: Vec::new(), day: day_of(kept)? };
        project.truth = match kept.filter(|file| file.is_file()) {
            Some(file) => folder::in_order(&project.set, truth::read(file)?)?,
            None => record::record(&crate::server()?, &project.scripts())?,
        };
        if let Some(file) = kept.filter(|file| !file.exists()) {
            std::fs::write(file, serde_json::to_string(&project.truth)?)?;
        }
        Ok(project)
    }

    /// What is run of it: the statements that are written down, else those that a client would see.
    pub(crate) fn scripts(&self) -> Vec<Script> {
        let layout = format!("{:?}", self.set.layout).to_lowercase();
        let script = |(index, migration): (usize, &handover_migrate_guard::Migration)| Script {
            file: self.truth.get(index).map_or_else(|| migration.path.clone(), |file| file.path.clone()),
            kind: layout.clone(),
            text: migration.sql.to_string(),
            statements: self.truth.get(index).map_or_else(|| split(&migration.sql), ranges),
        };
        self.set.migrations.iter().enumerate().map(script).collect()
    }
}

fn ranges(file: &File) -> Vec<std::ops::Range<usize>> {
    file.stmts.iter().map(|stmt| stmt.o0..stmt.o1).collect()
}
