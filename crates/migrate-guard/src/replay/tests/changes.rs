use insta::assert_snapshot;

use super::{replay, said};
use crate::claim::{Change, ChangeKind};

/// The changes of the last file's statements, one a line; with those that the corpora do not speak of.
fn changed(history: &str) -> String {
    let effects = replay(history);
    let lines: Vec<_> = effects.iter().flat_map(|effects| &effects.changes).map(line).collect();
    lines.join("\n")
}

fn line(change: &Change) -> String {
    let detail = change.detail.as_ref().map(|detail| format!(": {detail}"));
    format!("{} {} of {}{}", change.kind.code(), change.name, change.relation, detail.unwrap_or_default())
}

/// Those that the corpora speak of.
fn contract(history: &str) -> String {
    let effects = replay(history);
    let changes = effects.iter().flat_map(|effects| &effects.changes);
    let lines: Vec<_> = changes.filter(|change| change.kind.is_contract()).map(line).collect();
    lines.join("\n")
}

#[test]
fn a_table_goes_with_its_partitions() {
    assert_snapshot!(contract("
        CREATE TABLE p (k int) PARTITION BY RANGE (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        CREATE TABLE app.t (id int);
        -- next file
        DROP TABLE p, app.t, elsewhere;
        DROP TABLE IF EXISTS other;
    "), @"
    drop_table public.p of public.p
    drop_table public.p1 of public.p1
    drop_table app.t of app.t
    drop_table public.elsewhere of public.elsewhere
    ");
}

#[test]
fn a_column_is_compared_before_and_after_the_whole_statement() {
    assert_snapshot!(contract("
        CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT 1, c int NOT NULL DEFAULT 1, d varchar(20), e int);
        -- next file
        ALTER TABLE t ADD COLUMN id uuid NOT NULL, DROP COLUMN id;
        ALTER TABLE t ALTER a SET NOT NULL, ALTER a SET DEFAULT 1;
        ALTER TABLE t ALTER b SET NOT NULL;
        ALTER TABLE t ALTER c DROP DEFAULT;
        ALTER TABLE t ALTER c SET DEFAULT 2, ALTER c DROP NOT NULL;
        ALTER TABLE t ALTER d TYPE varchar(30);
        ALTER TABLE t ALTER d TYPE varchar(30), ALTER e TYPE int4;
        ALTER TABLE t RENAME e TO f;
    "), @"
    drop_column id of public.t
    add_required_column id of public.t
    set_not_null_default a of public.t
    set_not_null_default b of public.t
    drop_default_on_notnull c of public.t
    drop_not_null c of public.t
    change_type d of public.t: varchar(20) to varchar(30)
    rename_column e of public.t: f
    ");
}

#[test]
fn a_new_column_is_required_if_nothing_fills_it() {
    assert_snapshot!(contract("
        CREATE TABLE t (x int);
        -- next file
        ALTER TABLE t ADD a int NOT NULL, ADD b int NOT NULL DEFAULT 1, ADD c serial, ADD d int GENERATED ALWAYS AS IDENTITY,
            ADD e int NOT NULL GENERATED ALWAYS AS (x + 1) STORED, ADD f int NOT NULL DEFAULT NULL, ADD g int;
        ALTER TABLE t ADD h int PRIMARY KEY;
    "), @"
    add_required_column a of public.t
    add_required_column f of public.t
    add_required_column h of public.t
    ");
}

#[test]
fn a_primary_key_requires_its_columns() {
    assert_snapshot!(contract("
        CREATE TABLE t (a int, b int NOT NULL); CREATE UNIQUE INDEX i ON t (a, b);
        CREATE TABLE u (a int);
        -- next file
        ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i;
        ALTER TABLE u ADD PRIMARY KEY (a);
    "), @"
    set_not_null a of public.t
    set_not_null a of public.u
    ");
}

#[test]
fn what_is_done_to_a_partitioned_table_is_done_to_its_partitions() {
    assert_snapshot!(contract("
        CREATE TABLE p (k int, a int, b int) PARTITION BY RANGE (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        CREATE TABLE p2 (k int, a int, b int);
        ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (9) TO (19);
        -- next file
        ALTER TABLE p ALTER a SET NOT NULL;
        ALTER TABLE p DROP COLUMN b;
        ALTER TABLE p RENAME COLUMN a TO z;
    "), @"
    set_not_null a of public.p
    set_not_null a of public.p1
    set_not_null a of public.p2
    drop_column b of public.p
    drop_column b of public.p1
    drop_column b of public.p2
    rename_column a of public.p: z
    rename_column a of public.p1: z
    rename_column a of public.p2: z
    ");
}

#[test]
fn what_an_inheritor_has_of_its_own_stays() {
    assert_snapshot!(contract("
        CREATE TABLE p (a int); CREATE TABLE c (a int, b int); ALTER TABLE c INHERIT p; CREATE TABLE d () INHERITS (p);
        -- next file
        ALTER TABLE p DROP COLUMN a;
    "), @"
    drop_column a of public.p
    drop_column a of public.d
    ");
}

#[test]
fn a_name_or_a_schema_changes() {
    assert_snapshot!(contract("
        CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE SCHEMA app; CREATE VIEW v AS SELECT 1;
        -- next file
        ALTER TABLE t RENAME TO w;
        ALTER TABLE u SET SCHEMA app;
        ALTER VIEW v RENAME TO x;
    "), @"
    rename_table public.t of public.t: w
    rename_table public.u of public.u: app.u
    ");
}

#[test]
fn a_type_that_goes_takes_its_columns_with_it() {
    assert_snapshot!(contract("
        CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (id int, m mood, n mood[]);
        -- next file
        DROP TYPE mood CASCADE;
    "), @"
    drop_column m of public.t
    drop_column n of public.t
    ");
}

#[test]
fn a_schema_that_goes_takes_all_with_it() {
    assert_snapshot!(contract("
        CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE TABLE u (id int);
        -- next file
        DROP SCHEMA app CASCADE;
    "), @"drop_table app.t of app.t");
}

#[test]
fn a_constraint_asks_something_of_old_code() {
    assert_snapshot!(changed("
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT f FOREIGN KEY (a) REFERENCES r);
        -- next file
        ALTER TABLE t ADD CONSTRAINT u UNIQUE (a), ADD CHECK (b > 0) NOT VALID;
        CREATE UNIQUE INDEX ON t (b);
        ALTER TABLE t DROP CONSTRAINT f, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES r ON DELETE CASCADE;
        ALTER TABLE t ADD COLUMN c int REFERENCES r;
        ALTER TABLE t ADD CONSTRAINT v UNIQUE (id);
    "), @"
    add_constraint u of public.t: UNIQUE (a)
    add_constraint CHECK (b > 0) of public.t: CHECK (b > 0)
    add_constraint b of public.t: UNIQUE (b)
    result_shape c of public.t
    ");
}

#[test]
fn other_things_go_and_change() {
    assert_snapshot!(changed("
        CREATE TABLE t (id int); CREATE VIEW v AS SELECT * FROM t; CREATE TYPE mood AS ENUM ('ok', 'bad');
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        -- next file
        DROP VIEW v; DROP FUNCTION f(); ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'; ALTER TYPE mood RENAME TO feeling;
        ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true); REVOKE SELECT ON t FROM app;
    "), @"
    drop_object public.v of public.v
    drop_object f of public.f
    rename_object bad of public.mood: worse
    rename_object mood of public.mood: feeling
    access public.t of public.t: row security on
    access p of public.t: new policy
    access t of public.t: REVOKE
    ");
}

#[test]
fn what_a_file_makes_itself_says_so() {
    let effects = replay("CREATE TABLE t (id int); ALTER TABLE t DROP COLUMN id;");
    let change = effects[1].changes.iter().find(|change| change.kind == ChangeKind::DropColumn).unwrap();
    assert_eq!(change.age, crate::Age::File);
}

#[test]
fn what_the_server_refuses_changes_nothing_for_what_comes_after() {
    assert_snapshot!(said("
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (id int REFERENCES p);
        CREATE UNLOGGED TABLE u (id int PRIMARY KEY);
        CREATE UNLOGGED TABLE w (id int REFERENCES u);
        ALTER TABLE p SET UNLOGGED;
        ALTER TABLE w SET LOGGED;
        -- next file
        ALTER TABLE p SET LOGGED;
        ALTER TABLE w SET UNLOGGED;
        ALTER TABLE u SET LOGGED;
    "), @"
    public.p ACCESS EXCLUSIVE
    --
    public.w ACCESS EXCLUSIVE
    --
    public.u ACCESS EXCLUSIVE +scan +rewrite +index
    ");
}
