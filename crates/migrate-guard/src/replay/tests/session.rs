use insta::assert_snapshot;

use super::said;

#[test]
fn a_name_is_looked_for_in_the_path_that_was_set() {
    assert_snapshot!(said("
        CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE t (id int);
        -- next file
        SET search_path = app, public;
        UPDATE t SET id = 1;
        RESET search_path;
        UPDATE t SET id = 1;
    "), @"
    --
    app.t ROW EXCLUSIVE +scan (assumed)
    --
    --
    public.t ROW EXCLUSIVE +scan (assumed)
    ");
}

#[test]
fn a_local_path_ends_with_its_transaction() {
    assert_snapshot!(said("
        CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE t (id int);
        -- next file
        BEGIN;
        SET LOCAL search_path = app;
        UPDATE t SET id = 1;
        COMMIT;
        UPDATE t SET id = 1;
    "), @"
    --
    --
    app.t ROW EXCLUSIVE +scan (assumed)
    --
    --
    public.t ROW EXCLUSIVE +scan (assumed)
    ");
}

#[test]
fn what_is_rolled_back_is_not_there() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        BEGIN;
        DROP TABLE t;
        ROLLBACK;
        BEGIN;
        SAVEPOINT s;
        ALTER TABLE t RENAME TO u;
        ROLLBACK TO s;
        UPDATE t SET id = 1;
        COMMIT;
        UPDATE u SET id = 1;
    "), @"
    --
    public.t ACCESS EXCLUSIVE
    drop_table public.t of public.t
    --
    --
    --
    --
    public.t ACCESS EXCLUSIVE
    rename_table public.t of public.t
    --
    --
    public.t ROW EXCLUSIVE +scan (assumed)
    --
    --
    public.u ROW EXCLUSIVE +dml (assumed)
    ");
}

#[test]
fn a_path_is_also_set_by_a_call() {
    assert_snapshot!(said("
        CREATE SCHEMA app; CREATE TABLE app.t (id int);
        -- next file
        DO $$ BEGIN PERFORM set_config('search_path', 'app', true); UPDATE t SET id = 1; END $$;
    "), @"app.t ROW EXCLUSIVE +scan (assumed)");
}

#[test]
fn a_temporary_table_is_nobody_elses() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        CREATE TEMP TABLE t (id int);
        INSERT INTO t VALUES (1);
        ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT random();
        DROP TABLE t;
        INSERT INTO t VALUES (1);
    "), @"
    --
    --
    --
    --
    public.t ROW EXCLUSIVE +dml
    ");
}

#[test]
fn what_a_schema_is_made_with_is_looked_up_in_it() {
    assert_snapshot!(said("
        CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY);
        -- next file
        CREATE SCHEMA x
            CREATE INDEX i ON t (a)
            CREATE TABLE t (a int REFERENCES u)
            CREATE VIEW v AS SELECT a FROM t;
        CREATE INDEX ON x.t (a);
        CREATE INDEX ON t (id);
    "), @"
    public.u SHARE ROW EXCLUSIVE
    --
    x.t SHARE +scan +index
    --
    public.t SHARE +scan +index
    ");
}
