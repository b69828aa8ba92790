use std::fmt::Write;

use crate::ddl::{Ddl, Query, Read, RowLock};
use crate::frontend::statements;

/// Each statement with all that is known of it.
fn all(statements: &[&str]) -> String {
    let mut out = String::new();
    for sql in statements {
        let _ = writeln!(out, "{sql}");
        for statement in crate::frontend::statements(sql) {
            match &statement.ddl {
                Ddl::Query(query) => show(query, 1, &mut out),
                Ddl::Call(query) => {
                    out.push_str("    CALL\n");
                    show(query, 1, &mut out);
                }
                other => {
                    let _ = writeln!(out, "    {other:?}");
                }
            }
            for opaque in &statement.opaque {
                let _ = writeln!(out, "    opaque {:?}", opaque.reason);
            }
        }
    }
    out
}

fn show(query: &Query, depth: usize, out: &mut String) {
    let mut parts = vec![format!("{:?}", query.verb)];
    let mut part = |name: &str, list: Vec<String>| {
        if !list.is_empty() {
            parts.push(format!("{name}: {}", list.join(", ")));
        }
    };
    let only = if query.target_only { "only " } else { "" };
    part("target", query.target.iter().map(|name| format!("{only}{name}")).collect());
    part("reads", query.reads.iter().map(read).collect());
    part("calls", query.calls.iter().map(|call| call.name.to_string()).collect());
    part("columns", query.columns.clone());
    part("filter", query.filter.iter().map(|filter| filter.text.clone()).collect());
    part("only", query.only.iter().map(|only| only.text.clone()).collect());
    part("on conflict updates", query.on_conflict.iter().map(ToString::to_string).collect());
    if query.rows != crate::ddl::Rows::None {
        parts.push(format!("{:?}", query.rows));
    }
    parts.extend(query.limited.then(|| "limited".to_owned()));
    parts.extend(query.star.then(|| "star".to_owned()));
    let _ = writeln!(out, "{}{}", "    ".repeat(depth), parts.join("; "));
    for write in &query.with {
        show(write, depth + 1, out);
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
fn every_relation_that_is_read_is_known() {
    insta::assert_snapshot!(all(&[
        "SELECT * FROM a, s.b JOIN \"C\" x ON x.id IN (SELECT id FROM d) LEFT JOIN LATERAL (SELECT * FROM e) y ON true",
        "SELECT (SELECT 1 FROM a), f(ARRAY(SELECT 1 FROM b)) FROM ONLY c, ONLY (d) AS z, e * TABLESAMPLE system (f(1))",
        "SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b) GROUP BY (SELECT 1 FROM c) HAVING (SELECT true FROM d)
         ORDER BY (SELECT 1 FROM e) LIMIT (SELECT 1 FROM g) OFFSET (SELECT 1 FROM h)",
        "SELECT a FROM t UNION ALL (SELECT b FROM u LIMIT 1) EXCEPT VALUES (1) INTERSECT TABLE v",
        "TABLE s.t", "VALUES (1), ((SELECT 1 FROM t))", "SELECT FROM (a CROSS JOIN b) NATURAL JOIN (c JOIN d USING (x)) q",
        "SELECT 1 FROM a.b.c",
    ]), @r#"
    SELECT * FROM a, s.b JOIN "C" x ON x.id IN (SELECT id FROM d) LEFT JOIN LATERAL (SELECT * FROM e) y ON true
        Select; reads: a, s.b, C, d, e; star
    SELECT (SELECT 1 FROM a), f(ARRAY(SELECT 1 FROM b)) FROM ONLY c, ONLY (d) AS z, e * TABLESAMPLE system (f(1))
        Select; reads: a, b, only c, only d, e; calls: f, f
    SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b) GROUP BY (SELECT 1 FROM c) HAVING (SELECT true FROM d)
             ORDER BY (SELECT 1 FROM e) LIMIT (SELECT 1 FROM g) OFFSET (SELECT 1 FROM h)
        Select; reads: a, b, c, d, e, g, h; filter: EXISTS (SELECT 1 FROM b); limited
    SELECT a FROM t UNION ALL (SELECT b FROM u LIMIT 1) EXCEPT VALUES (1) INTERSECT TABLE v
        Select; reads: t, u, v; star
    TABLE s.t
        Select; reads: s.t; star
    VALUES (1), ((SELECT 1 FROM t))
        Select; reads: t
    SELECT FROM (a CROSS JOIN b) NATURAL JOIN (c JOIN d USING (x)) q
        Select; reads: a, b, c, d
    SELECT 1 FROM a.b.c
        Select; reads: b.c
    "#);
}

#[test]
fn names_of_a_with_are_no_tables_where_they_hold() {
    insta::assert_snapshot!(all(&[
        "WITH a AS (SELECT * FROM t) SELECT * FROM a JOIN s.a USING (id)",
        "WITH a AS (SELECT * FROM a) SELECT * FROM a",
        "WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM b",
        "WITH RECURSIVE a AS (SELECT * FROM b UNION ALL SELECT * FROM a), b AS (SELECT 1) SELECT * FROM b",
        "SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a",
        "WITH a AS (SELECT 1) SELECT * FROM a UNION SELECT * FROM a UNION (SELECT * FROM a) ORDER BY (SELECT 1 FROM a)",
        "(WITH a AS (SELECT 1) SELECT * FROM a) UNION SELECT * FROM a",
        "WITH \"A\" AS (SELECT 1) SELECT * FROM a, \"A\"",
        "WITH a AS (SELECT 1) INSERT INTO a SELECT * FROM a",
        "WITH a AS (SELECT 1) SELECT (WITH b AS (SELECT * FROM a) SELECT 1 FROM b) FROM b",
    ]), @r#"
    WITH a AS (SELECT * FROM t) SELECT * FROM a JOIN s.a USING (id)
        Select; reads: t, s.a; star
    WITH a AS (SELECT * FROM a) SELECT * FROM a
        Select; reads: a; star
    WITH a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM b
        Select; reads: b; star
    WITH RECURSIVE a AS (SELECT * FROM b UNION ALL SELECT * FROM a), b AS (SELECT 1) SELECT * FROM b
        Select; star
    SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x, a
        Select; reads: a; star
    WITH a AS (SELECT 1) SELECT * FROM a UNION SELECT * FROM a UNION (SELECT * FROM a) ORDER BY (SELECT 1 FROM a)
        Select; star
    (WITH a AS (SELECT 1) SELECT * FROM a) UNION SELECT * FROM a
        Select; reads: a; star
    WITH "A" AS (SELECT 1) SELECT * FROM a, "A"
        Select; reads: a; star
    WITH a AS (SELECT 1) INSERT INTO a SELECT * FROM a
        Insert; target: a; Query
    WITH a AS (SELECT 1) SELECT (WITH b AS (SELECT * FROM a) SELECT 1 FROM b) FROM b
        Select; reads: b
    "#);
}

#[test]
fn writes_in_a_with_are_queries_of_their_own() {
    insta::assert_snapshot!(all(&[
        "WITH gone AS (DELETE FROM a WHERE x = 1 RETURNING *), more AS (SELECT * FROM gone JOIN c ON true)
         INSERT INTO b SELECT * FROM more",
        "WITH a AS (SELECT 1), b AS (UPDATE t SET x = 1 FROM a WHERE t.id = a.id RETURNING t.id) SELECT * FROM b",
    ]), @"
    WITH gone AS (DELETE FROM a WHERE x = 1 RETURNING *), more AS (SELECT * FROM gone JOIN c ON true)
             INSERT INTO b SELECT * FROM more
        Insert; target: b; reads: c; Query
            Delete; target: a; filter: x = 1; star
    WITH a AS (SELECT 1), b AS (UPDATE t SET x = 1 FROM a WHERE t.id = a.id RETURNING t.id) SELECT * FROM b
        Select; star
            Update; target: t; columns: x; filter: t.id = a.id
    ");
}

#[test]
fn rows_that_are_locked_are_told() {
    insta::assert_snapshot!(all(&[
        "SELECT * FROM a, b FOR UPDATE", "SELECT * FROM a, b x FOR NO KEY UPDATE OF x SKIP LOCKED",
        "SELECT * FROM a, b FOR SHARE OF a FOR KEY SHARE OF b", "SELECT * FROM a FOR SHARE FOR UPDATE",
        "SELECT * FROM a JOIN b ON EXISTS (SELECT 1 FROM c) WHERE id IN (SELECT id FROM d) FOR UPDATE",
        "SELECT * FROM (SELECT * FROM a) x, (SELECT * FROM b) y FOR UPDATE OF x",
        "WITH w AS (SELECT * FROM a) SELECT * FROM w, b FOR UPDATE", "(SELECT * FROM a) FOR UPDATE",
        "UPDATE t SET x = 1 WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED)",
    ]), @"
    SELECT * FROM a, b FOR UPDATE
        Select; reads: a for update, b for update; star
    SELECT * FROM a, b x FOR NO KEY UPDATE OF x SKIP LOCKED
        Select; reads: a, b for update; star
    SELECT * FROM a, b FOR SHARE OF a FOR KEY SHARE OF b
        Select; reads: a for share, b for share; star
    SELECT * FROM a FOR SHARE FOR UPDATE
        Select; reads: a for update; star
    SELECT * FROM a JOIN b ON EXISTS (SELECT 1 FROM c) WHERE id IN (SELECT id FROM d) FOR UPDATE
        Select; reads: a for update, b for update, c, d; filter: id IN (SELECT id FROM d); star
    SELECT * FROM (SELECT * FROM a) x, (SELECT * FROM b) y FOR UPDATE OF x
        Select; reads: a for update, b; star
    WITH w AS (SELECT * FROM a) SELECT * FROM w, b FOR UPDATE
        Select; reads: a, b for update; star
    (SELECT * FROM a) FOR UPDATE
        Select; reads: a for update; star
    UPDATE t SET x = 1 WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED)
        Update; target: t; reads: t for update; columns: x; filter: id IN (SELECT id FROM t ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED); limited
    ");
}

#[test]
fn inserts() {
    insta::assert_snapshot!(all(&[
        "INSERT INTO t VALUES (1), (2)", "INSERT INTO s.t AS x (a, \"B\", c.d) VALUES (f(1), DEFAULT, (SELECT 1 FROM u))",
        "INSERT INTO t DEFAULT VALUES", "INSERT INTO t SELECT * FROM t WHERE a = 1 LIMIT 5", "INSERT INTO t (SELECT 1)",
        "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) WHERE b > 1 DO UPDATE SET c = excluded.c, d = (SELECT 1 FROM u)
         WHERE t.e = f(1) RETURNING *, (SELECT 1 FROM v)",
        "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING RETURNING id",
    ]), @r#"
    INSERT INTO t VALUES (1), (2)
        Insert; target: t; Values(2)
    INSERT INTO s.t AS x (a, "B", c.d) VALUES (f(1), DEFAULT, (SELECT 1 FROM u))
        Insert; target: s.t; reads: u; calls: f; columns: a, B, c; Values(1)
    INSERT INTO t DEFAULT VALUES
        Insert; target: t; Values(1)
    INSERT INTO t SELECT * FROM t WHERE a = 1 LIMIT 5
        Insert; target: t; reads: t; Query; limited
    INSERT INTO t (SELECT 1)
        Insert; target: t; Query
    INSERT INTO t (a) VALUES (1) ON CONFLICT (a) WHERE b > 1 DO UPDATE SET c = excluded.c, d = (SELECT 1 FROM u)
             WHERE t.e = f(1) RETURNING *, (SELECT 1 FROM v)
        Insert; target: t; reads: u, v; calls: f; columns: a; on conflict updates: true; Values(1); star
    INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING RETURNING id
        Insert; target: t; on conflict updates: false; Values(1)
    "#);
}

#[test]
fn updates_deletes_and_merges() {
    insta::assert_snapshot!(all(&[
        "UPDATE t SET a = 1", "UPDATE ONLY s.t x SET a = f(b), (c, d) = (SELECT 1, 2 FROM u), e = DEFAULT WHERE id = 1",
        "UPDATE t SET a = x.b FROM t x, v WHERE t.id = x.id RETURNING t.*", "UPDATE t SET a = 1 WHERE CURRENT OF c",
        "DELETE FROM t", "DELETE FROM ONLY t USING u x WHERE t.id = x.id AND EXISTS (SELECT 1 FROM v)",
        "DELETE FROM t WHERE ctid IN (SELECT ctid FROM t LIMIT 100)",
        "MERGE INTO t x USING (SELECT * FROM s) y ON x.id = y.id WHEN MATCHED AND f(y.a) THEN UPDATE SET a = y.a
         WHEN NOT MATCHED THEN INSERT (id, a) VALUES (y.id, (SELECT 1 FROM v)) WHEN MATCHED THEN DELETE",
        "MERGE INTO ONLY t USING s ON true WHEN MATCHED THEN DO NOTHING",
    ]), @"
    UPDATE t SET a = 1
        Update; target: t; columns: a
    UPDATE ONLY s.t x SET a = f(b), (c, d) = (SELECT 1, 2 FROM u), e = DEFAULT WHERE id = 1
        Update; target: only s.t; reads: u; calls: f; columns: a, c, d, e; filter: id = 1
    UPDATE t SET a = x.b FROM t x, v WHERE t.id = x.id RETURNING t.*
        Update; target: t; reads: t, v; columns: a; filter: t.id = x.id; star
    UPDATE t SET a = 1 WHERE CURRENT OF c
        Update; target: t; columns: a
    DELETE FROM t
        Delete; target: t
    DELETE FROM ONLY t USING u x WHERE t.id = x.id AND EXISTS (SELECT 1 FROM v)
        Delete; target: only t; reads: u, v; filter: t.id = x.id AND EXISTS (SELECT 1 FROM v)
    DELETE FROM t WHERE ctid IN (SELECT ctid FROM t LIMIT 100)
        Delete; target: t; reads: t; filter: ctid IN (SELECT ctid FROM t LIMIT 100); limited
    MERGE INTO t x USING (SELECT * FROM s) y ON x.id = y.id WHEN MATCHED AND f(y.a) THEN UPDATE SET a = y.a
             WHEN NOT MATCHED THEN INSERT (id, a) VALUES (y.id, (SELECT 1 FROM v)) WHEN MATCHED THEN DELETE
        Merge; target: t; reads: s, v; calls: f; columns: a, id
    MERGE INTO ONLY t USING s ON true WHEN MATCHED THEN DO NOTHING
        Merge; target: only t; reads: s
    ");
}

#[test]
fn copies() {
    insta::assert_snapshot!(all(&[
        "COPY t (a, b) FROM stdin", "COPY s.t TO '/tmp/x' WITH (FORMAT csv)", "COPY (SELECT * FROM t JOIN u USING (id)) TO stdout",
        "COPY t FROM '/tmp/x' WHERE a > f(1)", "COPY (DELETE FROM t RETURNING *) TO stdout",
    ]), @"
    COPY t (a, b) FROM stdin
        CopyFrom; target: t; columns: a, b
    COPY s.t TO '/tmp/x' WITH (FORMAT csv)
        CopyTo; target: s.t
    COPY (SELECT * FROM t JOIN u USING (id)) TO stdout
        CopyTo; reads: t, u
    COPY t FROM '/tmp/x' WHERE a > f(1)
        CopyFrom; target: t; calls: f; filter: a > f(1)
    COPY (DELETE FROM t RETURNING *) TO stdout
        CopyTo
            Delete; target: t; star
    ");
}

#[test]
fn functions_in_from_are_calls() {
    insta::assert_snapshot!(all(&[
        "SELECT * FROM f(1) x, LATERAL g(x.a) WITH ORDINALITY AS y(b, c), ROWS FROM (h(1), unnest(ARRAY[1])) AS z",
        "SELECT * FROM json_to_recordset('[]') AS x(a int, b text), CAST(f(1) AS int) v",
        "SELECT * FROM current_date, pg_catalog.now()",
    ]), @"
    SELECT * FROM f(1) x, LATERAL g(x.a) WITH ORDINALITY AS y(b, c), ROWS FROM (h(1), unnest(ARRAY[1])) AS z
        Select; calls: f, g, h, unnest; star
    SELECT * FROM json_to_recordset('[]') AS x(a int, b text), CAST(f(1) AS int) v
        Select; calls: json_to_recordset, f; star
    SELECT * FROM current_date, pg_catalog.now()
        Select; calls: current_date, pg_catalog.now; star
    ");
}

#[test]
fn what_is_selected_alone_is_told_apart() {
    insta::assert_snapshot!(all(&[
        "SELECT f(1)", "SELECT f(1) AS x LIMIT 1", "SELECT f(1), 2", "SELECT f(1) FROM t", "(SELECT f(1))",
        "SELECT (SELECT 1 FROM t)", "SELECT setval('s', (SELECT max(id) FROM t))",
        "SELECT set_config('search_path', '', false)", "SELECT pg_catalog.set_config('Lock_Timeout', '1s', true);",
        "SELECT set_config('a.b', f(1), true)", "SELECT set_config('a.b', 'x', false) || 'y'",
    ]), @r#"
    SELECT f(1)
        Select; calls: f; only: f(1)
    SELECT f(1) AS x LIMIT 1
        Select; calls: f; only: f(1); limited
    SELECT f(1), 2
        Select; calls: f
    SELECT f(1) FROM t
        Select; reads: t; calls: f
    (SELECT f(1))
        Select; calls: f; only: f(1)
    SELECT (SELECT 1 FROM t)
        Select; reads: t
    SELECT setval('s', (SELECT max(id) FROM t))
        Select; reads: t; calls: setval, max
    SELECT set_config('search_path', '', false)
        Set(Setting { local: false, name: "search_path", value: Some("") })
    SELECT pg_catalog.set_config('Lock_Timeout', '1s', true);
        Set(Setting { local: true, name: "lock_timeout", value: Some("1s") })
    SELECT set_config('a.b', f(1), true)
        Select; calls: set_config, f; only: set_config('a.b', f(1), true)
    SELECT set_config('a.b', 'x', false) || 'y'
        Select; calls: set_config; only: set_config('a.b', 'x', false) || 'y'
    "#);
}

#[test]
fn limits_and_stars() {
    insta::assert_snapshot!(all(&[
        "SELECT a FROM t LIMIT 1", "SELECT a FROM t LIMIT ALL", "SELECT a FROM t FETCH FIRST 1 ROW ONLY",
        "SELECT x.* FROM t x", "SELECT count(*) FROM t", "SELECT a FROM t UNION SELECT * FROM u", "(SELECT a FROM t) LIMIT 1",
        "SELECT a FROM (SELECT * FROM t LIMIT 1) x",
    ]), @"
    SELECT a FROM t LIMIT 1
        Select; reads: t; limited
    SELECT a FROM t LIMIT ALL
        Select; reads: t
    SELECT a FROM t FETCH FIRST 1 ROW ONLY
        Select; reads: t; limited
    SELECT x.* FROM t x
        Select; reads: t; star
    SELECT count(*) FROM t
        Select; reads: t; calls: count
    SELECT a FROM t UNION SELECT * FROM u
        Select; reads: t, u; star
    (SELECT a FROM t) LIMIT 1
        Select; reads: t; limited
    SELECT a FROM (SELECT * FROM t LIMIT 1) x
        Select; reads: t
    ");
}

#[test]
fn explain_reads_and_explain_analyze_does() {
    insta::assert_snapshot!(all(&[
        "EXPLAIN UPDATE t SET a = 1 FROM u", "EXPLAIN ANALYZE UPDATE t SET a = 1", "EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t",
        "EXPLAIN (ANALYZE off) DELETE FROM t", "EXPLAIN (FORMAT json) SELECT * FROM t", "EXPLAIN EXECUTE p(1)",
        "EXPLAIN CREATE TABLE x AS SELECT * FROM t", "EXPLAIN WITH w AS (DELETE FROM a RETURNING *) SELECT * FROM w",
    ]), @r#"
    EXPLAIN UPDATE t SET a = 1 FROM u
        Select; reads: u, t
    EXPLAIN ANALYZE UPDATE t SET a = 1
        Update; target: t; columns: a
    EXPLAIN (ANALYZE, BUFFERS) DELETE FROM t
        Delete; target: t
    EXPLAIN (ANALYZE off) DELETE FROM t
        Select; reads: t
    EXPLAIN (FORMAT json) SELECT * FROM t
        Select; reads: t
    EXPLAIN EXECUTE p(1)
        Other("EXPLAIN")
    EXPLAIN CREATE TABLE x AS SELECT * FROM t
        Select; reads: t
    EXPLAIN WITH w AS (DELETE FROM a RETURNING *) SELECT * FROM w
        Select; reads: a
    "#);
}

#[test]
fn call_calls() {
    insta::assert_snapshot!(all(&["CALL s.p(1, f(2), (SELECT 1 FROM t))"]), @"
    CALL s.p(1, f(2), (SELECT 1 FROM t))
        CALL
        Select; reads: t; calls: s.p, f
    ");
}

#[test]
fn spans_are_those_of_the_names() {
    let sql = "SELECT 'é', f(1) FROM a AS x JOIN \"s\" . \"b\" ON true";
    let Ddl::Query(query) = statements(sql).remove(0).ddl else { panic!("a query") };
    let reads: Vec<_> = query.reads.iter().map(|read| &sql[read.span.start..read.span.end]).collect();
    assert_eq!(reads, ["a", "\"s\" . \"b\""]);
    assert_eq!(&sql[query.calls[0].span.start..query.calls[0].span.end], "f");
}

#[test]
fn writes_in_the_filters_of_writes_are_each_read_once() {
    let mut sql = "SELECT 1 FROM innermost".to_owned();
    for _ in 0..28 {
        sql =
            format!("WITH x AS (DELETE FROM t WHERE EXISTS ({sql})) SELECT 1 WHERE EXISTS (SELECT 1 FROM u)");
    }
    let Ddl::Query(query) = statements(&sql).remove(0).ddl else { panic!("a query") };
    assert_eq!(query.reads.iter().map(|read| read.name.name.as_str()).collect::<Vec<_>>(), ["u"]);
    assert_eq!(query.with.len(), 1);
}

#[test]
fn a_way_of_sampling_is_neither_called_nor_a_column() {
    let sql = "CREATE VIEW v AS SELECT a FROM t TABLESAMPLE system (f(b)) REPEATABLE (1)";
    let Ddl::CreateView(view) = statements(sql).remove(0).ddl else { panic!("a view") };
    let called: Vec<_> = view.query.calls.iter().map(|call| call.name.name.as_str()).collect();
    assert_eq!((called, view.columns.unwrap()), (vec!["f"], vec!["a".to_owned(), "b".to_owned()]));
}
