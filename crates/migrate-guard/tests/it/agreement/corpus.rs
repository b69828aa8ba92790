//! Real histories, where they are at hand: each file's statements, blocks and all, as its runner would run them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use handover_migrate_guard::catalog::Catalog;
use handover_migrate_guard::replay::World;
use handover_migrate_guard::{Folder, Layout, LintContext, Migration, MigrationSource, statements};
use handover_testing::{Postgres, found, skip};

use super::live::{After, Live};
use super::normal;

/// A statement of a migration.
struct Line<'a> {
    migration: &'a Migration,
    file: usize,
    statement: handover_migrate_guard::ddl::Statement,
    /// Whether it ends its file.
    last: bool,
}

impl Line<'_> {
    fn text(&self) -> &str {
        &self.migration.sql[self.statement.span.start..self.statement.span.end]
    }
}

#[test]
fn the_catalog_is_what_real_histories_make_of_a_real_server() {
    let Some(projects) = projects() else { return skip("HANDOVER_SHARED names no folder of migrations") };
    let (Some(postgres), Some(psql)) = (Postgres::start(), found("psql")) else { return };
    let live = Live { psql, url: postgres.url() };
    let broken: String =
        projects.iter().enumerate().map(|(number, project)| follow(project, &live, number)).collect();
    assert!(broken.is_empty(), "{broken}");
}

fn projects() -> Option<Vec<PathBuf>> {
    let folder = Path::new(&std::env::var_os("HANDOVER_SHARED")?).join("corpus/migrations");
    let only = std::env::var("HANDOVER_HISTORY").unwrap_or_default();
    let entries = folder.read_dir().ok()?.flatten().map(|entry| entry.path());
    let mut projects: Vec<_> =
        entries.filter(|path| path.is_dir() && !path.ends_with("supabase+auth")).collect();
    projects.retain(|path| path.to_string_lossy().contains(&only));
    projects.sort();
    Some(projects.into_iter().map(migrations_below).collect())
}

/// The folder of migrations of a project.
fn migrations_below(mut folder: PathBuf) -> PathBuf {
    while !folder.ends_with("migrations") {
        let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
        folder = entries.into_iter().find(|path| path.is_dir()).unwrap();
    }
    folder
}

/// The differences after the first file that leaves some.
fn follow(project: &Path, live: &Live, number: usize) -> String {
    let every = std::env::var_os("HANDOVER_EVERY_STATEMENT").is_some();
    let read = |folder: Folder| folder.read().ok();
    let set =
        read(Folder::new(project)).or_else(|| read(Folder::new(project).with_layout(Layout::Sqlx))).unwrap();
    let lines: Vec<_> =
        set.migrations.iter().enumerate().flat_map(|(file, migration)| lines(migration, file)).collect();
    let own = lines.iter().map(|line| (line.text(), line.last || every));
    let texts: Vec<_> = std::iter::once(("SELECT 1", true)).chain(own).collect();
    let answers = live.run(&format!("project_{number}"), &texts);
    assert_eq!(answers.len(), texts.len(), "{}: the server did not run all", project.display());
    let mut context = LintContext::default();
    context.catalog = Some(Catalog::from_json(&answers[0].catalog).unwrap());
    context.today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut world = World::new(&context);
    let mut unseen = false;
    for (line, after) in lines.iter().zip(&answers[1..]) {
        if world.file != line.file {
            world.begin_file(line.file);
        }
        unseen |= run(&mut world, line, after);
        let differences = if after.catalog.is_empty() { String::new() } else { differences(&world, after) };
        if !differences.is_empty() && !unseen {
            return report(line, after, &differences);
        }
        if !differences.is_empty() {
            // It says itself that it did not see all: it goes on from what there is.
            world.catalog = Catalog::from_json(&after.catalog).unwrap();
        }
        unseen &= !line.last;
    }
    String::new()
}

fn differences(world: &World<'_>, after: &After) -> String {
    normal::differences(&after.catalog, &world.catalog.to_json())
}

/// Replays a statement that the server took; whether some of what it does could not be seen.
fn run(world: &mut World<'_>, line: &Line<'_>, after: &After) -> bool {
    if after.error.is_some() {
        return false;
    }
    let effects = world.run(&line.statement);
    !effects.opaque.is_empty() || !line.statement.opaque.is_empty()
}

fn lines(migration: &Migration, file: usize) -> Vec<Line<'_>> {
    let statements = statements(&migration.sql);
    let last = statements.len().saturating_sub(1);
    let line = |(at, statement)| Line { migration, file, statement, last: at == last };
    statements.into_iter().enumerate().map(line).collect()
}

fn report(line: &Line<'_>, after: &After, differences: &str) -> String {
    let mut report = format!("\n=== {}:\n{}\n", line.migration.path, line.text());
    if let Some(error) = &after.error {
        writeln!(report, "PostgreSQL refuses it: {error}").unwrap();
    }
    report + differences
}
