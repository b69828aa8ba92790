use super::{
    p01_edited, p02_out_of_order, s01_unreadable, s02_not_utf8, s03_too_large, s04_duplicate_version,
    s05_missing, s06_unfinished, s07_other_layout, s08_skipped, s09_empty, s10_not_sql, s11_no_file,
    s12_unmarked,
};
use crate::linter::Finding;
use crate::rules::Rule;
use crate::source::{Problem, ProblemKind};
use crate::{Layout, Level, LintContext, MigrationSet, Span};

/// What is to be said of a set's problems: each with its file, or with the version of one that is not there.
pub fn problem_findings(set: &MigrationSet, context: &LintContext) -> Vec<(String, Finding)> {
    let findings =
        set.problems.iter().map(|problem| (problem.path.clone(), finding(problem, set.layout, context)));
    findings.filter(|(_, finding)| finding.level != Level::Off && finding.level >= context.least).collect()
}

fn finding(problem: &Problem, layout: Layout, context: &LintContext) -> Finding {
    let mut finding = rule(&problem.kind).finding(Span::default(), context).saying(message(problem, layout));
    finding.effect = effect(&problem.kind, layout).unwrap_or(finding.effect);
    finding.workaround = workaround(problem, layout).unwrap_or(finding.workaround);
    if matches!(problem.kind, ProblemKind::Skipped(_))
        && was_meant(&problem.path)
        && finding.level == Level::Note
    {
        finding.level = Level::Warning;
    }
    finding
}

const fn rule(kind: &ProblemKind) -> &'static Rule {
    match kind {
        ProblemKind::Edited => &p01_edited::RULE,
        ProblemKind::OutOfOrder(_) => &p02_out_of_order::RULE,
        ProblemKind::Unreadable(_) => &s01_unreadable::RULE,
        ProblemKind::NotUtf8(_) | ProblemKind::Utf16(_) => &s02_not_utf8::RULE,
        ProblemKind::TooLarge(_) => &s03_too_large::RULE,
        ProblemKind::DuplicateVersion(_) => &s04_duplicate_version::RULE,
        ProblemKind::Missing => &s05_missing::RULE,
        ProblemKind::Unfinished => &s06_unfinished::RULE,
        ProblemKind::OtherLayout(_) => &s07_other_layout::RULE,
        ProblemKind::Skipped(_) => &s08_skipped::RULE,
        ProblemKind::Empty => &s09_empty::RULE,
        ProblemKind::NotSql { .. } => &s10_not_sql::RULE,
        ProblemKind::NoFile(_) => &s11_no_file::RULE,
        ProblemKind::Unmarked(_) => &s12_unmarked::RULE,
    }
}

fn message(problem: &Problem, layout: Layout) -> String {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::Edited => format!("`{path}` was changed after it was applied"),
        ProblemKind::OutOfOrder(newest) => {
            format!("`{path}` is not applied and comes before `{newest}`, which is")
        }
        ProblemKind::Unreadable(why) => format!("`{path}` cannot be read: {why}"),
        ProblemKind::NotUtf8(at) => format!("`{path}` is not UTF-8 from byte {at} on"),
        ProblemKind::Utf16(_) => format!("`{path}` is UTF-16, and not UTF-8"),
        ProblemKind::TooLarge(bytes) => format!("`{path}` has {} MiB, and is not read", bytes >> 20),
        ProblemKind::DuplicateVersion(other) => format!("`{path}` has the same version as `{other}`"),
        ProblemKind::Missing => format!("`{path}` is applied and is not there"),
        ProblemKind::Unfinished => format!("`{path}` began to be applied and did not end"),
        ProblemKind::OtherLayout(other) => {
            format!("`{path}` is a migration of {other} among those of {layout}")
        }
        ProblemKind::Skipped(wanted) => format!("`{path}` is not run: {layout} looks for {wanted}"),
        ProblemKind::Empty => format!("nothing in `{path}` is run"),
        ProblemKind::NotSql { language, files: 1 } => format!("`{path}` is a migration in {language}"),
        ProblemKind::NotSql { language, files } => {
            format!("{files} migrations are in {language}, `{path}` the first of them")
        }
        ProblemKind::NoFile(wanted) => format!("`{path}` has no `{wanted}`"),
        ProblemKind::Unmarked(line) => format!("`{path}` has no `{line}`: {layout} refuses it"),
    }
}

/// What the runner of the layout does about it, where that is known.
fn effect(kind: &ProblemKind, layout: Layout) -> Option<String> {
    match kind {
        ProblemKind::Utf16(_) => Some("It is not judged, and no server reads it.".to_owned()),
        ProblemKind::Edited => {
            Some(format!("{}; {}.", p01_edited::RULE.effect.trim_end_matches('.'), layout.edited()))
        }
        ProblemKind::OutOfOrder(_) => Some(format!("It comes too early: {}.", layout.out_of_order())),
        _ => None,
    }
}

fn workaround(problem: &Problem, layout: Layout) -> Option<String> {
    match &problem.kind {
        ProblemKind::Utf16(name) => Some(format!("Save it as UTF-8, as in `iconv -f {name} -t UTF-8`.")),
        ProblemKind::Unmarked(line) => Some(format!("Begin it with a line `{line}`.")),
        ProblemKind::OutOfOrder(newest) => Some(format!("Give it a version after `{newest}`.")),
        ProblemKind::Unfinished => told(layout, &problem.path).map(|told| {
            format!(
                "See how much of it is there, finish that or take it back by hand, and tell {layout}: {told}."
            )
        }),
        ProblemKind::Missing => Some(format!(
            "Bring its file back, as in `git log --diff-filter=D --stat -- '*{}*'`.",
            problem.path
        )),
        _ => None,
    }
}

/// How a runner is told that a migration was mended by hand.
fn told(layout: Layout, path: &str) -> Option<String> {
    match layout {
        Layout::Prisma => {
            let name = path.strip_suffix("/migration.sql").unwrap_or(path);
            let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
            Some(format!("`prisma migrate resolve --rolled-back {name}`, or `--applied {name}`"))
        }
        Layout::GolangMigrate => Some("`migrate force VERSION`".to_owned()),
        Layout::Flyway => Some("`flyway repair`".to_owned()),
        Layout::Sqlx => Some("take its row out of `_sqlx_migrations`, or set `success`".to_owned()),
        _ => None,
    }
}

/// Whether a name looks as if a runner were meant to take it.
fn was_meant(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let flyway = |first: char| matches!(first, 'V' | 'R') && name.contains('_');
    name.starts_with(|first: char| first.is_ascii_digit() || flyway(first))
}
