use squawk_parser::SyntaxKind;

use super::super::name;
use super::super::names::Names;
use super::super::walk::{Walk, has_only};
use super::shape;
use crate::ObjectName;
use crate::ddl::{Query, Rows};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

impl Walk<'_, '_> {
    /// What a query writes.
    pub(super) fn writes(&self, node: &SyntaxNode, query: &mut Query) {
        let Some(target) = target(node) else { return };
        query.target = self.object(&target);
        query.target_only = has_only(&target);
        query.columns = self.columns(node);
        query.rows = rows(node);
        query.on_conflict = on_conflict(node);
    }

    fn object(&self, target: &SyntaxNode) -> Option<ObjectName> {
        let named = |kind| matches!(kind, SyntaxKind::RELATION_NAME_REF | SyntaxKind::TABLE_NAME_REF);
        let node = target.descendants().find(|node| named(node.kind()))?;
        Some(name::object(self.cx.text_of(node.text_range())))
    }

    /// The columns a statement names as those it writes, each once, in order.
    fn columns(&self, node: &SyntaxNode) -> Vec<String> {
        let written = node.children().flat_map(|clause| written(&clause));
        let names: Names = written.map(|named| name::name(self.cx.text_of(named.text_range()))).collect();
        names.into()
    }
}

/// The node that names what is written to.
fn target(node: &SyntaxNode) -> Option<SyntaxNode> {
    node.children().find(|child| {
        matches!(
            child.kind(),
            SyntaxKind::RELATION_NAME_REF
                | SyntaxKind::RELATION_NAME
                | SyntaxKind::TABLE_RELATION_NAME
                | SyntaxKind::COPY_TABLE
        ) && node.kind() != SyntaxKind::TABLE
    })
}

/// The names of columns in a clause that says which are written. What is set `ON CONFLICT` is not among those of the
/// `INSERT`.
fn written(clause: &SyntaxNode) -> impl Iterator<Item = SyntaxNode> + use<> {
    let names = matches!(
        clause.kind(),
        SyntaxKind::COLUMN_TARGET_LIST
            | SyntaxKind::SET_CLAUSE
            | SyntaxKind::COPY_TABLE
            | SyntaxKind::MERGE_WHEN_MATCHED
            | SyntaxKind::MERGE_WHEN_NOT_MATCHED_TARGET
            | SyntaxKind::MERGE_WHEN_NOT_MATCHED_SOURCE
    );
    let of = names.then(|| clause.descendants().filter(is_written));
    of.into_iter().flatten()
}

fn is_written(node: &SyntaxNode) -> bool {
    let above = node.parent().map(|parent| parent.kind());
    node.kind() == SyntaxKind::COLUMN_NAME_REF
        && matches!(above, Some(SyntaxKind::COLUMN_TARGET | SyntaxKind::COLUMN_REF_LIST))
}

fn rows(node: &SyntaxNode) -> Rows {
    if node.kind() != SyntaxKind::INSERT {
        return Rows::None;
    }
    match shape::source(node) {
        Some(source) => {
            ast::Values::cast(source).map_or(Rows::Query, |values| Rows::Values(row_count(&values)))
        }
        None => Rows::Values(1),
    }
}

fn row_count(values: &ast::Values) -> usize {
    values.row_list().map_or(0, |list| list.rows().count())
}

/// `ON CONFLICT`; whether it updates.
fn on_conflict(node: &SyntaxNode) -> Option<bool> {
    let clause = node.children().find(|child| child.kind() == SyntaxKind::ON_CONFLICT_CLAUSE)?;
    Some(clause.children().any(|action| action.kind() == SyntaxKind::CONFLICT_DO_UPDATE_SET))
}
