use insta::assert_snapshot;

use super::lowered;

#[test]
fn keys_that_span_time() {
    let sql = "
create table t (a int, b tstzrange, primary key (a, b without overlaps), foreign key (a, period b) references u (c, period d));
";
    assert_snapshot!(lowered(sql), @r#"CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" } }) }, Column { name: "b", ty: Some(Type { name: { name: "tstzrange" } }) }], constraints: [Constraint { kind: Primary { columns: ["a", "b"] } }, Constraint { kind: Foreign { columns: ["a", "b"], references: { name: "u" }, referenced: ["c", "d"], on_delete: NoAction, on_update: NoAction } }] })"#);
}

#[test]
fn what_happens_to_the_one_that_refers() {
    let sql = "
create table t (a int references u on delete no action on update cascade, b int references u on delete set default, foreign key (a, b) references u on delete set null (b) on update restrict);
";
    assert_snapshot!(lowered(sql), @r#"CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" } }), constraints: [Constraint { kind: Foreign { columns: ["a"], references: { name: "u" }, on_delete: NoAction, on_update: Cascade } }] }, Column { name: "b", ty: Some(Type { name: { name: "int4" } }), constraints: [Constraint { kind: Foreign { columns: ["b"], references: { name: "u" }, on_delete: SetDefault, on_update: NoAction } }] }], constraints: [Constraint { kind: Foreign { columns: ["a", "b"], references: { name: "u" }, on_delete: SetNull, on_update: Restrict } }] })"#);
}
