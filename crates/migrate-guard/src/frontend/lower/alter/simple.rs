use squawk_parser::SyntaxKind;

use super::{Target, rename};
use crate::ddl::{Ddl, ObjectKind, TypeRef};
use crate::frontend::context::Context;
use crate::frontend::lower::{first_words, function};
use crate::frontend::tree::SyntaxNode;
use crate::frontend::tree::ast::{self, AstNode};

/// `RENAME TO`, `SET SCHEMA`, `OWNER TO`, as functions, schemas and the like take them; anything else touches no table.
pub(super) fn simple<T: AstNode>(
    kind: ObjectKind,
    target: Option<T>,
    action: Option<&impl AstNode>,
    statement: &impl AstNode,
    cx: &Context<'_>,
) -> Ddl {
    let mut target = Target::new(kind, target, false, cx);
    target.arguments = arguments(statement, cx);
    action
        .and_then(|action| of(&target, action, cx))
        .unwrap_or_else(|| Ddl::Other(first_words(&cx.folded(statement))))
}

/// The types of a function's arguments, where they are given.
fn arguments(statement: &impl AstNode, cx: &Context<'_>) -> Option<Vec<TypeRef>> {
    let list =
        statement.syntax().children().find_map(|part| part.children().find_map(ast::ParamList::cast))?;
    Some(function::argument_types(list, cx))
}

fn of(target: &Target, action: &impl AstNode, cx: &Context<'_>) -> Option<Ddl> {
    let node = action.syntax();
    if ast::OwnerTo::can_cast(node.kind()) {
        return Some(Ddl::SetOwner { kind: target.kind, name: target.name.clone() });
    }
    if let Some(to) = ast::SetSchema::cast(node.clone()) {
        return Some(rename::schema(target, &to, cx));
    }
    is_rename(node.kind()).then(|| rename::itself(target, node.children().last().and_then(Name::cast), cx))
}

const fn is_rename(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::AGGREGATE_RENAME_TO
            | SyntaxKind::FUNCTION_RENAME_TO
            | SyntaxKind::PROCEDURE_RENAME_TO
            | SyntaxKind::ROUTINE_RENAME_TO
            | SyntaxKind::SCHEMA_RENAME_TO
            | SyntaxKind::STATISTICS_RENAME_TO
            | SyntaxKind::PUBLICATION_RENAME_TO
            | SyntaxKind::DOMAIN_RENAME_TO
            | SyntaxKind::TYPE_RENAME_TO
    )
}

/// The last child of a `RENAME TO`, whatever kind of name it is.
struct Name(SyntaxNode);

impl AstNode for Name {
    fn can_cast(_: SyntaxKind) -> bool {
        true
    }

    fn cast(node: SyntaxNode) -> Option<Self> {
        Some(Self(node))
    }

    fn syntax(&self) -> &SyntaxNode {
        &self.0
    }
}
