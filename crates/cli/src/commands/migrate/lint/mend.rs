//! `--fix`: edits that are safe, in files that are not applied.

use std::path::{Path, PathBuf};
use std::{fs, io};

use handover_migrate_guard::{FileReport, Migration};
use serde::Serialize;

use super::super::VERSION;
use super::diff::Diff;
use super::edits::{self, Edited};
use super::look::Looked;
use crate::args::Format;
use crate::commands::init::replace;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::many;
use crate::report::Failure;
use crate::text::one_line;

/// A file and the edits to make in it.
struct Mending<'a> {
    file: &'a FileReport,
    on_disk: PathBuf,
    edited: Edited,
}

/// The `--json` form of a dry run.
#[derive(Serialize)]
struct Shown<'a> {
    version: u32,
    files: Vec<ShownFile<'a>>,
}

#[derive(Serialize)]
struct ShownFile<'a> {
    path: &'a str,
    edits: &'a [String],
    diff: String,
}

/// Makes the edits; whether there were any.
///
/// # Errors
///
/// [`Exit::Refused`]: a file has changed meanwhile, or cannot be written. Each file is edited as a whole or not at all.
pub(super) fn mend(looked: &Looked, context: &Context) -> Result<bool, Failure> {
    let mut any = false;
    for mending in mendings(looked, context) {
        mending.write()?;
        for done in &mending.edited.done {
            context.output.note(one_line(&format!("edited {}: {done}", mending.file.path)));
        }
        any = true;
    }
    if !any {
        context.output.note("nothing to edit: no finding has an edit that is safe to make by itself");
    }
    Ok(any)
}

/// Shows the edits, and makes none.
///
/// # Errors
///
/// [`Exit::Usage`]: they cannot be shown.
pub(super) fn show(looked: &Looked, format: Format, context: &Context) -> Result<(), Failure> {
    let mendings = mendings(looked, context);
    let files: Vec<_> = mendings.iter().map(Mending::shown).collect();
    if format == Format::Json {
        let object = serde_json::json!(Shown { version: VERSION, files });
        return context.output.raw(format!("{object}\n"));
    }
    for file in &files {
        context.output.raw(format!("{}\n", file.diff))?;
    }
    let edits: usize = files.iter().map(|file| file.edits.len()).sum();
    context.output.note(format!(
        "{} in {}; nothing was changed",
        many(edits, "edit"),
        many(files.len(), "file")
    ));
    Ok(())
}

/// Each file that is to be edited; of those that must not be it is said why.
fn mendings<'a>(looked: &'a Looked, context: &Context) -> Vec<Mending<'a>> {
    let mut mendings = Vec::new();
    for file in
        looked.report.files.iter().filter(|file| file.findings.iter().any(|finding| finding.fix.is_some()))
    {
        let all = looked.based.iter().flat_map(|based| &based.found.set.migrations);
        let migration = all.into_iter().find(|migration| migration.path == file.path);
        match migration.map(|migration| Mending::of(file, migration, &context.folder)) {
            Some(Ok(mending)) => mendings.push(mending),
            Some(Err(why)) => context.output.note(one_line(&format!("not edited: {}: {why}", file.path))),
            None => {}
        }
    }
    mendings
}

impl<'a> Mending<'a> {
    fn of(file: &'a FileReport, migration: &Migration, folder: &Path) -> Result<Self, String> {
        if migration.raw != migration.text {
            return Err("its runner fills values in, so what was judged is not what is in the file".into());
        }
        let edited = edits::make(&file.text, &file.findings);
        Ok(Self { file, on_disk: folder.join(&file.path), edited })
    }

    /// The file must still hold what was judged.
    fn write(&self) -> Result<(), Failure> {
        let attempted = || Failure::new(format!("could not edit {}", self.file.path), Exit::Refused);
        let now = fs::read(&self.on_disk).map_err(|error| attempted().because_of(&error))?;
        if now != self.file.text.as_bytes() {
            return Err(attempted().because("it has changed since it was judged").hint("run it again"));
        }
        let written: io::Result<()> = replace(&self.on_disk, &self.edited.text);
        written.map_err(|error| attempted().because_of(&error))
    }

    fn shown(&self) -> ShownFile<'_> {
        let Self { file, edited, .. } = self;
        let diff = Diff { path: &file.path, old: &file.text, edits: &edited.edits };
        ShownFile { path: &file.path, edits: &edited.done, diff: diff.to_string() }
    }
}
