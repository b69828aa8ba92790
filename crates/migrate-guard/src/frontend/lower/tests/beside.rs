use insta::assert_snapshot;

use super::lowered;

#[test]
fn views() {
    let sql = "
create or replace temp view s.v (a) with (security_barrier) as select 1 from t with check option;
create recursive view v (n) as values (1) union all select n + 1 from v;
create materialized view if not exists v using heap as select 1 from t with no data;
refresh materialized view concurrently s.v;
refresh materialized view v with no data;
";
    assert_snapshot!(lowered(sql), @r#"
    CreateView(CreateView { name: ObjectName { schema: Some("s"), name: "v" }, or_replace: true, persistence: Temporary, query: Query { verb: Select, reads: [Read { name: { name: "t" } }] }, columns: Some([]) })
    CreateView(CreateView { name: { name: "v" }, query: Query { verb: Select, reads: [Read { name: { name: "v" } }] } })
    CreateView(CreateView { name: { name: "v" }, if_not_exists: true, materialized: true, with_data: false, query: Query { verb: Select, reads: [Read { name: { name: "t" } }] }, columns: Some([]) })
    RefreshView { name: ObjectName { schema: Some("s"), name: "v" }, concurrently: true }
    RefreshView { name: { name: "v" }, with_data: false }
    "#);
}

#[test]
fn functions() {
    let sql = "
create or replace function s.f(a int, out b text, inout c bigint, variadic d int[] default '{}', integer) returns setof text language sql stable set search_path = a, b as 'select 1';
create function f() returns trigger language plpgsql as $$ begin return new; end $$;
create function f(out a int) language c immutable as 'lib', 'sym';
create function f() returns table (a int) begin atomic select 1; select 2; end;
create function f() returns int return 1;
create procedure p(a t.c%type) language plperl as 'x';
";
    assert_snapshot!(lowered(sql), @r#"
    CreateFunction(CreateFunction { name: ObjectName { schema: Some("s"), name: "f" }, arguments: [Type { name: { name: "int4" } }, Type { name: { name: "int8" } }, Type { name: { name: "int4" }, dimensions: 1 }, Type { name: { name: "int4" } }], argument_names: ["a", "c", "d", ""], returns: Some(Type { name: { name: "text" } }), or_replace: true, volatility: Stable, language: Sql, search_path: Some("a, b"), body: Some(Block { steps: [Statement(Statement { ddl: Query(Query { verb: Select, only: Some(Expr { text: "1", value: Constant("1") }) }) })] }) })
    CreateFunction(CreateFunction { name: { name: "f" }, returns: Some(Type { name: { name: "trigger" } }), volatility: Volatile, language: Plpgsql, body: Some(Block { steps: [Leave(Return)] }) })
    CreateFunction(CreateFunction { name: { name: "f" }, returns: Some(Type { name: { name: "int4" } }), volatility: Immutable, language: Other("c") })
    CreateFunction(CreateFunction { name: { name: "f" }, volatility: Volatile, language: Sql, body: Some(Block { steps: [Statement(Statement { ddl: Query(Query { verb: Select, only: Some(Expr { text: "1", value: Constant("1") }) }) }), Statement(Statement { ddl: Query(Query { verb: Select, only: Some(Expr { text: "2", value: Constant("2") }) }) })] }) })
    CreateFunction(CreateFunction { name: { name: "f" }, returns: Some(Type { name: { name: "int4" } }), volatility: Volatile, language: Sql, body: Some(Block { steps: [Evaluate { expr: Expr { text: "1", value: Constant("1") } }, Leave(Return)] }) })
    CreateFunction(CreateFunction { name: { name: "p" }, arguments: [TypeRef { name: ObjectName { } }], argument_names: ["a"], procedure: true, volatility: Volatile, language: Other("plperl") }) ?? Language("plperl")
    "#);
}

#[test]
fn triggers_rules_and_policies() {
    let sql = "
create trigger x before insert or update of a, b on s.t for each row when (new.a > 0) execute function s.f('x');
create or replace trigger x instead of delete on v for each row execute procedure f();
create constraint trigger x after truncate on t from u deferrable initially deferred execute function f();
create or replace rule r as on insert to s.t where new.a > (select max(b) from u) do instead (insert into v select * from w; delete from x);
create rule r as on update to t do nothing;
create policy p on t as restrictive for select to me using (a in (select b from u)) with check (true);
alter policy p on t using (exists (select 1 from u));
";
    assert_snapshot!(lowered(sql), @r#"
    CreateTrigger(CreateTrigger { name: "x", table: ObjectName { schema: Some("s"), name: "t" }, function: ObjectName { schema: Some("s"), name: "f" }, events: [Insert, Update], timing: Before, each_row: true, columns: ["a", "b"] })
    CreateTrigger(CreateTrigger { name: "x", table: { name: "v" }, function: { name: "f" }, events: [Delete], timing: InsteadOf, each_row: true, or_replace: true })
    CreateTrigger(CreateTrigger { name: "x", table: { name: "t" }, function: { name: "f" }, events: [Truncate], timing: After, constraint: true, from: Some({ name: "u" }) })
    CreateRule { name: "r", table: ObjectName { schema: Some("s"), name: "t" }, or_replace: true, reads: [Read { name: { name: "u" } }, Read { name: { name: "v" } }, Read { name: { name: "w" } }, Read { name: { name: "x" } }] }
    CreateRule { name: "r", table: { name: "t" } }
    Policy { name: "p", table: { name: "t" }, create: true, reads: [Read { name: { name: "u" } }] }
    Policy { name: "p", table: { name: "t" }, reads: [Read { name: { name: "u" } }] }
    "#);
}

#[test]
fn types_and_domains() {
    let sql = r#"
create type t as enum ('a', 'it''s', E'\\n');
create type t as enum ();
create type s.t as (a int, b text collate "C");
create type t as range (subtype = float8, subtype_diff = f);
create type t;
create type t (input = f, output = g);
create domain s.d as varchar(20) collate "C" default 'x' not null constraint c check (value <> '') check (length(value) < 9);
"#;
    assert_snapshot!(lowered(sql), @r#"
    CreateType(CreateType { name: { name: "t" }, body: Enum(["a", "it's", "\\n"]) })
    CreateType(CreateType { name: { name: "t" }, body: Enum([]) })
    CreateType(CreateType { name: ObjectName { schema: Some("s"), name: "t" }, body: Composite([("a", Type { name: { name: "int4" } }), ("b", Type { name: { name: "text" } })]) })
    CreateType(CreateType { name: { name: "t" }, body: Range(Some(Type { name: { name: "float8" } })) })
    CreateType(CreateType { name: { name: "t" }, body: Base })
    CreateType(CreateType { name: { name: "t" }, body: Base })
    CreateDomain(CreateDomain { name: ObjectName { schema: Some("s"), name: "d" }, base: Type { name: { name: "varchar" }, modifiers: [20] }, not_null: true, default: Some(Expr { text: "'x'", value: Constant("x") }), constraints: [Constraint { name: Some("c"), kind: Check(Expr { text: "value <> ''", value: Computed, columns: ["value"] }) }, Constraint { kind: Check(Expr { text: "length(value) < 9", value: Computed, calls: [Call { name: { name: "length" }, arguments: [Column("value")] }], columns: ["value"] }) }] })
    "#);
}

#[test]
fn schemas_and_what_is_in_them() {
    let sql = r#"
create schema if not exists s;
create schema authorization me;
create schema s create table t (a int) create view v as select 1 create index on t (a) grant select on t to me;
create extension if not exists "uuid-ossp" with schema public version '1' cascade;
create sequence if not exists s.q as int start 5 owned by t.a;
create temp sequence q;
create publication p for table a, only s.b (c) where (d > 0), tables in schema x;
create publication p for all tables;
create publication p;
alter publication p add table t;
alter publication p set (publish = 'insert');
"#;
    assert_snapshot!(lowered(sql), @r#"
    CreateSchema { name: "s", if_not_exists: true }
    CreateSchema { name: "me" }
    CreateSchema { name: "s", elements: [Statement { ddl: CreateTable(CreateTable { name: { name: "t" }, columns: [Column { name: "a", ty: Some(Type { name: { name: "int4" } }) }] }) }, Statement { ddl: CreateView(CreateView { name: { name: "v" }, query: Query { verb: Select, only: Some(Expr { text: "1", value: Constant("1") }) }, columns: Some([]) }) }, Statement { ddl: CreateIndex(CreateIndex { table: { name: "t" }, method: "btree", elements: [IndexElement { expr: Expr { text: "a", value: Column("a"), columns: ["a"] } }] }) }, Statement { ddl: Grant(Grant { tables: [{ name: "t" }] }) }] }
    CreateExtension { name: "uuid-ossp", schema: Some("public") }
    CreateSequence(CreateSequence { name: ObjectName { schema: Some("s"), name: "q" }, if_not_exists: true, owned_by: Some(({ name: "t" }, "a")) })
    CreateSequence(CreateSequence { name: { name: "q" } })
    Publication { tables: [{ name: "a" }, ObjectName { schema: Some("s"), name: "b" }] }
    Publication { all: true }
    Publication { }
    Publication { tables: [{ name: "t" }] }
    Other("ALTER PUBLICATION P")
    "#);
}

#[test]
fn drops() {
    let sql = "
drop table if exists a, s.b cascade;
drop index concurrently i;
drop view v restrict;
drop materialized view v;
drop sequence s;
drop foreign table t;
drop type t, u;
drop domain d;
drop function if exists f(int), s.g cascade;
drop procedure p;
drop routine r();
drop aggregate a(*);
drop trigger x on s.t cascade;
drop policy if exists p on t;
drop rule r on t;
drop schema a, b cascade;
drop extension e;
drop statistics s;
drop publication p;
drop role r;
drop operator + (int, int);
drop server s cascade;
drop cast (int as text);
drop owned by me;
";
    assert_snapshot!(lowered(sql), @r#"
    Drop(Drop { kind: Table, names: [({ name: "a" }), (ObjectName { schema: Some("s"), name: "b" })], if_exists: true, cascade: true })
    Drop(Drop { kind: Index, names: [({ name: "i" })], concurrently: true })
    Drop(Drop { kind: View, names: [({ name: "v" })] })
    Drop(Drop { kind: MaterializedView, names: [({ name: "v" })] })
    Drop(Drop { kind: Sequence, names: [({ name: "s" })] })
    Drop(Drop { kind: ForeignTable, names: [({ name: "t" })] })
    Drop(Drop { kind: Type, names: [({ name: "t" }), ({ name: "u" })] })
    Drop(Drop { kind: Domain, names: [({ name: "d" })] })
    Drop(Drop { kind: Function, names: [({ name: "f" }), (ObjectName { schema: Some("s"), name: "g" })], if_exists: true, cascade: true, arguments: [Some([Type { name: { name: "int4" } }]), None] })
    Drop(Drop { kind: Function, names: [({ name: "p" })], arguments: [None] })
    Drop(Drop { kind: Function, names: [({ name: "r" })], arguments: [Some([])] })
    Drop(Drop { kind: Function, names: [({ name: "a" })] })
    Drop(Drop { kind: Trigger, names: [({ name: "x" })], on: Some(ObjectName { schema: Some("s"), name: "t" }), cascade: true })
    Drop(Drop { kind: Policy, names: [({ name: "p" })], on: Some({ name: "t" }), if_exists: true })
    Drop(Drop { kind: Rule, names: [({ name: "r" })], on: Some({ name: "t" }) })
    Drop(Drop { kind: Schema, names: [({ name: "a" }), ({ name: "b" })], cascade: true })
    Drop(Drop { kind: Extension, names: [({ name: "e" })] })
    Drop(Drop { kind: Statistics, names: [({ name: "s" })] })
    Drop(Drop { kind: Publication, names: [({ name: "p" })] })
    Drop(Drop { kind: Other, names: [({ name: "r" })] })
    Drop(Drop { kind: Other })
    Drop(Drop { kind: Other, names: [({ name: "s" })], cascade: true })
    Drop(Drop { kind: Other })
    Opaque ?? UnknownStatement("DROP OWNED BY")
    "#);
}

#[test]
fn comments_and_grants() {
    let sql = "
comment on table s.t is 'x';
comment on column s.t.c is null;
comment on column t.c is 'x';
comment on constraint c on s.t is 'x';
comment on constraint c on domain d is 'x';
comment on trigger x on t is 'x';
comment on policy p on t is 'x';
comment on rule r on t is 'x';
comment on function f(int) is 'x';
comment on index i is 'x';
comment on type t is 'x';
comment on role r is 'x';
comment on schema s is 'x';
comment on extension e is 'x';
security label for x on table t is 'y';
grant select (a), insert on t, s.u to me with grant option;
revoke all on all tables in schema a, b from public;
grant usage on schema s to me;
grant a to b;
grant all on table t to me;
";
    assert_snapshot!(lowered(sql), @r#"
    Comment(Comment { kind: Table, name: ObjectName { schema: Some("s"), name: "t" } })
    Comment(Comment { kind: Column, name: ObjectName { schema: Some("s"), name: "t" } })
    Comment(Comment { kind: Column, name: { name: "t" } })
    Comment(Comment { kind: Constraint, name: ObjectName { schema: Some("s"), name: "t" } })
    Comment(Comment { kind: DomainConstraint, name: { name: "d" } })
    Comment(Comment { kind: Trigger, name: { name: "t" } })
    Comment(Comment { kind: Policy, name: { name: "t" } })
    Comment(Comment { kind: Rule, name: { name: "t" } })
    Comment(Comment { kind: Function, name: { name: "f" } })
    Comment(Comment { kind: Index, name: { name: "i" } })
    Comment(Comment { kind: Type, name: { name: "t" } })
    Comment(Comment { kind: Other, name: { name: "r" } })
    Comment(Comment { kind: Schema, name: { name: "s" } })
    Comment(Comment { kind: Extension, name: { name: "e" } })
    Comment(Comment { kind: Table, name: { name: "t" } })
    Grant(Grant { tables: [{ name: "t" }, ObjectName { schema: Some("s"), name: "u" }] })
    Grant(Grant { revoke: true, schemas: ["a", "b"] })
    Grant(Grant { })
    Grant(Grant { })
    Grant(Grant { tables: [{ name: "t" }] })
    "#);
}
