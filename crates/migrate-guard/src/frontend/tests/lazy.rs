//! Bodies of functions that are read when somebody asks: nothing comes out then that was not said before.

use proptest::prelude::*;

use crate::ddl::{Ddl, OpaqueReason, Statement};
use crate::frontend::statements;

/// Parts of bodies, whole and broken.
const PARTS: &[&str] = &[
    "a := 1;",
    "a := b FROM t;",
    "PERFORM f(a);",
    "SELECT x, y INTO a, b FROM t -- why\n WHERE z;",
    "INSERT INTO t VALUES (1) RETURNING id INTO a;",
    "IF a = 1 THEN",
    "ELSIF b THEN",
    "ELSE",
    "END IF;",
    "FOR r IN SELECT * FROM t LOOP",
    "FOR i IN 1..n LOOP",
    "WHILE a LOOP",
    "END LOOP;",
    "RETURN QUERY SELECT 1;",
    "RETURN (SELECT 1);",
    "RAISE EXCEPTION 'x %', a;",
    "CASE a WHEN 1, 2 THEN NULL; ELSE NULL; END CASE;",
    "MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE;",
    "a := ;",
    "SELECT FROM WHERE;",
    "SELECT 1 SELECT 2;",
    "ALTER TABLE t FROB;",
    "a := (1;",
    "x ) y;",
    "UPDATE t SET;",
    "FROB t;",
    "a := 'x",
    "/* a",
];

/// What is said of a body when it is defined, and what when it is read.
fn said(body: &str) -> (Vec<OpaqueReason>, Vec<OpaqueReason>) {
    let sql =
        format!("CREATE FUNCTION f(a int) RETURNS void LANGUAGE plpgsql AS $body$ BEGIN {body} END $body$;");
    let Some(Statement { ddl: Ddl::CreateFunction(create), opaque, .. }) =
        statements(&sql).into_iter().next()
    else {
        panic!("{sql}")
    };
    let reasons = |opaque: &[crate::ddl::Opaque]| opaque.iter().map(|part| part.reason.clone()).collect();
    (reasons(&opaque), create.body.iter().flat_map(|body| reasons(body.opaque())).collect())
}

#[test]
fn what_the_parser_does_not_take_is_said_at_once() {
    for body in ["a := ;", "SELECT 1 SELECT 2;", "ALTER TABLE t FROB;", "a := (1;", "FROB t;"] {
        let (at_once, later) = said(body);
        assert_eq!(at_once, later, "{body}");
        assert_ne!(at_once, [], "{body}");
    }
}

#[test]
fn what_nests_too_deep_or_has_no_end_is_never_parsed_for_that() {
    for body in [
        format!("a := {}1{};", "(".repeat(20_000), ")".repeat(20_000)),
        format!("a := {}1;", "b || ".repeat(300)),
        "ALTER TABLE t MERGE PARTITIONS (user, b) INTO c;".to_owned(),
    ] {
        let (at_once, later) = said(&body);
        assert_eq!(at_once, later, "{body}");
        assert_ne!(at_once, [], "{body}");
    }
}

#[test]
fn what_is_made_at_run_time_is_said_of_the_body_alone() {
    let (at_once, later) = said("EXECUTE 'FROB t';");
    assert_eq!(at_once, []);
    assert_eq!(later.len(), 1);
}

proptest! {
    #[test]
    fn of_a_body_of_which_nothing_is_said_all_is_understood(parts in prop::collection::vec(prop::sample::select(PARTS), 1..8)) {
        let body = parts.join(" ");
        let (at_once, later) = said(&body);
        prop_assert_eq!(at_once, later, "{}", body);
    }
}
