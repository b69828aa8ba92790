//! Paths as the repository has them: what shows findings beside the code knows no others.

use std::path::{Path, PathBuf};

use handover_migrate_guard::Report;

use crate::args::Format;
use crate::migrate::{Based, Repository};

/// The report for a format; where that is read beside a repository, with paths below its root.
///
/// A folder in no repository, or without a git to ask, keeps its paths.
pub(super) fn rooted(mut report: Report, based: &[Based], format: Format, base: &Path) -> Report {
    if !matches!(format, Format::Sarif | Format::Github | Format::Gitlab) {
        return report;
    }
    let folders = based.iter().map(|based| based.found.folder.as_path());
    let roots: Vec<_> = folders.filter_map(|folder| Some(Repository::of(folder).ok()?.into_root())).collect();
    let files = report.files.iter_mut().map(|file| &mut file.path);
    for path in files.chain(report.problems.iter_mut().map(|(path, _)| path)) {
        if let Some(below) = below_root(path, &roots, base) {
            *path = below;
        }
    }
    report
}

/// A migration that is only recorded has a version in place of a path.
fn below_root(path: &str, roots: &[PathBuf], base: &Path) -> Option<String> {
    let whole = base.join(path);
    let real = whole.canonicalize().ok();
    let of_one_gone =
        || path.contains('/').then(|| base.canonicalize().ok()).flatten().map(|base| base.join(path));
    let real = real.or_else(of_one_gone)?;
    let below = roots.iter().find_map(|root| real.strip_prefix(root).ok())?;
    Some(below.to_string_lossy().into_owned())
}
