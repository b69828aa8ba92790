use super::{Refusal, pieces};

fn cut(text: &str) -> Vec<&str> {
    pieces(text).map(|piece| &text[piece.start..piece.end]).collect()
}

#[test]
fn a_piece_runs_from_its_first_token_to_its_last() {
    assert_eq!(cut("-- one\nselect 1 ; /* two */\n\tselect 2 -- more\n;;"), ["select 1", "select 2"]);
}

#[test]
fn the_last_needs_no_semicolon() {
    assert_eq!(cut("select 1; select 2 -- end"), ["select 1", "select 2"]);
}

#[test]
fn a_semicolon_in_a_string_a_name_or_a_comment_ends_nothing() {
    let sql = r#"select ';', E'\';', ";", $$;$$, $a$;$$;$a$ -- ;
/* ; /* ; */ ; */"#;
    assert_eq!(cut(sql).len(), 1);
}

#[test]
fn a_semicolon_in_parentheses_ends_nothing() {
    let sql = "create rule r as on insert to t do (delete from a; delete from b); select 1";
    assert_eq!(cut(sql), ["create rule r as on insert to t do (delete from a; delete from b)", "select 1"]);
}

#[test]
fn an_atomic_body_is_one_piece() {
    let sql = "create or replace function f() returns int begin atomic select case when true then 1 end; \
               select 2; end; select 3";
    assert_eq!(cut(sql).len(), 2);
    assert_eq!(cut("create procedure p() begin atomic end; commit").len(), 2);
}

#[test]
fn a_transaction_is_no_atomic_body() {
    assert_eq!(cut("begin; create table t (a int); end; select 1").len(), 4);
    assert_eq!(cut("create function f() as 'begin atomic' language sql; begin; select 1").len(), 3);
}

#[test]
fn an_unterminated_string_ends_with_the_text() {
    assert_eq!(cut("select 1; select 'a; select 2;"), ["select 1", "select 'a; select 2;"]);
    assert_eq!(cut("select 1; select $x$ ; $y$ ;").len(), 2);
    assert_eq!(cut("select 1; /* select 2;"), ["select 1", "/* select 2;"]);
}

#[test]
fn a_piece_that_nests_too_deep_is_marked() {
    let deep = |sql: &str| pieces(sql).next().is_some_and(|piece| piece.refusal == Some(Refusal::TooDeep));
    assert!(!deep(&format!("select {}1{}", "(".repeat(50), ")".repeat(50))));
    assert!(deep(&format!("select {}1", "(".repeat(5000))));
    assert!(deep(&format!("select {}1", "+".repeat(5000))));
    assert!(deep(&format!("select {}1", "- ".repeat(5000))));
    assert!(deep(&format!("select {}1", "case ".repeat(5000))));
    assert!(deep(&format!("select 1{}", " || 1".repeat(5000))));
    assert!(deep(&format!("select {}", "explain ".repeat(5000))));
    assert!(deep(&format!("select * from a{}", " cross join a".repeat(5000))));
    assert!(!deep(&format!("select * from a{}", " join a on a.b = a.b".repeat(500))));
    assert!(!deep(&format!("select 1{}", " or a not between 1 and 2 and b = 3".repeat(5000))));
    assert!(!deep(&format!("insert into t values {}(1)", "(1, -1, 'a' || 'b'), ".repeat(5000))));
}
