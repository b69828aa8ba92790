use insta::assert_snapshot;

use super::lowered;

#[test]
fn an_index() {
    let sql = r#"
create unique index concurrently if not exists i on only s.t using btree (a, lower(b) collate "C" text_pattern_ops desc nulls last, (c + 1)) include (d, e) nulls not distinct with (fillfactor = 70) tablespace x where d is not null;
create index on t (a);
create index i on t using gin (a jsonb_path_ops, b collate "x");
create index i on t ((a));
"#;
    assert_snapshot!(lowered(sql), @r#"
    CreateIndex(CreateIndex { name: Some("i"), table: ObjectName { schema: Some("s"), name: "t" }, only: true, unique: true, concurrently: true, if_not_exists: true, method: "btree", elements: [IndexElement { expr: Expr { text: "a", value: Column("a"), columns: ["a"] } }, IndexElement { expr: Expr { text: "lower(b)", value: Computed, calls: [Call { name: { name: "lower" }, arguments: [Column("b")] }], columns: ["b"] }, special: true }, IndexElement { expr: Expr { text: "(c + 1)", value: Computed, columns: ["c"] } }], include: ["d", "e"], predicate: Some(Expr { text: "d is not null", value: Computed, columns: ["d"], not_null: ["d"] }) })
    CreateIndex(CreateIndex { table: { name: "t" }, method: "btree", elements: [IndexElement { expr: Expr { text: "a", value: Column("a"), columns: ["a"] } }] })
    CreateIndex(CreateIndex { name: Some("i"), table: { name: "t" }, method: "gin", elements: [IndexElement { expr: Expr { text: "a", value: Column("a"), columns: ["a"] }, special: true }, IndexElement { expr: Expr { text: "b", value: Column("b"), columns: ["b"] }, special: true }] })
    CreateIndex(CreateIndex { name: Some("i"), table: { name: "t" }, method: "btree", elements: [IndexElement { expr: Expr { text: "(a)", value: Column("a"), columns: ["a"] } }] })
    "#);
}

#[test]
fn built_again() {
    let sql = "
reindex index s.i;
reindex table concurrently t;
reindex (concurrently, verbose) schema s;
reindex (concurrently false) database d;
reindex system;
reindex database concurrently;
";
    assert_snapshot!(lowered(sql), @r#"
    Reindex(Reindex { kind: Index, name: Some(ObjectName { schema: Some("s"), name: "i" }) })
    Reindex(Reindex { kind: Table, name: Some({ name: "t" }), concurrently: true })
    Reindex(Reindex { kind: Schema, name: Some({ name: "s" }), concurrently: true })
    Reindex(Reindex { kind: Database, name: Some({ name: "d" }) })
    Reindex(Reindex { kind: System })
    Reindex(Reindex { kind: Database, concurrently: true })
    "#);
}

#[test]
fn statistics() {
    let sql = "
create statistics s.x (dependencies) on a, b from s.t;
create statistics on a, (b + 1) from t;
";
    assert_snapshot!(lowered(sql), @r#"
    CreateStatistics { name: Some(ObjectName { schema: Some("s"), name: "x" }), tables: [ObjectName { schema: Some("s"), name: "t" }] }
    CreateStatistics { tables: [{ name: "t" }] }
    "#);
}
