use squawk_syntax::SyntaxNode;

use super::context::Context;
use crate::ddl::Query;

/// A statement that reads or writes rows, by its node.
pub(super) fn query(node: &SyntaxNode, cx: &mut Context<'_>) -> Query {
    Query { span: cx.span_of(node.text_range()), ..Query::default() }
}
