use std::fs;
use std::path::Path;

use super::super::detect::Surroundings;

/// How many folders up a project's own files are looked for.
const UP: usize = 6;

/// What the project around a folder says of the runner.
pub(super) fn look(folder: &Path) -> Surroundings {
    let mut around = Surroundings::default();
    let absolute = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    for above in absolute.ancestors().take(UP) {
        look_at(above, &mut around);
        if above.join(".git").exists() {
            break;
        }
    }
    around
}

fn look_at(folder: &Path, around: &mut Surroundings) {
    let cargo = fs::read_to_string(folder.join("Cargo.toml"));
    around.cargo |= cargo.is_ok();
    around.sqlx |= cargo.is_ok_and(|text| text.contains("sqlx"));
    around.sqlx |= [".sqlx", "sqlx.toml", "sqlx-data.json"].iter().any(|name| folder.join(name).exists());
    around.go |= folder.join("go.mod").exists();
}
