use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::expr::expr;
use super::super::name;
use super::super::query::{innermost, targets};
use super::super::walk::Walk;
use super::{Known, filter};
use crate::ObjectName;
use crate::ddl::{CatalogRows, Lookup, Value};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// Functions that make one row of any number: of none too.
const AGGREGATES: &[&str] =
    &["count", "max", "min", "sum", "avg", "bool_or", "bool_and", "every", "string_agg", "array_agg"];

/// The rows of a query, if it only asks the system catalogs.
pub(super) fn rows(select: &SyntaxNode, known: &dyn Known, cx: &mut Context<'_>) -> Option<Lookup> {
    let select = innermost(select);
    let aggregated = targets(&select).into_iter().flatten().any(|target| aggregates(target.syntax(), cx));
    if aggregated {
        return None;
    }
    grouped(&select, known, cx)
}

/// The rows of a query of the system catalogs, with what is selected of them.
pub(in crate::frontend) fn selected(
    select: &SyntaxNode,
    known: &dyn Known,
    cx: &mut Context<'_>,
) -> Option<CatalogRows> {
    let lookup = rows(select, known, cx)?;
    let selected = targets(&innermost(select))?.map(|target| {
        let name = target.as_name().and_then(|name| name.name()).map(|name| name::name(cx.text(&name)));
        let expr = expr(&target.expr()?, cx);
        let own = || match &expr.value {
            Value::Column(column) => Some(column.clone()),
            _ => expr
                .calls
                .first()
                .map(|call| call.name.name.clone())
                .or_else(|| expr.columns.first().cloned()),
        };
        Some((name.or_else(own)?, expr))
    });
    let selected = selected.collect::<Option<Vec<_>>>()?;
    Some(CatalogRows { lookup, selected })
}

fn aggregates(target: &SyntaxNode, cx: &Context<'_>) -> bool {
    let found = Walk::new(cx).within(|walk| walk.visit(target));
    found.calls.iter().any(|call| AGGREGATES.contains(&call.name.name.as_str()))
}

/// The rows that a query makes its one row of.
pub(super) fn grouped(select: &SyntaxNode, known: &dyn Known, cx: &mut Context<'_>) -> Option<Lookup> {
    let select = innermost(select);
    let has = |kind| select.children().any(|child| child.kind() == kind);
    if select.kind() != SyntaxKind::SELECT || has(SyntaxKind::WITH_CLAUSE) {
        return None;
    }
    let from = select.children().find_map(ast::FromClause::cast)?;
    let mut found = Found { lookup: Lookup::default(), known };
    found.items(from.syntax(), cx)?;
    if let Some(clause) = select.children().find_map(ast::WhereClause::cast) {
        found.filter(&clause.expr()?, cx);
    }
    found.lookup.partial |=
        has(SyntaxKind::GROUP_BY_CLAUSE) || has(SyntaxKind::HAVING_CLAUSE) || has(SyntaxKind::OFFSET_CLAUSE);
    Some(found.lookup)
}

/// A question while it is read.
pub(super) struct Found<'k> {
    pub(super) lookup: Lookup,
    pub(super) known: &'k dyn Known,
}

impl Found<'_> {
    /// What stands in `FROM`; nothing if it is more than system catalogs.
    fn items(&mut self, from: &SyntaxNode, cx: &mut Context<'_>) -> Option<()> {
        for item in from.children() {
            match item.kind() {
                SyntaxKind::RELATION_FROM_ITEM => self.relation(&item, cx)?,
                SyntaxKind::JOIN_EXPR | SyntaxKind::PAREN_EXPR => self.items(&item, cx)?,
                SyntaxKind::JOIN => self.join(&item, cx)?,
                SyntaxKind::PAREN_FROM_ITEM if !is_subquery(&item) => self.items(&item, cx)?,
                SyntaxKind::PAREN_FROM_ITEM => return None,
                SyntaxKind::FUNCTION_FROM_ITEM | SyntaxKind::ROWS_FROM_ITEM | SyntaxKind::EXPR_FROM_ITEM => {
                    self.lookup.partial = true;
                }
                _ => {}
            }
        }
        Some(())
    }

    fn relation(&mut self, item: &SyntaxNode, cx: &Context<'_>) -> Option<()> {
        let named = item.children().find(|child| child.kind() == SyntaxKind::RELATION_NAME_REF)?;
        let name = name::object(cx.text_of(named.text_range()));
        is_catalog(&name).then(|| self.lookup.relations.push(name.name))
    }

    /// The condition of an outer join leaves no row out.
    fn join(&mut self, join: &SyntaxNode, cx: &mut Context<'_>) -> Option<()> {
        self.items(join, cx)?;
        let inner = |kind| matches!(kind, SyntaxKind::JOIN_INNER | SyntaxKind::JOIN_CROSS);
        let on = join.children().find_map(ast::OnClause::cast).and_then(|on| on.expr());
        if let Some(on) = on.filter(|_| join.children().any(|child| inner(child.kind()))) {
            self.filter(&on, cx);
        }
        Some(())
    }

    fn filter(&mut self, node: &ast::Expr, cx: &mut Context<'_>) {
        filter::filter(self, node, cx);
    }

    /// Another question that a column of this one is compared with.
    pub(super) fn merge(&mut self, other: Lookup) {
        self.lookup.relations.extend(other.relations);
        self.lookup.equals.extend(other.equals);
        self.lookup.variables.extend(other.variables);
        self.lookup.partial |= other.partial;
    }
}

fn is_subquery(item: &SyntaxNode) -> bool {
    item.children().any(|child| child.kind() == SyntaxKind::PAREN_SELECT)
}

/// `pg_class`, `pg_catalog.pg_class`, `information_schema.tables`.
fn is_catalog(name: &ObjectName) -> bool {
    match name.schema.as_deref() {
        Some("information_schema") => true,
        Some("pg_catalog") | None => name.name.starts_with("pg_"),
        Some(_) => false,
    }
}
