use insta::assert_snapshot;

use super::lowered;

#[test]
fn settings() {
    let sql = r#"
set lock_timeout = '2s';
set local statement_timeout to 0;
set session search_path to a, "B", 'c';
set search_path = default;
set my.setting = on;
SET TIME ZONE 'UTC';
set time zone local;
set timezone = -3;
set schema 'x';
set role me;
set role none;
set session authorization default;
set local role 'x';
set names 'utf8';
reset lock_timeout;
reset all;
reset role;
reset session authorization;
reset time zone;
select set_config('search_path', '', false);
select pg_catalog.set_config('Lock_Timeout', '1s', true);
"#;
    assert_snapshot!(lowered(sql), @r#"
    Set(Setting { name: "lock_timeout", value: Some("2s") })
    Set(Setting { local: true, name: "statement_timeout", value: Some("0") })
    Set(Setting { name: "search_path", value: Some("a, B, c") })
    Set(Setting { name: "search_path" })
    Set(Setting { name: "my.setting", value: Some("on") })
    Set(Setting { name: "timezone", value: Some("UTC") })
    Set(Setting { name: "timezone" })
    Set(Setting { name: "timezone", value: Some("-3") })
    Set(Setting { name: "search_path", value: Some("x") })
    Set(Setting { name: "role", value: Some("me") })
    Set(Setting { name: "role" })
    Set(Setting { name: "session_authorization" })
    Set(Setting { local: true, name: "role", value: Some("x") })
    Set(Setting { name: "client_encoding", value: Some("utf8") })
    Set(Setting { name: "lock_timeout" })
    Set(Setting { name: "all" })
    Set(Setting { name: "role" })
    Set(Setting { name: "session_authorization" })
    Set(Setting { name: "timezone" })
    Set(Setting { name: "search_path", value: Some("") })
    Set(Setting { local: true, name: "lock_timeout", value: Some("1s") })
    "#);
}

#[test]
fn transactions() {
    let sql = r#"
begin;
start transaction isolation level serializable read only;
commit;
end;
commit and chain;
rollback;
abort;
savepoint a;
release savepoint "A";
release a;
rollback to savepoint a;
rollback to a;
prepare transaction 'x';
commit prepared 'x';
rollback prepared 'x';
set transaction read only;
set session characteristics as transaction read only;
set constraints all deferred;
"#;
    assert_snapshot!(lowered(sql), @r#"
    Transaction(Begin)
    Transaction(Begin)
    Transaction(Commit)
    Transaction(Commit)
    Transaction(Commit)
    Transaction(Rollback)
    Transaction(Rollback)
    Transaction(Savepoint("a"))
    Transaction(Release("A"))
    Transaction(Release("a"))
    Transaction(RollbackTo("a"))
    Transaction(RollbackTo("a"))
    Transaction(Other)
    Transaction(Other)
    Transaction(Other)
    Transaction(Other)
    Transaction(Other)
    Transaction(Other)
    "#);
}

#[test]
fn tables_that_are_locked_or_emptied() {
    let sql = "
truncate a, only s.b restart identity cascade;
truncate table a;
lock table a, only s.b in share row exclusive mode nowait;
lock a;
lock table a in access share mode;
lock table a in row share mode;
lock a in row exclusive mode;
lock a in share update exclusive mode;
lock a in share mode;
lock a in exclusive mode;
lock a in access exclusive mode;
";
    assert_snapshot!(lowered(sql), @r#"
    Truncate(Truncate { tables: [({ name: "a" }, false), (ObjectName { schema: Some("s"), name: "b" }, true)], cascade: true })
    Truncate(Truncate { tables: [({ name: "a" }, false)] })
    LockTable(LockTable { tables: [({ name: "a" }, false), (ObjectName { schema: Some("s"), name: "b" }, true)], lock: ShareRowExclusive, nowait: true })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: AccessExclusive })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: AccessShare })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: RowShare })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: RowExclusive })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: ShareUpdateExclusive })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: Share })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: Exclusive })
    LockTable(LockTable { tables: [({ name: "a" }, false)], lock: AccessExclusive })
    "#);
}

#[test]
fn maintenance() {
    let sql = "
vacuum;
vacuum full analyze a, b (c);
vacuum (full, analyze false) s.t;
vacuum (full off, verbose, analyze) t;
analyze;
analyze verbose t (a), u;
analyze (skip_locked) t;
cluster;
cluster t using i;
cluster i on t;
cluster (verbose) t;
repack t using index i;
";
    assert_snapshot!(lowered(sql), @r#"
    Maintenance(Vacuum { })
    Maintenance(Vacuum { full: true, analyze: true, tables: [{ name: "a" }, { name: "b" }] })
    Maintenance(Vacuum { full: true, tables: [ObjectName { schema: Some("s"), name: "t" }] })
    Maintenance(Vacuum { analyze: true, tables: [{ name: "t" }] })
    Maintenance(Analyze { })
    Maintenance(Analyze { tables: [{ name: "t" }, { name: "u" }] })
    Maintenance(Analyze { tables: [{ name: "t" }] })
    Maintenance(Cluster { })
    Maintenance(Cluster { table: Some({ name: "t" }) })
    Maintenance(Cluster { table: Some({ name: "t" }) })
    Maintenance(Cluster { table: Some({ name: "t" }) })
    Maintenance(Cluster { table: Some({ name: "t" }) })
    "#);
}

#[test]
fn rows() {
    let sql = "
select 1;
(select 1);
values (1);
table t;
insert into t values (1);
update t set a = 1;
delete from t;
merge into t using u on a = b when matched then delete;
copy t from stdin;
copy (select 1 from t) to stdout;
call p(1);
explain analyze delete from t;
explain delete from t;
declare c cursor for select 1 from t;
prepare p as delete from t;
execute p(1);
";
    assert_snapshot!(lowered(sql), @r#"
    Query(Query { verb: Select, only: Some(Expr { text: "1", value: Constant("1") }) })
    Query(Query { verb: Select, only: Some(Expr { text: "1", value: Constant("1") }) })
    Query(Query { verb: Select })
    Query(Query { verb: Select, reads: [Read { name: { name: "t" } }], star: true })
    Query(Query { verb: Insert, target: Some({ name: "t" }), rows: Values(1) })
    Query(Query { verb: Update, target: Some({ name: "t" }), columns: ["a"] })
    Query(Query { verb: Delete, target: Some({ name: "t" }) })
    Query(Query { verb: Merge, target: Some({ name: "t" }), reads: [Read { name: { name: "u" } }] })
    Query(Query { verb: CopyFrom, target: Some({ name: "t" }) })
    Query(Query { verb: CopyTo, reads: [Read { name: { name: "t" } }] })
    Call(Query { verb: Select, calls: [Call { name: { name: "p" }, arguments: [Constant("1")] }] })
    Query(Query { verb: Delete, target: Some({ name: "t" }) })
    Query(Query { verb: Select, reads: [Read { name: { name: "t" } }] })
    Query(Query { verb: Select, reads: [Read { name: { name: "t" } }] })
    Query(Query { verb: Select, reads: [Read { name: { name: "t" } }] })
    Opaque ?? Dynamic
    "#);
}

#[test]
fn what_touches_no_table() {
    let sql = r#"
notify x, 'y';
listen x;
unlisten *;
checkpoint;
discard all;
deallocate p;
show all;
fetch next from c;
move c;
close c;
load 'x';
create role r;
create user u;
create database d;
create tablespace t location '/x';
create cast (a as b) without function;
create operator + (function = f);
create aggregate a (int) (sfunc = f, stype = int);
create collation c from "C";
create event trigger e on ddl_command_start execute function f();
create server s foreign data wrapper w;
create user mapping for u server s;
create foreign data wrapper w;
create subscription s connection 'x' publication p;
create language l;
create access method a type index handler h;
create text search dictionary d (template = t);
create conversion c for 'a' to 'b' from f;
create transform for int language l (from sql with function f(int));
create operator class c for type t using btree as operator 1 <;
create operator family f using btree;
import foreign schema s from server v into x;
reassign owned by a to b;
"#;
    assert_snapshot!(lowered(sql), @r#"
    Other("NOTIFY")
    Other("LISTEN X")
    Other("UNLISTEN")
    Other("CHECKPOINT")
    Other("DISCARD ALL")
    Other("DEALLOCATE P")
    Other("SHOW ALL")
    Other("FETCH NEXT FROM")
    Other("MOVE C")
    Other("CLOSE C")
    Other("LOAD")
    Other("CREATE ROLE R")
    Other("CREATE USER U")
    Other("CREATE DATABASE D")
    Other("CREATE TABLESPACE T")
    Other("CREATE CAST")
    Other("CREATE OPERATOR")
    Other("CREATE AGGREGATE A")
    Other("CREATE COLLATION C")
    Other("CREATE EVENT TRIGGER")
    Other("CREATE SERVER S")
    Other("CREATE USER MAPPING")
    Other("CREATE FOREIGN DATA")
    Other("CREATE SUBSCRIPTION S")
    Other("CREATE LANGUAGE L")
    Other("CREATE ACCESS METHOD")
    Other("CREATE TEXT SEARCH")
    Other("CREATE CONVERSION C")
    Other("CREATE TRANSFORM FOR")
    Other("CREATE OPERATOR CLASS")
    Other("CREATE OPERATOR FAMILY")
    Other("IMPORT FOREIGN SCHEMA")
    Opaque ?? UnknownStatement("REASSIGN OWNED BY")
    "#);
}
