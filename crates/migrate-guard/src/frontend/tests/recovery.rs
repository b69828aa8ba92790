use insta::assert_snapshot;

use super::told;

#[test]
fn a_broken_statement_hides_none_of_the_others() {
    assert_snapshot!(told("create table a (x int); alter table a ad y int; create table b (y int);"), @r#"
    CreateTable | create table a (x int)
    Opaque | alter table a ad y int ?? Syntax("expected command, found a name") at "ad"
    CreateTable | create table b (y int)
    "#);
}

#[test]
fn a_missing_semicolon_is_said_and_both_are_read() {
    assert_snapshot!(told("create table a (x int)\ncreate index i on a (x);\nselect 1;"), @r#"
    CreateTable | create table a (x int) ?? Syntax("expected a semicolon") at "\n"
    CreateIndex | create index i on a (x)
    Query | select 1
    "#);
    assert_snapshot!(told("alter table a add x int not nul\n\ncreate index i on a (x);"), @r#"
    Opaque | alter table a add x int not nul ?? Syntax("expected NULL") at "nul"
    CreateIndex | create index i on a (x)
    "#);
}

#[test]
fn a_parenthesis_that_is_not_closed_ends_at_the_next_statement() {
    let sql = "create table a (\n  x int,\n  y int\n;\n\ncreate index i on a (x);\ncreate view v as\nselect x\nfrom a;\n";
    assert_snapshot!(told(sql), @r#"
    Opaque | create table a ( x int, y int ?? Syntax("expected )") at ""
    CreateIndex | create index i on a (x)
    CreateView | create view v as select x from a
    "#);
}

#[test]
fn a_parenthesis_too_much_ends_with_its_statement() {
    assert_snapshot!(told("create table a (x int)); create table b (y int);"), @r#"
    Opaque | create table a (x int)) ?? Syntax("expected command, found )") at ")"
    CreateTable | create table b (y int)
    "#);
}

#[test]
fn a_statement_is_put_together_again_after_a_broken_one() {
    assert_snapshot!(told("create table a (x int\n\ncreate view v as\nselect 1;\ninsert into a\nselect 2;"), @r#"
    Opaque | create table a (x int ?? Syntax("expected )") at ""
    CreateView | create view v as select 1
    Query | insert into a select 2
    "#);
}

#[test]
fn a_clause_at_the_beginning_of_a_line_is_no_statement() {
    assert_snapshot!(told("alter table a\nalter column x set not null,\ndrop column y,\nadd z int z;"), @r#"Opaque | alter table a alter column x set not null, drop column y, add z int z ?? Syntax("expected command, found a name") at "z""#);
}

#[test]
fn an_open_string_takes_the_rest() {
    assert_snapshot!(told("select 1;\ninsert into a values ('x);\nselect 2;"), @r#"
    Query | select 1
    Opaque | insert into a values ('x); select 2; ?? Syntax("missing trailing `'` symbol to terminate the string literal") at "'x);\nselect 2;"
    "#);
    assert_snapshot!(told("select 1; do $x$ begin end $y$; select 2;"), @r#"
    Query | select 1
    Opaque | do $x$ begin end $y$; select 2; ?? Syntax("unterminated dollar quoted string literal") at "$x$ begin end $y$; select 2;"
    "#);
    assert_snapshot!(told("select 1; /* select 2;"), @r#"
    Query | select 1
    Opaque | /* select 2; ?? Syntax("missing trailing `*/` symbols to terminate the block comment") at "/* select 2;"
    "#);
}

#[test]
fn nothing_is_no_statement() {
    assert_snapshot!(told(""), @"");
    assert_snapshot!(told(" ;;; -- x\n/* y */ ;"), @"");
}

#[test]
fn what_is_no_sql_is_said_once() {
    assert_snapshot!(told("\\connect x\nselect 1;"), @r#"
    Opaque | \connect x ?? Syntax("expected command, found something else") at "\\"
    Query | select 1
    "#);
    assert_snapshot!(told("{{ template }}"), @r#"Opaque | {{ template }} ?? Syntax("expected command, found {") at "{""#);
    assert_snapshot!(told("hello world"), @r#"Opaque | hello world ?? Syntax("expected command, found a name") at "hello""#);
}

#[test]
fn what_nests_too_deep_is_said_and_hides_nothing() {
    let sql = format!("select 1; select {}1; select 2", "(".repeat(5000));
    let told = told(&sql);
    assert!(told.contains("Opaque | select ((("), "{told:.200}");
    assert!(told.contains("?? TooDeep"), "{:.200}", &told[told.len() - 200..]);
    let sql = format!("update t set a = 1 where b = 0{}; select 2", " or b = 1".repeat(5000));
    let told = super::told(&sql);
    assert!(told.starts_with("Query | update t set a = 1"), "{told:.200}");
    assert!(told.contains("?? TooDeep") && told.ends_with("Query | select 2"));
}

#[test]
fn words_the_parser_never_comes_to_an_end_with_are_refused() {
    assert_snapshot!(told("alter table t merge partitions (a, current_user) into b; select 1"), @r#"
    Opaque | alter table t merge partitions (a, current_user) into b ?? Syntax("expected a name") at "alter table t merge partitions (a, current_user) into b"
    Query | select 1
    "#);
    assert_snapshot!(told("merge into t using u on a = b when matched then update set c = current_user"), @"Query | merge into t using u on a = b when matched then update set c = current_user");
}
