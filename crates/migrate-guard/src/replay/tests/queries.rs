use insta::assert_snapshot;

use super::{said, shown};
use crate::LintContext;
use crate::catalog::Catalog;
use crate::frontend::statements;
use crate::replay::World;

/// Tables that point at one another, with a row in each.
const KEYS: &str = "
    CREATE TABLE a (id int PRIMARY KEY, x int);
    CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE, y int);
    CREATE TABLE c (id int, b int REFERENCES b);
    CREATE TABLE d (id int, a int REFERENCES a);
    INSERT INTO a VALUES (1, 1);
    INSERT INTO b VALUES (1, 1, 1);
    -- next file
";

fn after_keys(sql: &str) -> String {
    said(&format!("{KEYS}{sql}"))
}

#[test]
fn a_read_locks_the_table_and_its_partitions() {
    assert_snapshot!(said("
        CREATE TABLE p (k int) PARTITION BY RANGE (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        -- next file
        SELECT * FROM p;
        SELECT * FROM ONLY p;
        SELECT * FROM p FOR UPDATE;
    "), @"
    public.p ACCESS SHARE
    public.p1 ACCESS SHARE +scan
    --
    public.p ACCESS SHARE
    --
    public.p ROW SHARE
    public.p1 ROW SHARE +scan
    ");
}

#[test]
fn a_read_of_a_view_locks_what_the_view_reads() {
    assert_snapshot!(said("
        CREATE TABLE a (id int); CREATE TABLE b (id int);
        CREATE VIEW v AS SELECT * FROM a;
        CREATE VIEW w AS SELECT v.id FROM v JOIN b USING (id);
        CREATE MATERIALIZED VIEW m AS SELECT * FROM w;
        -- next file
        SELECT * FROM w;
        SELECT * FROM v FOR UPDATE;
        SELECT * FROM m;
    "), @"
    public.w ACCESS SHARE
    public.v ACCESS SHARE
    public.a ACCESS SHARE
    public.b ACCESS SHARE
    --
    public.v ROW SHARE
    public.a ROW SHARE
    --
    public.m ACCESS SHARE +scan
    ");
}

#[test]
fn a_read_with_an_index_to_look_in_is_no_scan() {
    assert_snapshot!(said("
        CREATE TABLE a (id int PRIMARY KEY, x int);
        -- next file
        SELECT * FROM a WHERE id = 1;
        SELECT * FROM a WHERE x = 1;
        SELECT * FROM a LIMIT 1;
        SELECT count(*) FROM a;
    "), @"
    public.a ACCESS SHARE
    --
    public.a ACCESS SHARE +scan
    --
    public.a ACCESS SHARE
    --
    public.a ACCESS SHARE +scan
    ");
}

#[test]
fn a_row_that_is_inserted_asks_for_the_row_it_references() {
    assert_snapshot!(after_keys("INSERT INTO b VALUES (2, 1, 1); INSERT INTO b (id) VALUES (3);"), @"
    public.b ROW EXCLUSIVE +dml
    public.a ROW SHARE (assumed)
    --
    public.b ROW EXCLUSIVE +dml
    ");
}

#[test]
fn a_row_that_is_deleted_asks_all_that_reference_it() {
    assert_snapshot!(after_keys("DELETE FROM a;"), @"
    public.a ROW EXCLUSIVE +scan +dml (assumed)
    public.b ROW EXCLUSIVE +dml (assumed)
    public.d ROW SHARE (assumed)
    public.c ROW SHARE (assumed)
    ");
}

#[test]
fn an_update_asks_only_for_the_keys_it_writes() {
    assert_snapshot!(after_keys("UPDATE b SET y = 2; UPDATE b SET a = 2; UPDATE a SET id = 2;"), @"
    public.b ROW EXCLUSIVE +scan +dml (assumed)
    --
    public.b ROW EXCLUSIVE +scan +dml (assumed)
    public.a ROW SHARE (assumed)
    --
    public.a ROW EXCLUSIVE +scan +dml (assumed)
    public.b ROW SHARE (assumed)
    public.d ROW SHARE (assumed)
    ");
}

#[test]
fn an_empty_table_is_locked_and_not_written() {
    assert_snapshot!(after_keys("
        UPDATE d SET a = 1;
        DELETE FROM c;
        INSERT INTO d SELECT 1, 1 FROM c;
        INSERT INTO c SELECT id, id FROM b;
        UPDATE c SET b = 1;
    "), @"
    public.d ROW EXCLUSIVE +scan (assumed)
    --
    public.c ROW EXCLUSIVE +scan (assumed)
    --
    public.c ACCESS SHARE
    public.d ROW EXCLUSIVE (assumed)
    --
    public.b ACCESS SHARE
    public.c ROW EXCLUSIVE +dml (assumed)
    public.b ROW SHARE (assumed)
    --
    public.c ROW EXCLUSIVE +scan +dml (assumed)
    public.b ROW SHARE (assumed)
    ");
}

#[test]
fn a_table_that_no_migration_made_may_hold_rows() {
    assert_snapshot!(said("UPDATE elsewhere SET x = 1; INSERT INTO there SELECT * FROM elsewhere;"), @"
    public.elsewhere ROW EXCLUSIVE +dml (assumed)
    --
    public.elsewhere ACCESS SHARE (assumed)
    public.there ROW EXCLUSIVE +dml (assumed)
    ");
}

#[test]
fn a_table_that_is_emptied_is_empty() {
    assert_snapshot!(after_keys("TRUNCATE a CASCADE; UPDATE a SET x = 1;"), @"
    public.a ACCESS EXCLUSIVE +scan +rewrite +index
    public.b ACCESS EXCLUSIVE +scan +rewrite +index
    public.d ACCESS EXCLUSIVE +rewrite
    public.c ACCESS EXCLUSIVE +rewrite
    --
    public.a ROW EXCLUSIVE +scan (assumed)
    ");
}

#[test]
fn a_row_of_a_partitioned_table_goes_to_one_of_its_partitions() {
    assert_snapshot!(said("
        CREATE TABLE p (k int, x int) PARTITION BY RANGE (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        -- next file
        INSERT INTO p VALUES (1, 1);
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (19);
        -- next file
        INSERT INTO p VALUES (1, 1);
        UPDATE p SET x = 2;
    "), @"
    public.p ROW EXCLUSIVE
    public.p1 ROW EXCLUSIVE +dml, if a row goes there (assumed)
    public.p2 ROW EXCLUSIVE +dml, if a row goes there (assumed)
    --
    public.p ROW EXCLUSIVE (assumed)
    public.p1 ROW EXCLUSIVE +scan +dml (assumed)
    public.p2 ROW EXCLUSIVE +scan +dml (assumed)
    ");
}

#[test]
fn what_is_written_to_a_view_goes_to_its_table() {
    assert_snapshot!(said("
        CREATE TABLE a (id int); CREATE VIEW v AS SELECT * FROM a;
        -- next file
        INSERT INTO v VALUES (1);
    "), @"
    public.v ROW EXCLUSIVE
    public.a ROW EXCLUSIVE +dml
    ");
}

#[test]
fn a_trigger_does_what_its_function_does() {
    assert_snapshot!(said("
        CREATE TABLE log (id int); CREATE TABLE t (id int); CREATE TABLE s (id int);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (1); RETURN NEW; END $$;
        CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER b AFTER INSERT ON s FOR EACH STATEMENT EXECUTE FUNCTION f();
        -- next file
        INSERT INTO t SELECT 1 FROM s;
        INSERT INTO s SELECT 1 FROM t;
        INSERT INTO t VALUES (1);
    "), @"
    public.s ACCESS SHARE
    public.t ROW EXCLUSIVE (assumed)
    --
    public.t ACCESS SHARE
    public.s ROW EXCLUSIVE (assumed)
    public.log ROW EXCLUSIVE +dml
    --
    public.t ROW EXCLUSIVE +dml
    public.log ROW EXCLUSIVE +dml
    ");
}

#[test]
fn a_function_that_is_called_does_what_its_body_does() {
    assert_snapshot!(said("
        CREATE TABLE t (id int); CREATE TABLE u (id int);
        CREATE FUNCTION f(n int) RETURNS void LANGUAGE sql AS $$ UPDATE t SET id = n; SELECT g() $$;
        CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO u VALUES (1); PERFORM f(1); END $$;
        -- next file
        SELECT f(1);
    "), @"
    public.t ROW EXCLUSIVE +scan (assumed)
    public.u ROW EXCLUSIVE +dml
    ");
}

#[test]
fn a_function_that_nobody_made_is_opaque_where_it_is_called_for_what_it_does() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        SELECT partman.create_parent('public.t', 'id');
        SELECT now();
        SELECT pg_sleep(1);
        SELECT partman.check_default() FROM t;
    "), @r#"
    opaque: Function("partman.create_parent")
    --
    --
    --
    public.t ACCESS SHARE +scan
    opaque: Function("partman.check_default")
    "#);
}

#[test]
fn a_merge_writes_what_its_source_gives() {
    assert_snapshot!(after_keys("
        MERGE INTO c USING a ON a.id = c.id WHEN NOT MATCHED THEN INSERT VALUES (a.id, 1);
    "), @"
    public.a ACCESS SHARE
    public.c ROW EXCLUSIVE +dml (assumed)
    public.b ROW SHARE (assumed)
    ");
}

#[test]
fn a_write_in_a_with_is_one_too() {
    assert_snapshot!(after_keys("
        WITH gone AS (DELETE FROM b RETURNING id) INSERT INTO d SELECT id, id FROM gone;
    "), @"
    public.b ROW EXCLUSIVE +scan +dml (assumed)
    public.c ROW SHARE (assumed)
    public.d ROW EXCLUSIVE +dml (assumed)
    public.a ROW SHARE (assumed)
    ");
}

#[test]
fn a_function_that_nobody_made_is_opaque_wherever_a_select_calls_it() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        CREATE FUNCTION builds() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN CREATE INDEX ON t (id); RETURN true; END $$;
        INSERT INTO t VALUES (1);
        -- next file
        SELECT create_hypertable('t', 'id', migrate_data => true);
        SELECT * FROM create_hypertable('t', 'id');
        SELECT ghost(id) FROM t;
        CALL far.away('t');
        DO $$ BEGIN CALL ghost(1); END $$;
        SELECT lower('x'), count(*) FROM t, generate_series(1, 2);
        INSERT INTO t SELECT ghost(1);
        SELECT 1 WHERE builds();
    "), @r#"
    opaque: Function("create_hypertable")
    --
    opaque: Function("create_hypertable")
    --
    public.t ACCESS SHARE +scan
    opaque: Function("ghost")
    --
    opaque: Function("far.away")
    --
    opaque: Function("ghost")
    --
    public.t ACCESS SHARE +scan
    --
    public.t ROW EXCLUSIVE +dml (assumed)
    --
    public.t SHARE +scan +index
    "#);
}

#[test]
fn a_function_of_which_a_catalog_has_no_body_is_opaque_where_it_is_called() {
    let nothing = LintContext::default();
    let mut made = World::new(&nothing);
    let create = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN END'";
    made.run(&statements(create)[0]);
    let catalog = Some(Catalog::from_json(&made.catalog.to_json()).unwrap());
    let context = LintContext { catalog, ..LintContext::default() };
    let effects = World::new(&context).run(&statements("SELECT f()")[0]);
    assert_snapshot!(shown(&effects), @r#"opaque: Function("f")"#);
}
