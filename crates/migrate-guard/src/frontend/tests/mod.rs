mod depth;
mod laws;
mod lazy;
mod memory;
mod recovery;
mod spans;
mod tricky;

use super::statements;
use crate::ddl::{Ddl, Statement};

/// Each statement as it is written, with what was made of it and what was not understood.
fn told(sql: &str) -> String {
    statements(sql).iter().map(|statement| line(sql, statement)).collect::<Vec<_>>().join("\n")
}

fn line(sql: &str, statement: &Statement) -> String {
    let written =
        sql[statement.span.start..statement.span.end].split_whitespace().collect::<Vec<_>>().join(" ");
    let opaque = statement
        .opaque
        .iter()
        .map(|opaque| format!(" ?? {:?} at {:?}", opaque.reason, &sql[opaque.span.start..opaque.span.end]));
    format!("{} | {written}{}", kind(&statement.ddl), opaque.collect::<String>())
}

fn kind(ddl: &Ddl) -> String {
    let debug = format!("{ddl:?}");
    debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned()
}
