use handover_migrate_guard::statements;
use proptest::prelude::*;
use proptest::sample::Index;

use super::spans;

/// Statements with bodies of all kinds, for mutations to start from.
const SEEDS: &[&str] = &[
    "DO $$ DECLARE a text := 'x'; b int; BEGIN IF a = 'é' THEN DROP TABLE t; ELSIF b THEN NULL; ELSE RAISE EXCEPTION 'x'; END IF; END $$;",
    "DO $$ BEGIN FOR r IN SELECT * FROM pg_class LOOP EXECUTE format('DROP TABLE %I', r.relname); END LOOP; EXCEPTION WHEN others THEN NULL; END $$",
    "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['ä', 'b'] LOOP EXECUTE 'DROP TABLE ' || quote_ident(t); END LOOP; END $$",
    "CREATE FUNCTION f(a int) RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM g(''é'' || a); SELECT x INTO STRICT y FROM t; RETURN; END'",
    "CREATE FUNCTION f() RETURNS int AS E'BEGIN\\n  RETURN (SELECT \\'\\u00e9\\' FROM t);\\nEND' LANGUAGE plpgsql",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a; RETURN 1; END",
    "DO $o$ BEGIN EXECUTE $i$ DO $x$ BEGIN EXECUTE 'ALTER TABLE t ADD COLUMN \"ü\" int'; END $x$ $i$; END $o$",
    "DO $$ BEGIN CASE x WHEN 1, 2 THEN NULL; ELSE CALL p(1); END CASE; WHILE EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') LOOP EXIT WHEN a; END LOOP; END $$",
    "DO $$ DECLARE v boolean; c CURSOR (n int) FOR SELECT * FROM t; BEGIN SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'x') INTO v; IF NOT v THEN OPEN c(1); FETCH c INTO v; END IF; <<l>> FOR i IN REVERSE 1..3 BY 1 LOOP CONTINUE l; END LOOP; END $$",
    "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT * FROM a) INSERT INTO t SELECT * FROM a ON CONFLICT (x) DO UPDATE SET y = (SELECT 'ß') RETURNING *",
    "MERGE INTO t USING (SELECT * FROM s FOR UPDATE OF s) y ON t.a = y.a WHEN MATCHED THEN UPDATE SET a = f(y.b) WHEN NOT MATCHED THEN INSERT VALUES (1)",
];

/// What is put into a text.
const PIECES: &[&str] = &[
    "BEGIN",
    "END",
    "IF",
    "THEN",
    "LOOP",
    "CASE",
    "WHEN",
    "EXECUTE",
    "INTO",
    "USING",
    "DECLARE",
    "EXCEPTION",
    "FOR",
    "IN",
    "(",
    ")",
    "[",
    "'",
    "''",
    "$$",
    "$a$",
    "\"",
    ";",
    ":=",
    "..",
    "<<",
    ">>",
    "\\",
    "é",
    "🦀",
    "--",
    "/*",
    "*/",
    "%I",
    "||",
    "SELECT",
    "WITH x AS (",
];

#[derive(Clone, Debug)]
enum Change {
    Cut(Index, usize),
    Put(Index, Index),
    Twice(Index, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        (any::<Index>(), 1..12_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, piece)| Change::Put(at, piece)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Twice(at, length)),
    ];
    prop::collection::vec(change, 0..6)
}

fn changed(seed: &str, changes: &[Change]) -> String {
    let mut letters: Vec<char> = seed.chars().collect();
    for change in changes {
        if letters.is_empty() {
            break;
        }
        match change {
            Change::Cut(at, length) => {
                let at = at.index(letters.len());
                letters.drain(at..(at + length).min(letters.len()));
            }
            Change::Put(at, piece) => {
                let at = at.index(letters.len());
                letters.splice(at..at, format!(" {} ", PIECES[piece.index(PIECES.len())]).chars());
            }
            Change::Twice(at, length) => {
                let at = at.index(letters.len());
                let part = letters[at..(at + length).min(letters.len())].to_vec();
                letters.splice(at..at, part);
            }
        }
    }
    letters.into_iter().collect()
}

proptest! {
    #[test]
    fn every_span_of_a_mutated_body_lies_in_the_text_between_characters(seed in 0..SEEDS.len(), changes in changes()) {
        let text = changed(SEEDS[seed], &changes);
        for span in spans::all(&statements(&text)) {
            prop_assert!(span.start <= span.end && span.end <= text.len(), "{span:?} of {text:?}");
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end), "{span:?} of {text:?}");
        }
    }

    #[test]
    fn a_body_of_any_text_is_read(body in "[ -~\u{e9}\n]{0,200}") {
        let text = format!("DO $body$ {body} $body$; DO {body}");
        for span in spans::all(&statements(&text)) {
            prop_assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
        }
    }
}
