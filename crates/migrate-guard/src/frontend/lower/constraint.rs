//! Constraints of tables, columns and domains.

use super::parts::{name, names, object};
use crate::ddl::{Constraint, ConstraintKind, IndexElement, OnDelete, Value};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::tree::ast;

/// A constraint; `column` is the one it stands at. `None` for what is no constraint to the catalog: `NULL`, `DEFAULT`.
pub(super) fn constraint(
    node: &ast::Constraint,
    column: Option<&str>,
    cx: &mut Context<'_>,
) -> Option<Constraint> {
    let kind = kind(node, column, cx)?;
    let marks = Marks::of(node);
    Some(Constraint {
        span: cx.span(node),
        name: node.constraint_name().map(|name| cx.name(&name)),
        kind,
        not_valid: marks.not_valid,
        enforced: !marks.not_enforced,
        no_inherit: marks.no_inherit,
        deferred: marks.deferred,
        include: included(node, cx),
    })
}

/// The columns that a key only stores.
fn included(node: &ast::Constraint, cx: &Context<'_>) -> Vec<String> {
    let clause = match node {
        ast::Constraint::PrimaryKeyConstraint(key) => {
            key.index_parameters().and_then(|index| index.constraint_include_clause())
        }
        ast::Constraint::UniqueConstraint(key) => {
            key.index_parameters().and_then(|index| index.constraint_include_clause())
        }
        ast::Constraint::ExcludeConstraint(key) => key.constraint_include_clause(),
        _ => None,
    };
    let list = clause.and_then(|clause| clause.column_ref_list());
    list.map(|list| names(list.column_name_refs(), cx)).unwrap_or_default()
}

fn kind(node: &ast::Constraint, column: Option<&str>, cx: &mut Context<'_>) -> Option<ConstraintKind> {
    let own = || column.map(str::to_owned);
    Some(match node {
        ast::Constraint::PrimaryKeyConstraint(key) => {
            let (columns, index) = key_parts(key.index_parameters(), key.using_index(), column, cx);
            ConstraintKind::Primary { columns, index }
        }
        ast::Constraint::UniqueConstraint(key) => {
            let (columns, index) = key_parts(key.index_parameters(), key.using_index(), column, cx);
            ConstraintKind::Unique { columns, index }
        }
        ast::Constraint::CheckConstraint(check) => ConstraintKind::Check(expr_of(check.expr(), cx)),
        ast::Constraint::ExcludeConstraint(exclude) => excluding(exclude, cx),
        ast::Constraint::ForeignKeyConstraint(key) => foreign(key, cx),
        ast::Constraint::ReferencesConstraint(key) => references(key, own(), cx),
        ast::Constraint::NotNullConstraint(not_null) => {
            let column = not_null.column_name_ref().map(|column| cx.name(&column)).or_else(own)?;
            ConstraintKind::NotNull { column }
        }
        ast::Constraint::DefaultConstraint(_)
        | ast::Constraint::GeneratedConstraint(_)
        | ast::Constraint::NullConstraint(_) => return None,
    })
}

fn expr_of(node: Option<ast::Expr>, cx: &mut Context<'_>) -> crate::ddl::Expr {
    node.map(|node| expr(&node, cx)).unwrap_or_default()
}

/// The columns of a key, and the index it is made of.
fn key_parts(
    parameters: Option<ast::IndexParameters>,
    index: Option<ast::UsingIndexName>,
    column: Option<&str>,
    cx: &Context<'_>,
) -> (Vec<String>, Option<String>) {
    let listed = parameters.and_then(|parameters| parameters.column_list());
    let columns = match listed {
        Some(list) => names(list.column_name_refs(), cx),
        None => column.map(str::to_owned).into_iter().collect(),
    };
    (columns, index.map(|index| name(index.index_ref(), cx)))
}

fn excluding(node: &ast::ExcludeConstraint, cx: &mut Context<'_>) -> ConstraintKind {
    let elements = node.constraint_exclusion_list().into_iter().flat_map(|list| list.constraint_exclusions());
    let exprs = elements.filter_map(|element| Some(expr(&element.expr()?, cx)));
    let elements: Vec<_> = exprs.map(|expr| IndexElement { expr, special: false }).collect();
    let method = node.constraint_index_method().and_then(|using| using.access_method_ref());
    ConstraintKind::Exclude {
        columns: elements.iter().filter_map(|element| column_alone(&element.expr)).collect(),
        elements,
        method: method.map_or_else(|| "btree".to_owned(), |method| cx.name(&method)),
    }
}

/// The column an expression is, if it is nothing else.
fn column_alone(expr: &crate::ddl::Expr) -> Option<String> {
    match &expr.value {
        Value::Column(column) => Some(column.clone()),
        _ => None,
    }
}

fn foreign(node: &ast::ForeignKeyConstraint, cx: &Context<'_>) -> ConstraintKind {
    let (on_delete, on_update) = actions(node.referential_actions());
    ConstraintKind::Foreign {
        columns: key_columns(node.columns(), cx),
        references: object(node.table_name_ref(), cx),
        referenced: key_columns(node.referenced_columns(), cx),
        on_delete,
        on_update,
    }
}

/// `(a, b)`, `(a, PERIOD b)`.
fn key_columns(list: Option<ast::ForeignKeyColumnList>, cx: &Context<'_>) -> Vec<String> {
    let Some(list) = list else { return Vec::new() };
    let mut columns = names(list.column_name_refs(), cx);
    columns.extend(list.period_column().map(|period| name(period.name(), cx)));
    columns
}

fn references(node: &ast::ReferencesConstraint, own: Option<String>, cx: &Context<'_>) -> ConstraintKind {
    let (on_delete, on_update) = actions(node.referential_actions());
    ConstraintKind::Foreign {
        columns: own.into_iter().collect(),
        references: object(node.table(), cx),
        referenced: node.column().map(|column| cx.name(&column)).into_iter().collect(),
        on_delete,
        on_update,
    }
}

/// What happens on delete, and on update.
fn actions(nodes: ast::AstChildren<ast::ReferentialAction>) -> (OnDelete, OnDelete) {
    let (mut on_delete, mut on_update) = (OnDelete::default(), OnDelete::default());
    for node in nodes {
        match node {
            ast::ReferentialAction::OnDeleteAction(node) => on_delete = action(node.ref_action().as_ref()),
            ast::ReferentialAction::OnUpdateAction(node) => on_update = action(node.ref_action().as_ref()),
        }
    }
    (on_delete, on_update)
}

fn action(node: Option<&ast::RefAction>) -> OnDelete {
    match node {
        None | Some(ast::RefAction::NoAction(_)) => OnDelete::NoAction,
        Some(ast::RefAction::Restrict(_)) => OnDelete::Restrict,
        Some(ast::RefAction::Cascade(_)) => OnDelete::Cascade,
        Some(ast::RefAction::SetNullColumns(_)) => OnDelete::SetNull,
        Some(ast::RefAction::SetDefaultColumns(_)) => OnDelete::SetDefault,
    }
}

/// The words after a constraint.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the statement")]
struct Marks {
    not_valid: bool,
    not_enforced: bool,
    no_inherit: bool,
    deferred: bool,
}

impl Marks {
    fn of(node: &ast::Constraint) -> Self {
        let mut marks = Self::default();
        for option in node.constraint_options() {
            match option {
                ast::ConstraintOption::NotValid(_) => marks.not_valid = true,
                ast::ConstraintOption::NotEnforced(_) => marks.not_enforced = true,
                ast::ConstraintOption::NoInherit(_) => marks.no_inherit = true,
                ast::ConstraintOption::InitiallyDeferredConstraintOption(_) => marks.deferred = true,
                _ => {}
            }
        }
        marks
    }
}
