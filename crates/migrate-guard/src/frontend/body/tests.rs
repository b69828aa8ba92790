use std::fmt::Write;

use crate::ddl::{Block, Call, Condition, Ddl, Expr, Lookup, Read, Statement, Step, Value};
use crate::frontend::statements;

/// The steps of a `DO` block, what is not understood at the end.
fn steps(body: &str) -> String {
    all(&format!("DO $do$ {body} $do$"))
}

/// The steps of the bodies of all statements.
fn all(sql: &str) -> String {
    let mut out = Shown { sql, out: String::new() };
    for statement in statements(sql) {
        match &statement.ddl {
            Ddl::Do(block) => out.block(block, 0),
            Ddl::CreateFunction(function) => match &function.body {
                Some(body) => out.block(body.block(), 0),
                None => out.line(0, "no body"),
            },
            _ => out.statement(&statement, 0),
        }
        for opaque in &statement.opaque {
            let text = &sql[opaque.span.start..opaque.span.end];
            out.line(0, format!("opaque {:?}: {text}", opaque.reason));
        }
    }
    out.out
}

struct Shown<'t> {
    sql: &'t str,
    out: String,
}

impl Shown<'_> {
    fn line(&mut self, depth: usize, line: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}{}", "  ".repeat(depth), line.as_ref().trim_end());
    }

    fn block(&mut self, block: &Block, depth: usize) {
        for (name, value) in &block.variables {
            let value = value.as_ref().map_or("?".to_owned(), plain);
            self.line(depth, format!("var {name} = {value}"));
        }
        self.steps(&block.steps, depth);
    }

    fn steps(&mut self, steps: &[Step], depth: usize) {
        for step in steps {
            self.step(step, depth);
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        let text = &self.sql[statement.span.start..statement.span.end];
        let kind = format!("{:?}", statement.ddl);
        let kind: String = kind.chars().take_while(|c| c.is_alphanumeric()).collect();
        self.line(depth, format!("{kind}: {text}"));
    }

    fn step(&mut self, step: &Step, depth: usize) {
        match step {
            Step::Statement(statement) => self.statement(statement, depth),
            Step::Execute { span, expr, statements } => {
                self.line(depth, format!("execute {}", expression(expr)));
                for statement in statements {
                    assert_eq!(statement.span, *span);
                    let shown = format!("{:?}", statement.ddl);
                    self.line(depth + 1, shown.chars().take(120).collect::<String>());
                }
            }
            Step::Branch(arms) => {
                for (condition, steps) in arms {
                    self.line(depth, format!("when {}", asked(condition)));
                    self.steps(steps, depth + 1);
                }
            }
            Step::Loop { over, items, variable, body, .. } => {
                let items: Vec<_> = items.iter().map(plain).collect();
                let variable = variable.as_deref().unwrap_or("");
                self.line(depth, format!("loop {variable} over {} [{}]", expression(over), items.join(", ")));
                self.steps(body, depth + 1);
            }
            Step::Nested { body, handlers } => {
                self.line(depth, "block");
                self.block(body, depth + 1);
                for handler in handlers {
                    self.line(depth, format!("on {}", handler.conditions.join(" or ")));
                    self.steps(&handler.body, depth + 1);
                }
            }
            Step::Evaluate { into, expr } => {
                let into = into.as_ref().map(|into| format!("{into} := ")).unwrap_or_default();
                self.line(depth, format!("{into}{}", expression(expr)));
            }
            Step::Leave(leave) => self.line(depth, format!("{leave:?}")),
        }
    }
}

fn expression(expr: &Expr) -> String {
    let value = match &expr.value {
        Value::Computed => String::new(),
        known => format!(" = {}", plain(known)),
    };
    format!("({}){value}{}{}", expr.text, reads(&expr.reads), calls(&expr.calls))
}

fn reads(reads: &[Read]) -> String {
    let names: Vec<_> = reads.iter().map(|read| read.name.to_string()).collect();
    if names.is_empty() { String::new() } else { format!(" reads {}", names.join(", ")) }
}

fn calls(calls: &[Call]) -> String {
    let names: Vec<_> = calls.iter().map(|call| call.name.to_string()).collect();
    if names.is_empty() { String::new() } else { format!(" calls {}", names.join(", ")) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Constant(text) => format!("'{text}'"),
        Value::Column(name) => name.clone(),
        Value::Computed => "?".to_owned(),
    }
}

fn asked(condition: &Condition) -> String {
    match condition {
        Condition::Always => "always".to_owned(),
        Condition::Not(inner) => format!("not {}", asked(inner)),
        Condition::All(all) => format!("all({})", all.iter().map(asked).collect::<Vec<_>>().join(", ")),
        Condition::Any(any) => format!("any({})", any.iter().map(asked).collect::<Vec<_>>().join(", ")),
        Condition::Exists(lookup) => looked_up(lookup),
        Condition::Unknown { text, reads: read, calls: called } => {
            format!("({text}){}{}", reads(read), calls(called))
        }
    }
}

fn looked_up(lookup: &Lookup) -> String {
    let equals: Vec<_> = lookup.equals.iter().map(|(column, value)| format!("{column}='{value}'")).collect();
    let partial = if lookup.partial { " …" } else { "" };
    format!("{}[{}{partial}]", lookup.relations.join("+"), equals.join(" "))
}

#[test]
fn statements_in_a_do_block_are_statements() {
    insta::assert_snapshot!(steps(
        "DECLARE a text := 'x'; b int; c CONSTANT int := -1; d int := (SELECT max(id) FROM t); e text DEFAULT lower('X');
         BEGIN ALTER TABLE t ADD COLUMN a int; SET LOCAL lock_timeout = '1s'; UPDATE t SET a = b; COMMIT; CALL p(a);
         SELECT set_config('a.b', 'c', true); PERFORM set_config('d.e', 'f', false); DO 'BEGIN DROP TABLE z; END'; END"
    ), @"
    var a = 'x'
    var b = NULL
    var c = '-1'
    var d = ?
    var e = ?
    d := ((SELECT max(id) FROM t)) reads t calls max
    e := (lower('X')) calls lower
    AlterTable: ALTER TABLE t ADD COLUMN a int
    Set: SET LOCAL lock_timeout = '1s'
    Query: UPDATE t SET a = b
    Transaction: COMMIT
    Call: CALL p(a)
    Set: SELECT set_config('a.b', 'c', true)
    Set: set_config('d.e', 'f', false)
    Do: DO 'BEGIN DROP TABLE z; END'
    ");
}

#[test]
fn what_is_evaluated_is_a_step() {
    insta::assert_snapshot!(steps(
        "BEGIN a := b + f(1); r.x := (SELECT 1 FROM t); l[1] := 2; PERFORM g(1) FROM u WHERE x; PERFORM pg_advisory_lock(1);
         SELECT x, y INTO STRICT a, b FROM v; SELECT 'k' INTO a; INSERT INTO w VALUES (1) RETURNING id INTO a;
         PERFORM 1 FROM t FOR UPDATE; WITH d AS (DELETE FROM t RETURNING 1) SELECT count(*) INTO a FROM d;
         PERFORM x FROM (SELECT 1) y; GET DIAGNOSTICS a = ROW_COUNT; FETCH c INTO a, b;
         ASSERT EXISTS (SELECT 1 FROM t), 'no'; RAISE NOTICE '% %', a, (SELECT count(*) FROM t); a := count(*) FROM t WHERE q;
         EXECUTE 'SELECT 1' INTO a USING h(2), 3; END"
    ), @"
    a := (b + f(1)) calls f
    r.… := ((SELECT 1 FROM t)) reads t
    l.… := (2) = '2'
    (g(1) FROM u WHERE x) reads u calls g
    (pg_advisory_lock(1)) calls pg_advisory_lock
    a := (x, y FROM v) reads v
    b := ()
    a := ('k') = 'k'
    Query: INSERT INTO w VALUES (1) RETURNING id
    a := ()
    (1 FROM t FOR UPDATE) reads t
    Query: WITH d AS (DELETE FROM t RETURNING 1) SELECT count(*) INTO a FROM d
    a := ()
    (x FROM (SELECT 1) y)
    a := ()
    a := ()
    b := ()
    (EXISTS (SELECT 1 FROM t)) reads t
    ((SELECT count(*) FROM t)) reads t calls count
    a := (count(*) FROM t WHERE q) reads t calls count
    (h(2)) calls h
    execute ('SELECT 1') = 'SELECT 1'
      Query(Query { span: Span { start: 566, end: 605 }, verb: Select, target: None, target_only: false, reads: [], calls: [],
    a := ()
    ");
}

#[test]
fn what_leaves_says_where_to() {
    insta::assert_snapshot!(steps(
        "BEGIN LOOP EXIT WHEN a > 1; CONTINUE; EXIT; END LOOP; <<l>> LOOP EXIT l; CONTINUE l WHEN (SELECT true FROM t); END LOOP;
         IF a THEN RETURN; END IF; RAISE EXCEPTION 'x %', f(1); RAISE undefined_table; RAISE SQLSTATE '42P01';
         RAISE EXCEPTION 'x' USING ERRCODE = 'unique_violation'; RAISE WARNING 'x'; RETURN NEXT a; RETURN QUERY SELECT * FROM t;
         RETURN QUERY EXECUTE 'SELECT * FROM u'; RETURN (SELECT 1 FROM t); END"
    ), @r#"
    loop  over () []
      when (a > 1)
        Exit
      Continue
      Exit
    loop  over () []
      when ((SELECT true FROM t)) reads t
    when (a)
      Return
    (f(1)) calls f
    Raise("raise_exception")
    Raise("undefined_table")
    Raise("42p01")
    Raise("unique_violation")
    Query: SELECT * FROM t
    execute ('SELECT * FROM u') = 'SELECT * FROM u'
      Query(Query { span: Span { start: 378, end: 416 }, verb: Select, target: None, target_only: false, reads: [Read { name:
    ((SELECT 1 FROM t)) reads t
    Return
    "#);
}

#[test]
fn loops_are_over_what_they_read_or_over_constants() {
    insta::assert_snapshot!(steps(
        "DECLARE c CURSOR FOR SELECT * FROM k; names text[] := ARRAY['p', 'q']; n text;
         BEGIN
           LOOP NULL; END LOOP; WHILE EXISTS (SELECT 1 FROM t) LOOP NULL; END LOOP;
           FOR i IN 1..3 LOOP NULL; END LOOP; FOR i IN REVERSE 0..4 BY 2 LOOP NULL; END LOOP; FOR i IN 1..n LOOP NULL; END LOOP;
           FOR a, b IN SELECT x, y FROM t JOIN u USING (z) LOOP NULL; END LOOP;
           FOR a IN UPDATE t SET x = 1 RETURNING id LOOP NULL; END LOOP;
           FOR a IN c LOOP NULL; END LOOP; FOR a IN d(1) LOOP NULL; END LOOP; OPEN c;
           FOR a IN EXECUTE 'SELECT * FROM w' USING f(1) LOOP NULL; END LOOP;
           FOREACH n IN ARRAY ARRAY['a', 'b'] LOOP NULL; END LOOP; FOREACH n IN ARRAY '{c, d}'::text[] LOOP NULL; END LOOP;
           FOREACH n IN ARRAY names LOOP NULL; END LOOP; FOREACH n IN ARRAY f(names) LOOP NULL; END LOOP;
           FOR n IN SELECT unnest(ARRAY['a', 'b']) LOOP NULL; END LOOP; FOR n IN SELECT x FROM unnest(names) x LOOP NULL; END LOOP;
           FOR n IN VALUES ('a'), ('b') LOOP NULL; END LOOP; FOR n IN SELECT * FROM (VALUES ('a')) AS v(x) LOOP NULL; END LOOP;
           FOR n IN SELECT x FROM unnest(names) x WHERE y LOOP NULL; END LOOP; FOR i IN 1..100000 LOOP NULL; END LOOP;
         END"
    ), @"
    var c = ?
    var names = ?
    var n = NULL
    names := (ARRAY['p', 'q'])
    loop  over () []
    loop  over (EXISTS (SELECT 1 FROM t)) reads t []
    loop i over (1 .. 3) ['1', '2', '3']
    loop i over (0 .. 4 .. 2) ['0', '2', '4']
    loop i over (1 .. n) []
    loop a over (x, y FROM t JOIN u USING (z)) reads t, u []
      b := ()
    Query: UPDATE t SET x = 1 RETURNING id
    loop a over (UPDATE t SET x = 1 RETURNING id) []
    loop a over (* FROM k) reads k []
    loop a over (d(1)) []
    Query: SELECT * FROM k
    (f(1)) calls f
    execute ('SELECT * FROM w') = 'SELECT * FROM w'
      Query(Query { span: Span { start: 582, end: 599 }, verb: Select, target: None, target_only: false, reads: [Read { name:
    loop a over ('SELECT * FROM w') []
    loop n over (ARRAY['a', 'b']) ['a', 'b']
    loop n over ('{c, d}'::text[]) = '{c, d}' ['c', 'd']
    loop n over (names) = names ['p', 'q']
    loop n over (f(names)) calls f []
    loop n over (unnest(ARRAY['a', 'b'])) calls unnest ['a', 'b']
    loop n over (x FROM unnest(names) x) calls unnest ['p', 'q']
    loop n over (VALUES ('a'), ('b')) ['a', 'b']
    loop n over (* FROM (VALUES ('a')) AS v(x)) ['a']
    loop n over (x FROM unnest(names) x WHERE y) calls unnest []
    loop i over (1 .. 100000) []
    ");
}

#[test]
fn execute_of_what_is_known_has_its_statements() {
    insta::assert_snapshot!(steps(
        "DECLARE t text := 'users'; s CONSTANT text := 'auth'; u text; v text := 'a'; w text;
         BEGIN
           u := 'u_' || t; v := 'b';
           EXECUTE 'DROP TABLE a; DROP TABLE b';
           EXECUTE format('DROP TABLE %I.%I', s, t); EXECUTE format('DROP TABLE %2$s%%%1$s', 'x', 'y'); EXECUTE format('DROP TABLE %I', u);
           EXECUTE 'DROP TABLE ' || quote_ident('Order') || E'\\n'; EXECUTE ('COMMENT ON TABLE a IS ' || quote_literal('it''s'));
           EXECUTE concat('DROP TABLE ', t, NULL); EXECUTE $q$ DROP TABLE z $q$; EXECUTE 'ALTER DATABASE ' || current_database() || ' SET a.b = 1';
           EXECUTE 'DROP TABLE ' || v; EXECUTE 'DROP TABLE ' || w; EXECUTE 'DROP TABLE ' || NULL; EXECUTE format('DROP TABLE %I', f(1));
           EXECUTE (SELECT string_agg(x, ';') FROM y); EXECUTE format('SELECT %s, %L', NULL, NULL); EXECUTE 'DROP TABEL x';
           EXECUTE format('DO $i$ BEGIN EXECUTE %L; END $i$', 'DROP TABLE deep');
         END"
    ), @r#"
    var t = 'users'
    var s = 'auth'
    var u = NULL
    var v = 'a'
    var w = NULL
    u := ('u_' || t)
    v := ('b') = 'b'
    execute ('DROP TABLE a; DROP TABLE b') = 'DROP TABLE a; DROP TABLE b'
      Drop(Drop { kind: Table, names: [(Span { start: 156, end: 192 }, ObjectName { schema: None, name: "a" })], on: None, if_
      Drop(Drop { kind: Table, names: [(Span { start: 156, end: 192 }, ObjectName { schema: None, name: "b" })], on: None, if_
    execute (format('DROP TABLE %I.%I', s, t)) calls format
      Drop(Drop { kind: Table, names: [(Span { start: 205, end: 245 }, ObjectName { schema: Some("auth"), name: "users" })], o
    execute (format('DROP TABLE %2$s%%%1$s', 'x', 'y')) calls format
      Opaque
    execute (format('DROP TABLE %I', u)) calls format
      Drop(Drop { kind: Table, names: [(Span { start: 298, end: 332 }, ObjectName { schema: None, name: "u_users" })], on: Non
    execute ('DROP TABLE ' || quote_ident('Order') || E'\n') calls quote_ident
      Drop(Drop { kind: Table, names: [(Span { start: 345, end: 399 }, ObjectName { schema: None, name: "Order" })], on: None,
    execute (('COMMENT ON TABLE a IS ' || quote_literal('it''s'))) calls quote_literal
      Comment(Comment { kind: Table, name: ObjectName { schema: None, name: "a" } })
    execute (concat('DROP TABLE ', t, NULL)) calls concat
      Drop(Drop { kind: Table, names: [(Span { start: 474, end: 512 }, ObjectName { schema: None, name: "users" })], on: None,
    execute ($q$ DROP TABLE z $q$) = ' DROP TABLE z '
      Drop(Drop { kind: Table, names: [(Span { start: 514, end: 542 }, ObjectName { schema: None, name: "z" })], on: None, if_
    execute ('ALTER DATABASE ' || current_database() || ' SET a.b = 1') calls current_database
      Other("ALTER DATABASE")
    execute ('DROP TABLE ' || v)
    execute ('DROP TABLE ' || w)
    execute ('DROP TABLE ' || NULL)
    execute (format('DROP TABLE %I', f(1))) calls format, f
    execute ((SELECT string_agg(x, ';') FROM y)) reads y calls string_agg
    execute (format('SELECT %s, %L', NULL, NULL)) calls format
      Opaque
    execute ('DROP TABEL x') = 'DROP TABEL x'
      Opaque
    execute (format('DO $i$ BEGIN EXECUTE %L; END $i$', 'DROP TABLE deep')) calls format
      Do(Block { span: Span { start: 883, end: 952 }, steps: [Execute { span: Span { start: 883, end: 952 }, expr: Expr { span
    opaque Syntax("expected command, found %"): EXECUTE format('DROP TABLE %2$s%%%1$s', 'x', 'y')
    opaque Syntax("expected command, found a comma"): EXECUTE format('SELECT %s, %L', NULL, NULL)
    opaque Syntax("expected command, found DROP"): EXECUTE 'DROP TABEL x'
    "#);
}

#[test]
fn a_variable_of_two_values_is_not_known() {
    insta::assert_snapshot!(steps(
        "DECLARE a text := 'x'; b text := 'y'; BEGIN
           DECLARE b text := 'z'; BEGIN EXECUTE 'DROP TABLE ' || b; END;
           FOREACH a IN ARRAY ARRAY['p', 'q'] LOOP EXECUTE 'DROP TABLE ' || a; END LOOP;
         END"
    ), @"
    var a = 'x'
    var b = 'y'
    block
      var b = 'z'
      execute ('DROP TABLE ' || b)
    loop a over (ARRAY['p', 'q']) ['p', 'q']
      execute ('DROP TABLE ' || a)
    ");
}

#[test]
fn blocks_keep_their_handlers() {
    insta::assert_snapshot!(steps(
        "BEGIN
           BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END;
           DROP TABLE t;
         EXCEPTION WHEN undefined_table OR others THEN RAISE NOTICE 'x'; DROP VIEW v; END"
    ), @"
    block
      block
        CreateType: CREATE TYPE e AS ENUM ('a')
      on duplicate_object
      Drop: DROP TABLE t
    on undefined_table or others
      Drop: DROP VIEW v
    ");
}

#[test]
fn bodies_of_functions_stand_in_strings_of_all_kinds() {
    insta::assert_snapshot!(all(
        "CREATE FUNCTION a() RETURNS void LANGUAGE plpgsql AS 'BEGIN DROP TABLE \"it''s\"; PERFORM ''x''; END';
         CREATE FUNCTION b() RETURNS void AS E'BEGIN\\n  DROP TABLE \\'t\\u0061\\'; END' LANGUAGE 'plpgsql';
         CREATE FUNCTION c(int) RETURNS int AS $$ SELECT 1 FROM t; UPDATE u SET x = $1 $$ LANGUAGE sql;
         CREATE FUNCTION d() RETURNS int BEGIN ATOMIC INSERT INTO t VALUES (1); RETURN f(1); END;
         CREATE FUNCTION e() RETURNS int RETURN (SELECT max(id) FROM t);
         CREATE PROCEDURE g() LANGUAGE plpgsql AS $$ BEGIN COMMIT; ROLLBACK; END $$;
         CREATE FUNCTION h() RETURNS int LANGUAGE c AS 'lib', 'sym';
         DO LANGUAGE plpython3u $$ plpy.execute('x') $$;
         CREATE FUNCTION i() RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE ''DROP TABLE x''; END'"
    ), @r#"
    Drop: DROP TABLE "it''s"
    ('x') = 'x'
    Opaque: DROP TABLE \'t\u0061\'
    opaque Syntax("expected command, found a string"): \'t\u0061\'
    Query: SELECT 1 FROM t
    Query: UPDATE u SET x = $1
    Query: INSERT INTO t VALUES (1)
    (f(1)) calls f
    Return
    ((SELECT max(id) FROM t)) reads t calls max
    Return
    Transaction: COMMIT
    Transaction: ROLLBACK
    no body
    opaque Language("plpython3u"): $$ plpy.execute('x') $$
    execute ('DROP TABLE x') = 'DROP TABLE x'
      Drop(Drop { kind: Table, names: [(Span { start: 761, end: 785 }, ObjectName { schema: None, name: "x" })], on: None, if_
    "#);
}

#[test]
fn what_is_broken_is_said_and_hides_nothing_else() {
    insta::assert_snapshot!(all(
        "DO $$ BEGIN DROP TABEL x; DROP TABLE a; IF y THN DROP TABLE b; END IF; DROP TABLE c; z := ; PERFORM (1; DROP TABLE d; END $$;
         DO $$ DROP TABLE e; $$; DO $$ $$; DO $$ BEGIN DROP TABLE f; $$; DROP TABLE g"
    ), @r#"
    Opaque: DROP TABEL x
    Drop: DROP TABLE a
    when (y THN DROP TABLE b)
    Drop: DROP TABLE c
    z := (SELECT)
    ((1)
    Drop: DROP TABLE d
    opaque Syntax("then was expected in the body"): ;
    opaque Syntax("an expression was expected in the body"): ;
    opaque Syntax("expected command, found DROP"): DROP
    opaque Syntax("missing comma"): y THN DROP TABLE b
    opaque Syntax("expected a comma"): (1
    Drop: DROP TABLE e
    opaque Syntax("one block was expected in the body"): DROP TABLE e;
    opaque Syntax("one block was expected in the body"):
    Drop: DROP TABLE f
    opaque Syntax("end was expected in the body"):
    Drop: DROP TABLE g
    "#);
}

#[test]
fn conditions_ask_the_catalogs() {
    insta::assert_snapshot!(steps(
        "DECLARE there boolean; n int; o oid; late boolean;
         BEGIN
           SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') INTO there;
           SELECT count(*) INTO n FROM information_schema.columns WHERE table_name = 't' AND column_name = 'c';
           SELECT oid INTO o FROM pg_class WHERE relname = 'x';
           late := EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'late');
           IF NOT there THEN CREATE TYPE mood AS ENUM ('a'); END IF;
           IF n = 0 THEN NULL; END IF; IF o IS NULL THEN NULL; END IF;
           PERFORM 1 FROM pg_constraint WHERE conname = 'k'; IF NOT FOUND THEN NULL; END IF; IF FOUND THEN NULL; END IF;
           DROP TABLE late; IF late THEN NULL; END IF;
         END"
    ), @"
    var there = NULL
    var n = NULL
    var o = NULL
    var late = NULL
    there := (EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')) reads pg_type
    n := (count(*) FROM information_schema.columns WHERE table_name = 't' AND column_name = 'c') reads information_schema.columns calls count
    o := (oid FROM pg_class WHERE relname = 'x') reads pg_class
    late := (EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'late')) reads pg_tables
    when not pg_type[typname='mood']
      CreateType: CREATE TYPE mood AS ENUM ('a')
    when (n = 0)
    when (o IS NULL)
    (1 FROM pg_constraint WHERE conname = 'k') reads pg_constraint
    when not pg_constraint[conname='k']
    when (FOUND)
    Drop: DROP TABLE late
    when (late)
    ");
}

#[test]
fn case_is_a_branch() {
    insta::assert_snapshot!(steps(
        "BEGIN CASE f(x) WHEN 1, 2 THEN DROP TABLE a; ELSE DROP TABLE b; END CASE;
         CASE WHEN to_regclass('t') IS NULL THEN DROP TABLE c; END CASE; END"
    ), @"
    (f(x)) calls f
    when (f(x) = 1, 2)
      Drop: DROP TABLE a
    when always
      Drop: DROP TABLE b
    when not pg_class[oid='t']
      Drop: DROP TABLE c
    ");
}

#[test]
fn statements_in_strings_with_escapes_have_the_bytes_of_the_text() {
    let sql = "SELECT 'é'; DO E'BEGIN\\n DROP TABLE \"\\u00e9t\\'\\'\"; ALTER TABLE \\'x\\' ADD b int; END'";
    let Ddl::Do(block) = statements(sql).remove(1).ddl else { panic!("a block") };
    let found = block.steps.iter().map(|step| match step {
        Step::Statement(statement) => &sql[statement.span.start..statement.span.end],
        other => panic!("{other:?}"),
    });
    insta::assert_debug_snapshot!(found.collect::<Vec<_>>(), @r#"
    [
        "DROP TABLE \"\\u00e9t\\'\\'\"",
        "ALTER TABLE \\'x\\' ADD b int",
    ]
    "#);
}

/// How many statements `EXECUTE` runs in a body.
fn executed(body: &str) -> usize {
    let Ddl::Do(block) = statements(&format!("DO $do$ {body} $do$")).remove(0).ddl else { panic!("a block") };
    let run = block.steps.iter().map(|step| match step {
        Step::Execute { statements, .. } => statements.len(),
        _ => 0,
    });
    run.sum()
}

#[test]
fn what_execute_runs_again_and_again_has_an_end() {
    let body = |times: usize| {
        let long = "x".repeat(10_000);
        format!("DECLARE a text := 'DROP TABLE {long}'; BEGIN {} END", "EXECUTE a; ".repeat(times))
    };
    assert_eq!(executed(&body(5)), 5);
    assert!(executed(&body(1_000)) < 100);
}

#[test]
fn a_text_that_doubles_is_not_made_too_long() {
    let double = "replace(replace(a, 'x', a), 'x', a)";
    let body =
        format!("DECLARE a text := '{}'; BEGIN EXECUTE {double}; EXECUTE a || a; END", "x".repeat(2_000));
    assert_eq!(executed(&body), 1);
}
