use rowan::GreenNodeBuilder;
use squawk_parser::SyntaxKind;
use squawk_syntax::ast::AstNode as _;
use squawk_syntax::decoded_text::DecodedText;

use super::Literal;
use crate::frontend::tree::SyntaxNode;

impl Literal {
    /// What it is: the kind of its first token.
    pub(in crate::frontend) fn kind(&self) -> Option<SyntaxKind> {
        self.node.elements().next().map(|token| token.kind())
    }

    /// The text that a string stands for.
    pub(in crate::frontend) fn string_value(&self) -> Option<String> {
        self.plain().or_else(|| Some(self.decoded_value()?.into_text()))
    }

    /// The text that a string stands for, and where in the literal its bytes stand. The parser's own library knows how.
    pub(in crate::frontend) fn decoded_value(&self) -> Option<DecodedText> {
        squawk_syntax::ast::Literal::cast(of_library(&self.node))?.decoded_value()
    }

    /// That of a string which has nothing to decode.
    fn plain(&self) -> Option<String> {
        let is_one = self.node.elements().count() == 1 && self.kind() == Some(SyntaxKind::STRING);
        let inner = self.node.text().strip_prefix('\'')?.strip_suffix('\'')?;
        (is_one && !inner.contains(['\'', '\\'])).then(|| inner.to_owned())
    }
}

/// A node with tokens alone, as the parser's library has it.
fn of_library(node: &SyntaxNode) -> squawk_syntax::SyntaxNode {
    let (mut builder, mut at) = (GreenNodeBuilder::new(), node.text_range().start());
    builder.start_node(raw(node.kind()));
    for token in node.elements() {
        let between = usize::from(token.text_range().start() - at);
        if between > 0 {
            builder.token(raw(SyntaxKind::WHITESPACE), &" ".repeat(between));
        }
        builder.token(raw(token.kind()), token.text());
        at = token.text_range().end();
    }
    builder.finish_node();
    squawk_syntax::SyntaxNode::new_root(builder.finish())
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind.into())
}
