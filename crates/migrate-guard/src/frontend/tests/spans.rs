use crate::Span;
use crate::ddl::{Action, Ddl};
use crate::frontend::statements;

fn only(sql: &str) -> Ddl {
    let mut found = statements(sql);
    assert_eq!(found.len(), 1, "{sql}");
    found.pop().map(|statement| statement.ddl).unwrap()
}

fn at(sql: &str, span: Span) -> &str {
    &sql[span.start..span.end]
}

#[test]
fn a_statement_runs_from_its_first_token_to_its_last() {
    let sql = "\u{feff}-- é\nselect 'ü' -- x\n ; /* ö */ create table a (b int) /* ß */ ;";
    let found: Vec<_> = statements(sql).iter().map(|statement| at(sql, statement.span)).collect();
    assert_eq!(found, ["select 'ü'", "create table a (b int)"]);
}

#[test]
fn a_statement_in_a_body_ends_before_its_semicolon() {
    let sql =
        "create schema s create view v as select 1 create function f() begin atomic select 1 ; select 2; end";
    let Ddl::CreateSchema { elements, .. } = only(sql) else { panic!() };
    let found: Vec<_> = elements.iter().map(|statement| at(sql, statement.span)).collect();
    assert_eq!(
        found,
        ["create view v as select 1", "create function f() begin atomic select 1 ; select 2; end"]
    );
}

#[test]
fn actions_and_their_parts_are_where_they_stand() {
    let sql = "alter table s.t add column if not exists \"ä\" int /* x */ not  null, drop a;";
    let Ddl::AlterTable(alter) = only(sql) else { panic!() };
    assert_eq!(at(sql, alter.name_span), "s.t");
    let actions: Vec<_> = alter.actions.iter().map(|(span, _)| at(sql, *span)).collect();
    assert_eq!(actions, ["add column if not exists \"ä\" int /* x */ not  null", "drop a"]);
    let Some((_, Action::AddColumn { column, .. })) = alter.actions.first() else { panic!() };
    assert_eq!(at(sql, column.span), "\"ä\" int /* x */ not  null");
    assert_eq!(column.not_null.map(|span| at(sql, span)), Some("not  null"));
}

#[test]
fn concurrently_would_stand_after_index() {
    let sql = "create unique INDEX /* x */ i on t (a)";
    let Ddl::CreateIndex(index) = only(sql) else { panic!() };
    assert_eq!(sql.get(..index.after_index.start), Some("create unique INDEX"));
    assert_eq!(index.after_index.start, index.after_index.end);
}

#[test]
fn constraints_and_names_are_where_they_stand() {
    let sql =
        "create table x.y (a int constraint c check (a > 0), constraint d unique (a)); drop table a, \"B\".c";
    let found = statements(sql);
    let Ddl::CreateTable(table) = &found[0].ddl else { panic!() };
    assert_eq!(at(sql, table.name_span), "x.y");
    assert_eq!(at(sql, table.columns[0].constraints[0].span), "constraint c check (a > 0)");
    assert_eq!(at(sql, table.constraints[0].span), "constraint d unique (a)");
    let Ddl::Drop(drop) = &found[1].ddl else { panic!() };
    assert_eq!(drop.names.iter().map(|(span, _)| at(sql, *span)).collect::<Vec<_>>(), ["a", "\"B\".c"]);
}
