use std::fmt::Write;

use crate::ddl::{Call, Ddl, Expr, Read, RowLock, Value};
use crate::frontend::statements;

/// The expression of a `WHERE`.
fn filter(expr: &str) -> Expr {
    let sql = format!("SELECT 1 FROM t WHERE {expr}");
    match statements(&sql).remove(0) {
        statement @ crate::ddl::Statement { ddl: Ddl::Query(_), .. } => {
            let Ddl::Query(query) = statement.ddl else { unreachable!() };
            assert_eq!(statement.opaque, [], "{expr}");
            query.filter.expect("a filter")
        }
        other => panic!("{other:?}"),
    }
}

/// Each expression on a line, with all that is known of it.
fn all(exprs: &[&str]) -> String {
    let mut out = String::new();
    for expr in exprs {
        let _ = writeln!(out, "{expr}\n    {}", shown(&filter(expr)));
    }
    out
}

fn shown(expr: &Expr) -> String {
    let mut parts = vec![format!("{:?}", expr.value)];
    let mut part = |name: &str, list: Vec<String>| {
        if !list.is_empty() {
            parts.push(format!("{name}: {}", list.join(", ")));
        }
    };
    part("calls", expr.calls.iter().map(call).collect());
    part("columns", expr.columns.clone());
    part("reads", expr.reads.iter().map(read).collect());
    part("not null", expr.not_null.clone());
    part("cast", expr.cast.iter().map(ToString::to_string).collect());
    parts.join("; ")
}

fn call(call: &Call) -> String {
    let arguments: Vec<_> = call.arguments.iter().map(argument).collect();
    format!("{}({})", call.name, arguments.join(", "))
}

fn argument(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Constant(text) => format!("'{text}'"),
        Value::Column(name) => name.clone(),
        Value::Computed => "…".to_owned(),
    }
}

fn read(read: &Read) -> String {
    let lock = match read.lock {
        Some(RowLock::Update) => " for update",
        Some(RowLock::Share) => " for share",
        None => "",
    };
    format!("{}{}{lock}", if read.only { "only " } else { "" }, read.name)
}

#[test]
fn what_is_plain_is_known() {
    insta::assert_snapshot!(all(&[
        "NULL", "NULL::text", "(NULL)", "1", "-1", "- -1", "+1.5", "-(1)", "0x1F", "true", "FALSE", "'it''s'",
        "'a' 'b'", r"E'a\'b\n'", "$$a'b$$", "U&'d\\0061t'", "'x'::text", "CAST ('x' AS varchar(3))", "DATE '2020-01-01'",
        "interval '1 day'", "'x' COLLATE \"C\"", "a", "\"A\"", "t.a", "s.t.\"A\"", "(a)", "a::text", "(a).b", "t.*",
        "a + 1", "$1", "f()", "current_user", "ARRAY[1]", "'{}'::jsonb", "B'101'",
    ]), @r#"
    NULL
        Null
    NULL::text
        Null; cast: text
    (NULL)
        Null
    1
        Constant("1")
    -1
        Constant("-1")
    - -1
        Constant("1")
    +1.5
        Constant("1.5")
    -(1)
        Constant("-1")
    0x1F
        Constant("0x1F")
    true
        Constant("true")
    FALSE
        Constant("false")
    'it''s'
        Constant("it's")
    'a' 'b'
        Constant("ab")
    E'a\'b\n'
        Constant("a'b\n")
    $$a'b$$
        Constant("a'b")
    U&'d\0061t'
        Constant("dat")
    'x'::text
        Constant("x"); cast: text
    CAST ('x' AS varchar(3))
        Constant("x"); cast: varchar(3)
    DATE '2020-01-01'
        Constant("2020-01-01"); cast: date
    interval '1 day'
        Constant("1 day"); cast: interval
    'x' COLLATE "C"
        Constant("x")
    a
        Column("a"); columns: a
    "A"
        Column("A"); columns: A
    t.a
        Column("a"); columns: a
    s.t."A"
        Column("A"); columns: A
    (a)
        Column("a"); columns: a
    a::text
        Computed; columns: a; cast: text
    (a).b
        Computed; columns: a
    t.*
        Computed
    a + 1
        Computed; columns: a
    $1
        Computed
    f()
        Computed; calls: f()
    current_user
        Computed; calls: current_user()
    ARRAY[1]
        Computed
    '{}'::jsonb
        Constant("{}"); cast: jsonb
    B'101'
        Constant("101")
    "#);
}

#[test]
fn calls_are_in_order_with_their_arguments() {
    insta::assert_snapshot!(all(&[
        "nextval('s.x'::regclass)", "public.f(1, a, g(b), NULL)", "f(x => 1, y := 'a')", "f(VARIADIC ARRAY[1])",
        "CURRENT_TIMESTAMP", "current_timestamp(3)", "CURRENT_DATE", "LOCALTIME", "LOCALTIMESTAMP", "USER",
        "SESSION_USER", "CURRENT_SCHEMA", "current_schema()", "CURRENT_CATALOG", "now() AT TIME ZONE 'utc'",
        "coalesce(f(a), greatest(1, g(2)), nullif(a, b))", "extract(year FROM a)", "substring(a FROM 2 FOR 3)",
        "trim(both 'x' FROM a)", "position('a' IN b)", "overlay(a PLACING b FROM 2)", "count(*) FILTER (WHERE f(a))",
        "sum(a) OVER (PARTITION BY f(b) ORDER BY g(c))", "percentile_cont(0.5) WITHIN GROUP (ORDER BY f(a))",
        "\"F\"(1)", "ROW(f(1), 2)", "a = ANY (f(b))", "xmlelement(name foo, f(a))", "json_value(f(a), '$.x')",
        "CASE f(a) WHEN g(1) THEN h(2) ELSE i(3) END", "a[f(1)]", "a BETWEEN f(1) AND g(2)", "f(1)::text LIKE g(2)",
    ]), @r#"
    nextval('s.x'::regclass)
        Computed; calls: nextval('s.x')
    public.f(1, a, g(b), NULL)
        Computed; calls: public.f('1', a, …, NULL), g(b); columns: a, b
    f(x => 1, y := 'a')
        Computed; calls: f('1', 'a')
    f(VARIADIC ARRAY[1])
        Computed; calls: f(…)
    CURRENT_TIMESTAMP
        Computed; calls: now()
    current_timestamp(3)
        Computed; calls: now('3')
    CURRENT_DATE
        Computed; calls: current_date()
    LOCALTIME
        Computed; calls: localtime()
    LOCALTIMESTAMP
        Computed; calls: localtimestamp()
    USER
        Computed; calls: current_user()
    SESSION_USER
        Computed; calls: session_user()
    CURRENT_SCHEMA
        Computed; calls: current_schema()
    current_schema()
        Computed; calls: current_schema()
    CURRENT_CATALOG
        Computed; calls: current_database()
    now() AT TIME ZONE 'utc'
        Computed; calls: now()
    coalesce(f(a), greatest(1, g(2)), nullif(a, b))
        Computed; calls: f(a), g('2'); columns: a, b
    extract(year FROM a)
        Computed; calls: extract(); columns: a
    substring(a FROM 2 FOR 3)
        Computed; calls: substring(); columns: a
    trim(both 'x' FROM a)
        Computed; calls: btrim(); columns: a
    position('a' IN b)
        Computed; calls: position(); columns: b
    overlay(a PLACING b FROM 2)
        Computed; calls: overlay(); columns: a, b
    count(*) FILTER (WHERE f(a))
        Computed; calls: count(), f(a); columns: a
    sum(a) OVER (PARTITION BY f(b) ORDER BY g(c))
        Computed; calls: sum(a), f(b), g(c); columns: a, b, c
    percentile_cont(0.5) WITHIN GROUP (ORDER BY f(a))
        Computed; calls: percentile_cont('0.5'), f(a); columns: a
    "F"(1)
        Computed; calls: F('1')
    ROW(f(1), 2)
        Computed; calls: f('1')
    a = ANY (f(b))
        Computed; calls: f(b); columns: a, b
    xmlelement(name foo, f(a))
        Computed; calls: f(a); columns: a
    json_value(f(a), '$.x')
        Computed; calls: f(a); columns: a
    CASE f(a) WHEN g(1) THEN h(2) ELSE i(3) END
        Computed; calls: f(a), g('1'), h('2'), i('3'); columns: a
    a[f(1)]
        Computed; calls: f('1'); columns: a
    a BETWEEN f(1) AND g(2)
        Computed; calls: f('1'), g('2'); columns: a
    f(1)::text LIKE g(2)
        Computed; calls: f('1'), g('2')
    "#);
}

#[test]
fn columns_are_known_by_their_last_part() {
    insta::assert_snapshot!(all(&[
        "a + t.b > s.t.c AND a < 1", "f(a, b)", "(a).x = 1", "a IS NOT DISTINCT FROM b", "a->>'x' = b", "(t).*",
        "a IN (b, 1)", "ROW(a, b) OVERLAPS (c, d)", "EXISTS (SELECT x FROM u WHERE u.y = t.z)",
    ]), @"
    a + t.b > s.t.c AND a < 1
        Computed; columns: a, b, c
    f(a, b)
        Computed; calls: f(a, b); columns: a, b
    (a).x = 1
        Computed; columns: a
    a IS NOT DISTINCT FROM b
        Computed; columns: a, b
    a->>'x' = b
        Computed; columns: a, b
    (t).*
        Computed; columns: t
    a IN (b, 1)
        Computed; columns: a, b
    ROW(a, b) OVERLAPS (c, d)
        Computed; columns: a, b, c, d
    EXISTS (SELECT x FROM u WHERE u.y = t.z)
        Computed; columns: x, y, z; reads: u
    ");
}

#[test]
fn subqueries_say_what_they_read() {
    insta::assert_snapshot!(all(&[
        "EXISTS (SELECT 1 FROM a)", "x IN (SELECT y FROM s.b)", "x = ANY (SELECT y FROM c)", "ARRAY(SELECT 1 FROM d) = y",
        "(SELECT 1 FROM ONLY e) = 1", "NOT EXISTS (TABLE g)", "x = (WITH k AS (SELECT 1 FROM h) SELECT * FROM k)",
        "x IN (VALUES (1), (2))", "x IN (SELECT 1 UNION SELECT 2 FROM i)",
    ]), @"
    EXISTS (SELECT 1 FROM a)
        Computed; reads: a
    x IN (SELECT y FROM s.b)
        Computed; columns: x, y; reads: s.b
    x = ANY (SELECT y FROM c)
        Computed; columns: x, y; reads: c
    ARRAY(SELECT 1 FROM d) = y
        Computed; columns: y; reads: d
    (SELECT 1 FROM ONLY e) = 1
        Computed; reads: only e
    NOT EXISTS (TABLE g)
        Computed; reads: g
    x = (WITH k AS (SELECT 1 FROM h) SELECT * FROM k)
        Computed; columns: x; reads: h
    x IN (VALUES (1), (2))
        Computed; columns: x
    x IN (SELECT 1 UNION SELECT 2 FROM i)
        Computed; columns: x; reads: i
    ");
}

#[test]
fn only_what_is_proven_is_not_null() {
    insta::assert_snapshot!(all(&[
        "a IS NOT NULL", "a NOTNULL", "(a) IS NOT NULL AND (b IS NOT NULL)", "NOT (a IS NULL)", "NOT a ISNULL",
        "NOT (a IS NULL OR b IS NULL)", "NOT (a IS NULL AND b IS NULL)", "NOT NOT (a IS NOT NULL)",
        "a IS NOT NULL OR b IS NOT NULL", "a IS NOT NULL AND c > 1 OR (b > 1 AND a IS NOT NULL)", "a IS NULL",
        "a IS NOT TRUE", "f(a) IS NOT NULL", "a > 1", "t.a IS NOT NULL AND t.a IS NOT NULL", "a::text IS NOT NULL",
    ]), @"
    a IS NOT NULL
        Computed; columns: a; not null: a
    a NOTNULL
        Computed; columns: a; not null: a
    (a) IS NOT NULL AND (b IS NOT NULL)
        Computed; columns: a, b; not null: a, b
    NOT (a IS NULL)
        Computed; columns: a; not null: a
    NOT a ISNULL
        Computed; columns: a; not null: a
    NOT (a IS NULL OR b IS NULL)
        Computed; columns: a, b; not null: a, b
    NOT (a IS NULL AND b IS NULL)
        Computed; columns: a, b
    NOT NOT (a IS NOT NULL)
        Computed; columns: a; not null: a
    a IS NOT NULL OR b IS NOT NULL
        Computed; columns: a, b
    a IS NOT NULL AND c > 1 OR (b > 1 AND a IS NOT NULL)
        Computed; columns: a, c, b; not null: a
    a IS NULL
        Computed; columns: a
    a IS NOT TRUE
        Computed; columns: a
    f(a) IS NOT NULL
        Computed; calls: f(a); columns: a
    a > 1
        Computed; columns: a
    t.a IS NOT NULL AND t.a IS NOT NULL
        Computed; columns: a; not null: a
    a::text IS NOT NULL
        Computed; columns: a
    ");
}

#[test]
fn text_is_folded_and_the_span_is_that_of_the_text() {
    let sql = "SELECT 1 FROM t WHERE  a  -- why\n = /* x */ 'b  c' ;";
    let Ddl::Query(query) = statements(sql).remove(0).ddl else { panic!("a query") };
    let filter = query.filter.expect("a filter");
    assert_eq!(filter.text, "a = 'b  c'");
    assert_eq!(&sql[filter.span.start..filter.span.end], "a  -- why\n = /* x */ 'b  c'");
}
