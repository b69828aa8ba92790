use std::path::Path;

use proptest::prelude::*;

use super::{World, replay};
use crate::LintContext;
use crate::frontend::statements;

/// Statements that histories are made of: few names, so that they meet.
fn statement() -> impl Strategy<Value = String> {
    let table = prop::sample::select(vec!["a", "b", "c"]);
    let column = prop::sample::select(vec!["x", "y", "z"]);
    let shape = 0..16_usize;
    (table, column, shape).prop_map(|(table, column, shape)| match shape {
        0 => format!("CREATE TABLE {table} ({column} int, k int PRIMARY KEY)"),
        1 => format!("DROP TABLE IF EXISTS {table} CASCADE"),
        2 => format!("ALTER TABLE {table} ADD COLUMN {column} int NOT NULL"),
        3 => format!("ALTER TABLE {table} DROP COLUMN {column}"),
        4 => format!("INSERT INTO {table} ({column}) VALUES (1)"),
        5 => format!("UPDATE {table} SET {column} = 1"),
        6 => format!("DELETE FROM {table}"),
        7 => format!("ALTER TABLE {table} RENAME TO {column}"),
        8 => format!("CREATE VIEW {column} AS SELECT * FROM {table}"),
        9 => format!("CREATE TEMP TABLE {table} ({column} int)"),
        10 => format!("ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES b"),
        11 => format!("INSERT INTO {table} SELECT * FROM {column}"),
        12 => format!("CREATE TABLE {column} () INHERITS ({table})"),
        13 => "BEGIN".to_owned(),
        14 => "ROLLBACK".to_owned(),
        _ => format!("DO $$ BEGIN ALTER TABLE {table} ADD {column} int; EXCEPTION WHEN others THEN DROP TABLE {table}; END $$"),
    })
}

fn history() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(statement(), 1..12)
}

proptest! {
    #[test]
    fn a_replay_is_the_same_each_time(history in history()) {
        let sql = history.join(";\n");
        prop_assert_eq!(replay(&sql), replay(&sql));
    }

    #[test]
    fn nothing_is_said_of_a_temporary_table(history in history()) {
        let sql = history.join(";\n");
        for effects in replay(&sql) {
            prop_assert!(effects.claims.iter().all(|claim| !claim.relation.schema.starts_with("pg_temp")));
        }
    }

    #[test]
    fn what_is_not_run_changes_nothing(history in history()) {
        let sql = history.join(";\n");
        let inside = history.iter().filter(|is| !is.contains("DO $$") && *is != "BEGIN" && *is != "ROLLBACK");
        let body = inside.cloned().collect::<Vec<_>>().join("; ");
        let before = replay(&format!("{sql};\nSELECT * FROM a, b, c, x, y, z"));
        let after = replay(&format!("{sql};\nDO $$ BEGIN IF false THEN {body}; END IF; END $$;\nSELECT * FROM a, b, c, x, y, z"));
        let relations = |all: &[super::Effects]| -> Vec<_> {
            let last = all.last().map(|last| last.claims.clone()).unwrap_or_default();
            last.into_iter().map(|claim| (claim.relation, claim.kind, claim.lock, claim.work)).collect()
        };
        prop_assert_eq!(relations(&before), relations(&after));
    }

    #[test]
    fn each_relation_is_claimed_once_for_each_cause(history in history()) {
        for effects in replay(&history.join(";\n")) {
            for (place, claim) in effects.claims.iter().enumerate() {
                let before = &effects.claims[..place];
                let again = |other: &&crate::claim::Claim| {
                    other.relation == claim.relation && other.cause == claim.cause && other.when == claim.when
                };
                prop_assert!(before.iter().find(again).is_none(), "{claim:?} twice");
            }
        }
    }
}

/// Files of PostgreSQL's own regression suite that ask most of a replay.
const HARD: [&str; 6] = ["alter_table", "foreign_key", "inherit", "plpgsql", "rules", "triggers"];

#[test]
fn whatever_is_written_has_an_answer() {
    let Some(shared) = std::env::var_os("HANDOVER_SHARED") else { return };
    let folder = Path::new(&shared).join("corpus/postgres-regress");
    let context = LintContext::default();
    for name in HARD {
        let Ok(sql) = std::fs::read_to_string(folder.join(format!("{name}.sql"))) else { continue };
        let mut world = World::new(&context);
        world.begin_file(0);
        for statement in statements(&sql) {
            world.run(&statement);
        }
    }
}
