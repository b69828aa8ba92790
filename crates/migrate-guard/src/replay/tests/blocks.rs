use insta::assert_snapshot;

use super::said;

#[test]
fn a_branch_that_the_catalog_decides_is_taken_or_left() {
    assert_snapshot!(said("
        CREATE TABLE t (id int, a int);
        CREATE TYPE mood AS ENUM ('ok');
        -- next file
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') THEN
                ALTER TABLE t DROP COLUMN a;
            ELSE
                DROP TABLE t;
            END IF;
            IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'mood') THEN
                DROP TABLE t;
            END IF;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    drop_column a of public.t
    ");
}

#[test]
fn a_branch_that_nobody_can_decide_is_assumed() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN
            IF current_setting('x') = 'y' THEN
                ALTER TABLE t DROP COLUMN id;
            ELSE
                DROP TABLE t;
            END IF;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE, if current_setting('x') = 'y' (assumed)
    public.t ACCESS EXCLUSIVE, otherwise (assumed)
    drop_column id of public.t, if current_setting('x') = 'y' (assumed)
    drop_table public.t of public.t, otherwise (assumed)
    ");
}

#[test]
fn what_stands_behind_a_return_that_may_be_taken_depends_on_it() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN
            IF current_setting('x') = 'y' THEN RETURN; END IF;
            DROP TABLE t;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE, unless current_setting('x') = 'y' (assumed)
    drop_table public.t of public.t, unless current_setting('x') = 'y' (assumed)
    ");
}

#[test]
fn what_stands_behind_a_return_that_is_taken_is_not_run() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_tables WHERE tablename = 't') THEN RETURN; END IF;
            DROP TABLE t;
        END $$;
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_tables WHERE tablename = 't') THEN RAISE EXCEPTION 'there'; END IF;
            DROP TABLE t;
        END $$;
    "), @"--");
}

#[test]
fn a_statement_that_fails_leads_to_its_handler() {
    assert_snapshot!(said("
        CREATE TABLE t (id int, CONSTRAINT c CHECK (id > 0));
        CREATE TYPE mood AS ENUM ('ok');
        -- next file
        DO $$ BEGIN
            ALTER TABLE t ADD COLUMN x int;
            ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);
        EXCEPTION WHEN duplicate_object THEN
            ALTER TABLE t DROP COLUMN id;
        END $$;
        DO $$ BEGIN
            CREATE TYPE mood AS ENUM ('ok');
        EXCEPTION WHEN duplicate_object THEN NULL;
        END $$;
        DO $$ BEGIN
            ALTER TABLE t ADD COLUMN x int;
        EXCEPTION WHEN duplicate_column THEN
            DROP TABLE t;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    drop_column id of public.t
    --
    --
    public.t ACCESS EXCLUSIVE
    ");
}

#[test]
fn a_loop_over_constants_is_run_for_each() {
    assert_snapshot!(said("
        CREATE TABLE a (id int); CREATE TABLE b (id int);
        -- next file
        DO $$ DECLARE name text; BEGIN
            FOREACH name IN ARRAY ARRAY['a', 'b'] LOOP
                EXECUTE format('ALTER TABLE %I ADD COLUMN x int', name);
            END LOOP;
        END $$;
    "), @"
    public.a ACCESS EXCLUSIVE
    public.b ACCESS EXCLUSIVE
    ");
}

#[test]
fn a_loop_over_rows_is_run_once() {
    assert_snapshot!(said("
        CREATE TABLE a (id int); CREATE TABLE b (id int);
        -- next file
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT * FROM a LOOP
                INSERT INTO b VALUES (r.id);
            END LOOP;
        END $$;
    "), @"
    public.a ACCESS SHARE
    public.b ROW EXCLUSIVE, if the loop is run (assumed)
    ");
}

#[test]
fn a_string_that_is_run_is_read() {
    assert_snapshot!(said("
        CREATE TABLE t_old (id int);
        -- next file
        DO $$ DECLARE suffix text := 'old'; target text; BEGIN
            target := 't_' || suffix;
            EXECUTE 'DROP TABLE ' || quote_ident(target);
        END $$;
        DO $$ BEGIN EXECUTE (SELECT string_agg(x, ';') FROM y); END $$;
    "), @"
    public.t_old ACCESS EXCLUSIVE
    drop_table public.t_old of public.t_old
    --
    public.y ACCESS SHARE (assumed)
    opaque: Dynamic
    ");
}

#[test]
fn a_function_makes_partitions_of_what_it_is_given() {
    assert_snapshot!(said("
        CREATE TABLE t (k date) PARTITION BY RANGE (k);
        CREATE FUNCTION part(parent text, day date) RETURNS int LANGUAGE plpgsql AS $$
        DECLARE name varchar; BEGIN
            SELECT lower(format('%s_%s', parent, to_char(day, 'YYYYMMDD'))) INTO name;
            IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = name) THEN RETURN 0; END IF;
            EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', name, parent, day, day + INTERVAL '1 day');
            RETURN 1;
        END $$;
        SELECT part('t', CURRENT_DATE);
        -- next file
        SELECT part('t', CURRENT_DATE);
        SELECT part('t', (NOW() + INTERVAL '1 day')::date);
        -- next file
        ALTER TABLE t ADD COLUMN x int;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.t_20261122 ACCESS EXCLUSIVE (assumed)
    public.t_20261123 ACCESS EXCLUSIVE (assumed)
    ");
}

#[test]
fn what_a_block_makes_itself_is_not_claimed() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN
            CREATE TABLE t_new (id int);
            INSERT INTO t_new SELECT * FROM t;
            DROP TABLE t;
            ALTER TABLE t_new RENAME TO t;
            ALTER TABLE t ADD COLUMN x int;
        END $$;
    "), @"
    public.t ACCESS SHARE
    public.t ACCESS EXCLUSIVE
    drop_table public.t of public.t
    ");
}

#[test]
fn a_relation_is_called_what_it_was_before_the_block() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN ALTER TABLE t RENAME TO u; ALTER TABLE u ADD COLUMN x int; END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.t ACCESS EXCLUSIVE
    rename_table public.t of public.t
    ");
}

#[test]
fn work_under_a_lock_that_the_block_took_before_is_work_under_that_lock() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ BEGIN LOCK TABLE t IN ACCESS EXCLUSIVE MODE; PERFORM count(*) FROM t; END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.t ACCESS SHARE
    ");
}

#[test]
fn a_row_that_is_asked_of_the_catalog_in_other_words() {
    assert_snapshot!(said("
        CREATE TABLE t (id int NOT NULL, a varchar(20), CONSTRAINT pk PRIMARY KEY (id));
        CREATE INDEX i ON t (a);
        -- next file
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'pk' AND conrelid = 't'::regclass) THEN
                ALTER TABLE t DROP CONSTRAINT pk;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'i') THEN DROP TABLE t; END IF;
            IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't'
                       AND column_name = 'a' AND data_type = 'character varying') THEN
                ALTER TABLE t ALTER COLUMN a TYPE text;
            END IF;
            IF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'nobody') THEN DROP TABLE t; END IF;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.t ACCESS EXCLUSIVE +index
    public.t ACCESS EXCLUSIVE, if pg_class has relname = 'nobody' (assumed)
    change_type a of public.t
    drop_table public.t of public.t, if pg_class has relname = 'nobody' (assumed)
    ");
}

#[test]
fn a_loop_over_the_catalogs_is_run_for_each_row() {
    assert_snapshot!(said("
        CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES a, b int CHECK (b > 0));
        CREATE TABLE p (k int) PARTITION BY RANGE (k);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (19);
        -- next file
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'f' LOOP
                EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || quote_ident(r.conname);
            END LOOP;
        END $$;
        DO $$ DECLARE child text; BEGIN
            FOR child IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                         JOIN pg_class parent ON parent.oid = i.inhparent WHERE parent.relname = 'p' LOOP
                EXECUTE format('ALTER TABLE %I ADD CHECK (k > 0)', child);
            END LOOP;
        END $$;
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'nothing' LOOP
                EXECUTE format('DROP TABLE %I', r.table_name);
            END LOOP;
        END $$;
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'p_' LOOP
                IF r.tablename <> 'p2' THEN EXECUTE format('TRUNCATE %I', r.tablename); END IF;
            END LOOP;
        END $$;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.a ACCESS EXCLUSIVE
    --
    public.p1 ACCESS EXCLUSIVE +scan
    public.p2 ACCESS EXCLUSIVE +scan
    --
    --
    public.a ACCESS EXCLUSIVE +scan +rewrite +index, if the loop is run (assumed)
    public.t ACCESS EXCLUSIVE +scan +rewrite +index, if the loop is run (assumed)
    public.p ACCESS EXCLUSIVE, if the loop is run (assumed)
    public.p1 ACCESS EXCLUSIVE +rewrite, if the loop is run (assumed)
    public.p2 ACCESS EXCLUSIVE +rewrite, if the loop is run (assumed)
    ");
}

#[test]
fn a_string_with_a_gap_says_what_it_is_about() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        -- next file
        DO $$ DECLARE name text; BEGIN
            name := (SELECT x FROM y LIMIT 1);
            EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || quote_ident(name);
            EXECUTE format('ALTER TABLE %I ADD COLUMN x int', name);
        END $$;
    "), @"
    public.y ACCESS SHARE (assumed)
    public.t ACCESS EXCLUSIVE (assumed)
    opaque: Dynamic
    ");
}

#[test]
fn what_is_made_of_the_day_is_assumed() {
    assert_snapshot!(said("
        CREATE TABLE t (k date) PARTITION BY RANGE (k);
        DO $$ BEGIN EXECUTE format('CREATE TABLE t_%s PARTITION OF t DEFAULT', to_char(now(), 'YYYYMMDD')); END $$;
        -- next file
        ALTER TABLE t ADD COLUMN x int;
    "), @"
    public.t ACCESS EXCLUSIVE
    public.t_20261122 ACCESS EXCLUSIVE (assumed)
    ");
}

#[test]
fn a_condition_on_a_variable_is_decided_where_the_variable_is_known() {
    assert_snapshot!(said("
        CREATE TABLE t (id int);
        CREATE FUNCTION f(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = name) THEN
                EXECUTE format('DROP TABLE %I', name);
            ELSE
                EXECUTE format('CREATE TABLE %I ()', name);
            END IF;
            IF to_regclass(name) IS NULL THEN DROP TABLE other; END IF;
        END $$;
        -- next file
        SELECT f('t');
    "), @"
    public.t ACCESS EXCLUSIVE
    public.other ACCESS EXCLUSIVE (assumed)
    drop_table public.t of public.t
    drop_table public.other of public.other (assumed)
    ");
}

#[test]
fn what_is_not_understood_of_a_function_is_said_where_it_is_called() {
    assert_snapshot!(said("
        CREATE FUNCTION broken() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; ALTER TABLE t FROB; END $$;
        CREATE FUNCTION later() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER TABLE t FROB'; END $$;
        CREATE TABLE t (id int);
        -- next file
        SELECT broken();
        SELECT later();
    "), @r#"
    public.t ACCESS EXCLUSIVE
    drop_table public.t of public.t
    opaque: Syntax("expected command, found a name")
    --
    opaque: Syntax("expected command, found a name")
    "#);
}

#[test]
fn what_is_altered_in_a_way_that_is_not_known_is_assumed_from_then_on() {
    assert_snapshot!(said("
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (id int REFERENCES p);
        -- next file
        DO $$ DECLARE n text; BEGIN
            SELECT conname INTO n FROM pg_constraint WHERE conrelid = 'c'::regclass;
            EXECUTE 'ALTER TABLE c DROP CONSTRAINT ' || n;
        END $$;
        -- next file
        ALTER TABLE p ALTER COLUMN id TYPE bigint;
    "), @"
    public.p ACCESS EXCLUSIVE +scan +rewrite +index
    public.c ACCESS EXCLUSIVE +scan (assumed)
    change_type id of public.p
    ");
}

#[test]
fn of_the_indexes_of_partitions_nobody_knows_whose_they_are() {
    assert_snapshot!(said("
        CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p DEFAULT;
        -- next file
        DO $$ DECLARE r record; BEGIN
            FOR r IN SELECT i.relname FROM pg_class c JOIN pg_inherits h ON c.oid = h.inhrelid
                JOIN pg_class parent ON h.inhparent = parent.oid JOIN pg_index x ON c.oid = x.indrelid
                JOIN pg_class i ON x.indexrelid = i.oid WHERE parent.relname = 'p'
            LOOP EXECUTE format('ALTER INDEX %I RENAME TO %I', r.relname, r.relname || '_new'); END LOOP;
        END $$;
    "), @"opaque: Dynamic");
}
