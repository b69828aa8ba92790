//! The figures for programs.

use serde_json::{Value, json};

use crate::Failed;
use crate::compare::Compared;

pub(crate) fn of(projects: &[Compared]) -> Result<String, Failed> {
    let projects: Vec<_> = projects.iter().map(project).collect();
    Ok(serde_json::to_string_pretty(&json!({ "projects": projects }))?)
}

fn project(compared: &Compared) -> Value {
    json!({
        "name": compared.name,
        "files": compared.files,
        "all": compared.tally,
        "do_blocks": compared.blocks,
        "findings": compared.findings,
        "rules": compared.rules,
    })
}
