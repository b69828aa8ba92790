//! Walks a tree once, and notes what it reads, calls and names. The names of a `WITH` are known where they hold, so that
//! they are never taken for tables.

mod calls;
mod from;
mod kept;
mod locks;
mod scope;

use squawk_parser::SyntaxKind;

pub(super) use self::calls::keyword_call;
pub(super) use self::from::has_only;
pub(super) use self::kept::Kept;
use self::locks::RowLocks;
use self::scope::Scope;
use super::context::Context;
use super::name;
use super::names::Names;
use crate::ddl::{Call, Query, Read};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// What a tree reads, calls and names.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The relations it reads, in order.
    pub(super) reads: Vec<Read>,
    /// The functions it calls, in order.
    pub(super) calls: Vec<Call>,
    /// The columns it names, by their last part, each once, in order.
    pub(super) columns: Names,
    /// The writes in its `WITH`.
    pub(super) writes: Vec<Query>,
}

/// A walk over a tree. Trees are never deep: the parser's builder sees to it.
#[derive(Debug)]
pub(super) struct Walk<'w, 'a> {
    /// Where the tree stands.
    pub(super) cx: &'w Context<'a>,
    /// The names of the `WITH`s that hold here.
    scope: Scope,
    /// How rows of what stands in `FROM` here are locked.
    locks: RowLocks,
    /// What of the statement at hand is kept, if it is one of which anything is.
    kept: Option<Kept>,
    found: Found,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// A walk that knows of no `WITH`.
    pub(super) fn new(cx: &'w Context<'a>) -> Self {
        Self { cx, scope: Scope::default(), locks: RowLocks::default(), kept: None, found: Found::default() }
    }

    /// What is found by `walk` alone.
    pub(super) fn within(&mut self, walk: impl FnOnce(&mut Self)) -> Found {
        let outer = std::mem::take(&mut self.found);
        walk(self);
        std::mem::replace(&mut self.found, outer)
    }

    /// What is found in a statement, and what of its clauses is kept.
    pub(super) fn whole(&mut self, node: &SyntaxNode) -> (Found, Kept) {
        let known = self.scope.len();
        let found = self.within(|walk| {
            walk.kept = Some(Kept::default());
            if node.kind() == SyntaxKind::CALL { walk.procedure(node) } else { walk.clauses(node) }
        });
        self.scope.truncate(known);
        (found, self.kept.take().unwrap_or_default())
    }

    /// Walks a node and all in it.
    pub(super) fn visit(&mut self, node: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::SELECT
            | SyntaxKind::SELECT_INTO
            | SyntaxKind::PAREN_SELECT
            | SyntaxKind::COMPOUND_SELECT
            | SyntaxKind::VALUES
            | SyntaxKind::TABLE => self.statement(node),
            SyntaxKind::INSERT | SyntaxKind::UPDATE | SyntaxKind::DELETE | SyntaxKind::MERGE => {
                self.write(node);
            }
            SyntaxKind::CALL_EXPR => self.call(node),
            SyntaxKind::NAME_REF => self.name(node),
            SyntaxKind::FIELD_EXPR => self.field(node),
            kind if from::is_item(kind) => self.item(node),
            _ => self.all(node),
        }
    }

    fn all(&mut self, node: &SyntaxNode) {
        node.children().for_each(|child| self.visit(&child));
    }

    /// A statement, with the names of its `WITH`. In `WITH … SELECT … UNION SELECT …` the tree has the `WITH` in the
    /// first `SELECT`, and it holds for all.
    fn statement(&mut self, node: &SyntaxNode) {
        let known = self.scope.len();
        self.clauses(node);
        if !begins_compound(node) {
            self.scope.truncate(known);
        }
    }

    fn clauses(&mut self, node: &SyntaxNode) {
        let locks = std::mem::take(&mut self.locks).with(node, self.cx);
        let mut kept = self.kept.take();
        for child in node.children() {
            match (child.kind(), &mut kept) {
                (SyntaxKind::WITH_CLAUSE, _) => self.with(&child),
                (SyntaxKind::FROM_CLAUSE, _) => self.locked(locks.clone(), |walk| walk.all(&child)),
                (SyntaxKind::SELECT | SyntaxKind::PAREN_SELECT, _)
                    if node.kind() == SyntaxKind::PAREN_SELECT =>
                {
                    self.kept = kept.take();
                    self.locked(locks.clone(), |walk| walk.statement(&child));
                    kept = self.kept.take();
                }
                (SyntaxKind::WHERE_CLAUSE, Some(kept)) => self.keep_filter(&child, kept),
                (SyntaxKind::SELECT_CLAUSE, Some(kept)) => self.keep_only(node, &child, kept),
                (SyntaxKind::LOCKING_CLAUSE, _) => {}
                _ if is_target(node, &child) => {}
                _ => self.visit(&child),
            }
        }
        self.kept = kept;
    }

    fn locked(&mut self, locks: RowLocks, walk: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.locks, locks);
        walk(self);
        self.locks = outer;
    }

    /// `WITH a AS (…), b AS (…)`: each knows those before it, of `RECURSIVE` each knows all.
    fn with(&mut self, clause: &SyntaxNode) {
        let tables: Vec<_> = clause.children().filter_map(ast::WithTable::cast).collect();
        let recursive =
            ast::WithClause::cast(clause.clone()).is_some_and(|with| with.recursive_token().is_some());
        let names: Vec<_> = tables.iter().map(|table| self.table_name(table)).collect();
        let mut names = names.into_iter();
        if recursive {
            names.by_ref().for_each(|name| self.scope.push(name));
        }
        for table in &tables {
            self.all(table.syntax());
            names.next().into_iter().for_each(|name| self.scope.push(name));
        }
    }

    fn table_name(&self, table: &ast::WithTable) -> String {
        table.name().map(|cte| name::name(self.cx.text(&cte))).unwrap_or_default()
    }

    /// A write within another statement, in its `WITH` for one.
    fn write(&mut self, node: &SyntaxNode) {
        let write = self.query(node);
        self.found.writes.push(write);
    }

    /// Whether a name is one of a `WITH`.
    fn is_cte(&self, name: &crate::ObjectName) -> bool {
        name.schema.is_none() && self.scope.has(&name.name)
    }

    fn name(&mut self, node: &SyntaxNode) {
        let Some(node) = ast::NameRef::cast(node.clone()) else { return };
        match keyword_call(&node) {
            Some(function) => self.keyword(node.syntax(), function),
            None => self.found.columns.insert(name::name(self.cx.text(&node))),
        }
    }

    /// `table.column` names a column; `(row).field` names what is in the row.
    fn field(&mut self, node: &SyntaxNode) {
        let Some(field) = ast::FieldExpr::cast(node.clone()) else { return };
        match (field.base(), field.field()) {
            (Some(ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_)), Some(last))
                if field.star_token().is_none() =>
            {
                self.found.columns.insert(name::name(self.cx.text(&last)));
            }
            (Some(ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_)) | None, _) => {}
            (Some(base), _) => self.visit(base.syntax()),
        }
    }
}

fn begins_compound(node: &SyntaxNode) -> bool {
    let parent = node.parent().filter(|parent| parent.kind() == SyntaxKind::COMPOUND_SELECT);
    parent.is_some_and(|parent| parent.first_child().as_ref() == Some(node))
}

/// Whether `child` names what the statement `node` writes to.
fn is_target(node: &SyntaxNode, child: &SyntaxNode) -> bool {
    matches!(
        (node.kind(), child.kind()),
        (SyntaxKind::INSERT, SyntaxKind::RELATION_NAME_REF)
            | (SyntaxKind::UPDATE | SyntaxKind::DELETE, SyntaxKind::RELATION_NAME)
            | (SyntaxKind::MERGE, SyntaxKind::TABLE_RELATION_NAME)
            | (SyntaxKind::COPY, SyntaxKind::COPY_TABLE)
    )
}
