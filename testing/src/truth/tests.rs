use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Observed, Tracer, split};
use crate::Postgres;

/// Runs files in a new database; what each statement of the last did.
fn traced(files: &[&str]) -> Option<Vec<Observed>> {
    let postgres = Postgres::start()?;
    let mut tracer = Tracer::connect(&postgres.url());
    let mut last = Vec::new();
    for file in files {
        tracer.begin_file();
        last = split(file).into_iter().map(|range| tracer.run(&file[range])).collect();
    }
    Some(last)
}

/// Of each statement: the relation, its lock and the work done to it.
fn lines(observed: &[Observed]) -> String {
    let mut lines = String::new();
    for (number, statement) in observed.iter().enumerate() {
        for (name, touched) in &statement.touched {
            let work = touched.work.iter().copied().collect::<Vec<_>>().join(",");
            writeln!(lines, "{number} {name} {} [{work}]", touched.lock.unwrap_or("-")).unwrap();
        }
        for (kind, name) in &statement.contract {
            writeln!(lines, "{number} {kind} {name}").unwrap();
        }
    }
    lines
}

#[test]
fn locks_work_and_changes_are_seen() {
    let Some(observed) = traced(&[
        "CREATE TABLE a (id int PRIMARY KEY, t text NOT NULL DEFAULT ''); CREATE TABLE b (a_id int)",
        "CREATE INDEX ON a (t);
         ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a;
         ALTER TABLE a ALTER id TYPE bigint, ALTER t DROP DEFAULT, ADD c int NOT NULL DEFAULT 1, ADD d int NOT NULL;
         CREATE TABLE c (id int);
         CREATE INDEX ON c (id);
         INSERT INTO a VALUES (1, '', 1, 1);
         ALTER TABLE a RENAME t TO u;
         DROP TABLE b",
    ]) else {
        return;
    };
    let expected = "\
0 public.a ShareLock [index,scan]
1 public.a ShareRowExclusiveLock []
1 public.a_pkey AccessShareLock []
1 public.b ShareRowExclusiveLock [scan]
2 public.a AccessExclusiveLock [index,rewrite,scan]
2 public.a_pkey AccessExclusiveLock []
2 public.b AccessExclusiveLock [scan]
2 change_type id
2 drop_default_on_notnull t
2 add_required_column d
5 public.a RowExclusiveLock [dml]
6 public.a AccessExclusiveLock []
6 rename_column t
7 public.a AccessExclusiveLock []
7 public.b AccessExclusiveLock []
7 drop_table public.b
";
    assert_eq!(lines(&observed), expected);
}

#[test]
fn what_cannot_run_in_a_transaction_runs_outside_of_one() {
    let Some(observed) = traced(&["CREATE TABLE a (id int)", "CREATE INDEX CONCURRENTLY i ON a (id)"]) else {
        return;
    };
    let touched = &observed[0].touched["public.a"];
    assert!(observed[0].outside);
    assert_eq!((touched.lock, &touched.work), (None, &BTreeSet::from(["index"])));
}

#[test]
fn a_statement_that_fails_did_nothing_and_the_next_is_seen() {
    let Some(observed) = traced(&[
        "CREATE TABLE a (id int); INSERT INTO a VALUES (NULL)",
        "ALTER TABLE a ALTER id SET NOT NULL; ALTER TABLE a DROP id",
    ]) else {
        return;
    };
    assert_eq!(observed[0].error.as_deref(), Some("column \"id\" of relation \"a\" contains null values"));
    assert_eq!(observed[1].contract, [("drop_column", "id".to_owned())]);
}

#[test]
fn what_is_tried_out_or_reset_leaves_nothing() {
    let Some(postgres) = Postgres::start() else { return };
    let mut tracer = Tracer::connect(&postgres.url());
    tracer
        .prepare("CREATE ROLE r; CREATE SCHEMA s; CREATE TABLE s.t (id int); CREATE EXTENSION pg_trgm")
        .unwrap();
    tracer.begin_file();
    assert_eq!(tracer.try_out("DROP TABLE s.t").contract.len(), 1);
    assert_eq!(tracer.try_out("DROP TABLE s.t").contract.len(), 1);
    tracer.reset();
    tracer
        .prepare("CREATE ROLE r; CREATE SCHEMA s; CREATE TABLE public.s_t (id int); CREATE EXTENSION pg_trgm")
        .unwrap();
}

#[test]
fn an_index_that_keeps_its_file_was_not_built() {
    let Some(observed) = traced(&[
        "CREATE TABLE a (id int, t varchar(3)); CREATE INDEX ON a (t);
         CREATE TABLE p (id int, t varchar(3)) PARTITION BY LIST (id); CREATE INDEX ON p (t)",
        "ALTER TABLE a ALTER t TYPE varchar(4); ALTER TABLE p ALTER t TYPE varchar(4); ALTER TABLE a ALTER t TYPE varchar(2);
         CREATE INDEX ON p (id)",
    ]) else {
        return;
    };
    let expected = "\
0 public.a AccessExclusiveLock []
0 change_type t
1 public.p AccessExclusiveLock []
1 change_type t
2 public.a AccessExclusiveLock [index,rewrite,scan]
2 change_type t
3 public.p ShareLock [index]
";
    let tables: String = lines(&observed)
        .lines()
        .filter(|line| !line.contains("_idx"))
        .fold(String::new(), |all, line| all + line + "\n");
    assert_eq!(tables, expected);
}
