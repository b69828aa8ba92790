use std::fmt::Write;

use super::problem_findings;
use crate::source::{Problem, ProblemKind};
use crate::{Layout, Level, LintContext, MigrationSet};

/// What is said of problems in a layout, each as a person reads it.
fn said(layout: Layout, problems: &[(&str, ProblemKind)]) -> String {
    let mut set = MigrationSet::new(layout, Vec::new());
    set.problems
        .extend(problems.iter().map(|(path, kind)| Problem { path: (*path).to_owned(), kind: kind.clone() }));
    let context = LintContext { least: Level::Note, ..LintContext::default() };
    let mut said = String::new();
    for (path, finding) in problem_findings(&set, &context) {
        writeln!(said, "{path} {} {:?} {}", finding.rule, finding.level, finding.message).unwrap();
        writeln!(said, "  {}\n  {}", finding.effect, finding.workaround).unwrap();
    }
    said
}

#[test]
fn each_problem_says_what_to_do() {
    let problems = [
        ("1_a.sql", ProblemKind::Edited),
        ("1_a.sql", ProblemKind::OutOfOrder("7".to_owned())),
        ("1_a.sql", ProblemKind::Unreadable("permission denied".to_owned())),
        ("1_a.sql", ProblemKind::NotUtf8(17)),
        ("1_a.sql", ProblemKind::Utf16("UTF-16LE")),
        ("1_a.sql", ProblemKind::TooLarge(3 << 30)),
        ("1_a.sql", ProblemKind::DuplicateVersion("1_b.sql".to_owned())),
        ("7", ProblemKind::Missing),
        ("1_a.sql", ProblemKind::Unfinished),
        ("V1__a.sql", ProblemKind::OtherLayout(Layout::Flyway)),
        ("x.sql", ProblemKind::Skipped("`<number>_<name>.sql`".to_owned())),
        ("1_a.sql", ProblemKind::Empty),
        ("2_b.go", ProblemKind::NotSql { language: "Go", files: 12 }),
        ("2_b.go", ProblemKind::NotSql { language: "Go", files: 1 }),
        ("1_a", ProblemKind::NoFile("up.sql".to_owned())),
        ("1_a.sql", ProblemKind::Unmarked("-- +goose Up")),
    ];
    insta::assert_snapshot!(said(Layout::Goose, &problems), @"
    1_a.sql P01 Error `1_a.sql` was changed after it was applied
      Databases that have it keep what it was; new ones get what it is now; goose does not notice.
      Put it back as it was, and write the change as a migration of its own.
    1_a.sql P02 Error `1_a.sql` is not applied and comes before `7`, which is
      It comes too early: goose refuses to run, unless it is told `-allow-missing`.
      Give it a version after `7`.
    1_a.sql S01 Error `1_a.sql` cannot be read: permission denied
      It is applied all the same and is not judged, and what later ones say of its tables is guessed.
      Make it readable, and look again.
    1_a.sql S02 Error `1_a.sql` is not UTF-8 from byte 17 on
      It is not judged, and what the server makes of its bytes hangs on the session's encoding.
      Save it as UTF-8, as in `iconv -f LATIN1 -t UTF-8`.
    1_a.sql S02 Error `1_a.sql` is UTF-16, and not UTF-8
      It is not judged, and no server reads it.
      Save it as UTF-8, as in `iconv -f UTF-16LE -t UTF-8`.
    1_a.sql S03 Error `1_a.sql` has 3072 MiB, and is not read
      It is applied all the same and is not judged.
      Load the data it carries by itself, and leave the schema to the migration.
    1_a.sql S04 Error `1_a.sql` has the same version as `1_b.sql`
      Only one of them can be recorded: the runner refuses both, or drops one without a word.
      Give the one that is applied nowhere yet another version.
    7 S05 Error `7` is applied and is not there
      A new database lacks what it did, and what later ones say of its tables is guessed.
      Bring its file back, as in `git log --diff-filter=D --stat -- '*7*'`.
    1_a.sql S06 Error `1_a.sql` began to be applied and did not end
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    V1__a.sql S07 Error `V1__a.sql` is a migration of flyway among those of goose
      The runner passes it over, or runs it as what it is not: a way back together with the way there.
      Put it into the folder of its runner.
    x.sql S08 Note `x.sql` is not run: goose looks for `<number>_<name>.sql`
      What it says does not happen.
      Name it as the runner wants it, or put it elsewhere.
    1_a.sql S09 Note nothing in `1_a.sql` is run
      It is recorded as applied, and filling it in later is a change after that.
      Fill it in before it is applied anywhere, or take it out.
    2_b.go S10 Warning 12 migrations are in Go, `2_b.go` the first of them
      They are applied and not judged, and what later ones say of their tables is guessed.
      Give the catalog of a database that has them, so that nothing need be guessed.
    2_b.go S10 Warning `2_b.go` is a migration in Go
      They are applied and not judged, and what later ones say of their tables is guessed.
      Give the catalog of a database that has them, so that nothing need be guessed.
    1_a S11 Error `1_a` has no `up.sql`
      The runner refuses to run with it there.
      Put the script in, or take the folder away.
    1_a.sql S12 Error `1_a.sql` has no `-- +goose Up`: goose refuses it
      The runner refuses it, and goes no further.
      Begin it with a line `-- +goose Up`.
    ");
}

#[test]
fn each_runner_deals_with_it_in_its_own_way() {
    let mut shown = String::new();
    for layout in Layout::ALL {
        let problems = [
            ("m/1_a/migration.sql", ProblemKind::Edited),
            ("m/1_a/migration.sql", ProblemKind::OutOfOrder("7".to_owned())),
            ("m/1_a/migration.sql", ProblemKind::Unfinished),
        ];
        let lines = said(layout, &problems);
        let own = lines.lines().filter(|line| line.starts_with("  "));
        shown += &own.fold(format!("{layout}\n"), |all, line| all + line + "\n");
    }
    insta::assert_snapshot!(shown, @"
    prisma
      Databases that have it keep what it was; new ones get what it is now; `prisma migrate deploy` does not notice, `prisma migrate dev` wants to reset the database.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: `prisma migrate deploy` applies it after those that are applied.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell prisma: `prisma migrate resolve --rolled-back 1_a`, or `--applied 1_a`.
    sqlx
      Databases that have it keep what it was; new ones get what it is now; sqlx refuses to run: its checksum differs from the one recorded.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: sqlx applies it after those that are applied.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell sqlx: take its row out of `_sqlx_migrations`, or set `success`.
    diesel
      Databases that have it keep what it was; new ones get what it is now; Diesel does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: Diesel applies it after those that are applied.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    goose
      Databases that have it keep what it was; new ones get what it is now; goose does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: goose refuses to run, unless it is told `-allow-missing`.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    golang-migrate
      Databases that have it keep what it was; new ones get what it is now; golang-migrate does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: golang-migrate never applies it: it goes on from the newest version that is recorded.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell golang-migrate: `migrate force VERSION`.
    flyway
      Databases that have it keep what it was; new ones get what it is now; Flyway refuses to run: its checksum differs from the one recorded.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: Flyway refuses to run, unless `outOfOrder` is set.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell flyway: `flyway repair`.
    dbmate
      Databases that have it keep what it was; new ones get what it is now; dbmate does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: dbmate applies it after those that are applied, or refuses with `--strict`.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    pop
      Databases that have it keep what it was; new ones get what it is now; pop does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: pop applies it after those that are applied.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    rails
      Databases that have it keep what it was; new ones get what it is now; Rails does not notice.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: Rails applies it after those that are applied.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    plain
      Databases that have it keep what it was; new ones get what it is now; nothing tells whether it is run again.
      Put it back as it was, and write the change as a migration of its own.
      It comes too early: it is applied after those that are applied, if at all.
      Give it a version after `7`.
      The runner goes no further, and half of it may be in the database.
      See how much of it is there, finish that or take it back by hand, and tell the runner.
    ");
}

#[test]
fn a_name_that_was_meant_to_be_taken_weighs_more() {
    let wanted = "`V<version>__<name>.sql`";
    let problems =
        ["V2_b.sql", "seed.sql", "3_c.sql"].map(|path| (path, ProblemKind::Skipped(wanted.to_owned())));
    let levels: Vec<_> = said(Layout::Flyway, &problems)
        .lines()
        .step_by(3)
        .map(|line| line.split(' ').nth(2).unwrap().to_owned())
        .collect();
    assert_eq!(levels, ["Warning", "Note", "Warning"]);
}
