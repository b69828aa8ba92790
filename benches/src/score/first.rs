//! How each project scored the first time that all of the linter ran on it, beside how it scores now.

use std::fmt::Write as _;

use crate::compare::Compared;
use crate::table::shown;

/// What was printed for a project when it was scored for the first time.
struct First {
    project: &'static str,
    long: [f64; 2],
    exact: f64,
}

/// Written down when they were printed; nothing computes them again. Five projects were at hand while the rules were
/// written. supabase+auth had not been read until the rules stood.
const FIRST: [First; 6] = [
    First { project: "atuinsh+atuin", long: [1.0, 1.0], exact: 1.0 },
    First { project: "hatchet-dev+hatchet", long: [1.0, 0.9474], exact: 0.9381 },
    First { project: "hoppscotch+hoppscotch", long: [1.0, 1.0], exact: 1.0 },
    First { project: "supabase+auth", long: [1.0, 1.0], exact: 0.9951 },
    First { project: "svix+svix-webhooks", long: [1.0, 1.0], exact: 1.0 },
    First { project: "umami-software+umami", long: [1.0, 1.0], exact: 1.0 },
];

/// The table; nothing where no project has a first score.
pub(crate) fn of(projects: &[Compared]) -> String {
    let rows: String = projects.iter().filter_map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    let head = "project                  | first: LONG prec recall  exact | now: LONG prec recall  exact";
    format!("\n{head}\n{rows}")
}

fn row(project: &Compared) -> Option<String> {
    let First { long: [precision, recall], exact, .. } =
        FIRST.iter().find(|first| first.project == project.name)?;
    let tally = &project.tally;
    let mut row = String::new();
    let _ = writeln!(
        row,
        "{:<24} |      {precision:.4} {recall:.4} {exact:.4} |    {} {} {}",
        project.name,
        shown(tally.long.precision()),
        shown(tally.long.recall()),
        shown(tally.exact.value()),
    );
    Some(row)
}
