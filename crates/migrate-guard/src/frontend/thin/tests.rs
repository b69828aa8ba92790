use super::thinned;
use crate::ddl::{Ddl, Rows};
use crate::frontend::statements;

fn thin(begin: &str, element: &str, count: usize, end: &str) -> (String, usize) {
    let text = format!("{begin}{}{end}", format!("{element}, ").repeat(count));
    let thinned = thinned(&text);
    assert_eq!(thinned.text.len(), text.len());
    (thinned.text.split_whitespace().collect::<Vec<_>>().join(" "), thinned.rows)
}

#[test]
fn rows_of_one_shape_go_and_are_counted() {
    let (text, rows) =
        thin("insert into t values ", "(1, 'a', null)", 10_000, "(-2, true, 'b') on conflict do nothing");
    assert_eq!(rows, 10_000 - 65);
    assert_eq!(text.matches("(1, 'a', null)").count(), 65);
    assert!(text.ends_with("(1, 'a', null), (-2, true, 'b') on conflict do nothing"));
}

#[test]
fn what_calls_or_reads_something_else_stays() {
    let (text, _) = thin(
        "insert into t values (now()), ",
        "(1)",
        30_000,
        "(f(1)), (1), (f(2)), ((select 1 from u)), (2)",
    );
    for kept in ["now()", "f(1)", "f(2)", "select 1 from u"] {
        assert!(text.contains(kept), "{kept}");
    }
}

#[test]
fn calls_with_other_constants_are_others() {
    let (text, rows) = thin("insert into t values ", "(nextval('a'))", 10_000, "(nextval('b')), (1)");
    assert_eq!(rows, 10_000 - 65);
    assert!(text.contains("nextval('b')"));
}

#[test]
fn the_numbers_of_a_list_go_without_being_rows() {
    let (text, rows) = thin("delete from t where a in (", "123456", 20_000, "7) and b = 8");
    assert_eq!((text.matches("123456").count(), rows), (64, 0));
    assert!(text.ends_with("123456, 7) and b = 8"));
}

#[test]
fn labels_of_an_enum_stay() {
    let (text, _) = thin("create type t as enum (", "'a'", 20_000, "'b')");
    assert_eq!(text.matches("'a'").count(), 20_000);
}

#[test]
fn short_statements_stay_as_they_are() {
    let (text, rows) = thin("insert into t values ", "(1)", 1000, "(1)");
    assert_eq!((text.matches("(1)").count(), rows), (1001, 0));
}

#[test]
fn an_insert_says_how_many_rows_it_has() {
    let sql = format!("insert into t values {}(0);", "(1, 'x'),\n".repeat(50_000));
    let found = statements(&sql);
    let [statement] = found.as_slice() else { panic!("{} statements", found.len()) };
    let Ddl::Query(query) = &statement.ddl else { panic!("{:?}", statement.ddl) };
    assert_eq!(query.rows, Rows::Values(50_001));
    assert_eq!((statement.span.start, statement.span.end), (0, sql.len() - 1));
}
