//! A history of a thousand migrations, from text to report.

use std::fmt::Write as _;
use std::time::Duration;

use handover_migrate_guard::{
    Layout, LintContext, Migration, MigrationLinter as _, MigrationSet, PostgresLinter,
};
use tokio::time::Instant;

use crate::cpu::median;

const MIGRATIONS: usize = 1_000;

pub(crate) fn print(rounds: u16) {
    let set = set();
    let bytes: usize = set.migrations.iter().map(|migration| migration.sql.len()).sum();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\n{MIGRATIONS} migrations, {} kB: from text to report", bytes / 1_000);
    for threads in [1, cores] {
        let linter = PostgresLinter::new().with_threads(threads);
        let times = (0..rounds).map(|_| timed(|| drop(linter.lint(&set, &LintContext::default()))));
        println!("  {threads} thread(s) {:>10.1} ms", median(times.collect()).as_secs_f64() * 1e3);
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// What a service of some years may have: a table every few files, and changes to those that are there.
pub(crate) fn set() -> MigrationSet {
    let files = (0..MIGRATIONS).map(|number| Migration::new(format!("{number:04}.sql"), file(number)));
    MigrationSet::new(Layout::Plain, files.collect())
}

fn file(number: usize) -> String {
    let table = number / 8;
    let mut sql = String::new();
    let _ = match number % 8 {
        0 => create(&mut sql, table),
        1 => writeln!(
            sql,
            "ALTER TABLE t{table} ADD COLUMN note{number} text, ADD COLUMN n{number} int NOT NULL DEFAULT 0;"
        ),
        2 => writeln!(sql, "CREATE INDEX CONCURRENTLY t{table}_name ON t{table} (name, created_at DESC);"),
        3 => writeln!(
            sql,
            "ALTER TABLE t{table} ADD CONSTRAINT t{table}_positive CHECK (amount > 0) NOT VALID;\nALTER TABLE t{table} VALIDATE CONSTRAINT t{table}_positive;"
        ),
        4 => writeln!(
            sql,
            "ALTER TABLE t{table} ALTER COLUMN amount TYPE bigint, ALTER COLUMN name SET NOT NULL;"
        ),
        5 => writeln!(
            sql,
            "UPDATE t{table} SET name = upper(name) WHERE id IN (SELECT id FROM t{table} WHERE name IS NULL LIMIT 100);"
        ),
        6 => writeln!(
            sql,
            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'kind{table}') THEN CREATE TYPE kind{table} AS ENUM ('a', 'b'); END IF; END $$;"
        ),
        _ => writeln!(
            sql,
            "ALTER TABLE t{table} RENAME COLUMN name TO title;\nDROP INDEX IF EXISTS t{table}_name;"
        ),
    };
    sql
}

fn create(sql: &mut String, table: usize) -> std::fmt::Result {
    let parent = table.saturating_sub(1);
    let reference =
        if table == 0 { String::new() } else { format!(" REFERENCES t{parent} (id) ON DELETE CASCADE") };
    writeln!(
        sql,
        "CREATE TABLE t{table} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    parent bigint{reference},\n    \
         name varchar(80),\n    amount int NOT NULL DEFAULT 0,\n    created_at timestamptz NOT NULL DEFAULT now(),\n    \
         UNIQUE (name, parent)\n);\nCREATE INDEX t{table}_parent ON t{table} (parent);"
    )
}
