use squawk_parser::SyntaxKind;

use super::super::context::Context;
use super::super::name;
use super::Walk;
use super::calls::keyword_function;
use super::locks::RowLocks;
use crate::ddl::{Read, RowLock};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// What can stand in `FROM`, a join, or like it.
pub(super) fn is_item(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::RELATION_FROM_ITEM
            | SyntaxKind::PAREN_FROM_ITEM
            | SyntaxKind::FUNCTION_FROM_ITEM
            | SyntaxKind::EXPR_FROM_ITEM
            | SyntaxKind::ROWS_FROM_ITEM
            | SyntaxKind::ON_CLAUSE
            | SyntaxKind::RELATION_NAME
            | SyntaxKind::RELATION_NAME_REF
            | SyntaxKind::JOIN_USING_CLAUSE
    )
}

impl Walk<'_, '_> {
    /// An item of `FROM`.
    pub(super) fn item(&mut self, node: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::RELATION_FROM_ITEM | SyntaxKind::RELATION_NAME => self.relation(node),
            SyntaxKind::RELATION_NAME_REF => self.read(node, None, false),
            SyntaxKind::PAREN_FROM_ITEM => self.paren(node),
            SyntaxKind::JOIN_USING_CLAUSE => {}
            _ => self.unlocked(node),
        }
    }

    /// `ONLY name AS alias TABLESAMPLE …`.
    fn relation(&mut self, item: &SyntaxNode) {
        let Some(named) = item.children().find(|child| child.kind() == SyntaxKind::RELATION_NAME_REF) else {
            return;
        };
        let alias = alias(item, self.cx);
        let own = alias.unwrap_or_else(|| name::name(self.cx.text_of(named.text_range())));
        let lock = self.locks.of(Some(&own));
        self.read(&named, lock, has_only(item) || is_in_only(item));
        let samples = item.children().filter(|child| child.kind() == SyntaxKind::TABLESAMPLE_CLAUSE);
        samples.flat_map(|sample| sample.children()).for_each(|part| self.sampled(&part));
    }

    /// A way of sampling looks like a call of a function and is none.
    fn sampled(&mut self, part: &SyntaxNode) {
        if part.kind() == SyntaxKind::CALL_EXPR {
            part.children().skip(1).for_each(|arguments| self.unlocked(&arguments));
        } else {
            self.unlocked(part);
        }
    }

    fn read(&mut self, named: &SyntaxNode, lock: Option<RowLock>, only: bool) {
        if let Some(function) = keyword_function(named) {
            return self.keyword(named, function);
        }
        let name = name::object(self.cx.text_of(named.text_range()));
        if !self.is_cte(&name) && !name.name.is_empty() {
            let span = self.cx.span_of(named.text_range());
            self.found.reads.push(Read { name, span, lock, only });
        }
    }

    /// A subquery or a join in parentheses: a lock of its alias is one of all in it.
    fn paren(&mut self, item: &SyntaxNode) {
        let alias = alias(item, self.cx);
        let query = item.children().any(|child| child.kind() == SyntaxKind::PAREN_SELECT);
        let locks = if query || alias.is_some() {
            RowLocks::all(self.locks.of(alias.as_deref()))
        } else {
            self.locks.clone()
        };
        let outer = std::mem::replace(&mut self.locks, locks);
        self.all(item);
        self.locks = outer;
    }

    /// What is computed in `FROM` or in a join's condition is not locked.
    fn unlocked(&mut self, node: &SyntaxNode) {
        let outer = std::mem::take(&mut self.locks);
        self.all(node);
        self.locks = outer;
    }
}

fn alias(item: &SyntaxNode, cx: &Context<'_>) -> Option<String> {
    let alias = item.children().find_map(ast::FromAlias::cast)?.name()?;
    Some(name::name(cx.text(&alias)))
}

pub(in crate::frontend) fn has_only(node: &SyntaxNode) -> bool {
    node.elements().any(|element| element.kind() == SyntaxKind::ONLY_KW)
}

/// `ONLY (name)`: the word stands two nodes above.
fn is_in_only(item: &SyntaxNode) -> bool {
    let above = item
        .parent()
        .filter(|parent| parent.kind() == SyntaxKind::PAREN_EXPR)
        .and_then(|paren| paren.parent());
    above.is_some_and(|above| has_only(&above))
}
