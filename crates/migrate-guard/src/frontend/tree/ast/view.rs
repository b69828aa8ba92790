//! What the tables of views are made of.

/// Views of one kind of nodes each: `View = KIND { child: View, children: [View], token: (KIND) }`.
macro_rules! views {
    ($($view:ident = $kind:ident { $($part:ident: $what:tt),* $(,)? })*) => {$(
        #[derive(Debug, Clone)]
        pub(in crate::frontend) struct $view {
            pub(super) node: crate::frontend::tree::SyntaxNode,
        }

        impl $view {
            pub(super) const KIND: squawk_parser::SyntaxKind = squawk_parser::SyntaxKind::$kind;
            $(part!($part $what);)*
        }

        impl crate::frontend::tree::ast::AstNode for $view {
            fn can_cast(kind: squawk_parser::SyntaxKind) -> bool {
                kind == Self::KIND
            }

            fn cast(node: crate::frontend::tree::SyntaxNode) -> Option<Self> {
                (node.kind() == Self::KIND).then_some(Self { node })
            }

            fn syntax(&self) -> &crate::frontend::tree::SyntaxNode {
                &self.node
            }
        }
    )*};
}

/// What is right in a node.
macro_rules! part {
    ($part:ident [$view:ident]) => {
        pub(in crate::frontend) fn $part(
            &self,
        ) -> crate::frontend::tree::ast::AstChildren<crate::frontend::tree::ast::$view> {
            crate::frontend::tree::ast::AstChildren::of(&self.node)
        }
    };
    ($part:ident ($kind:ident)) => {
        pub(in crate::frontend) fn $part(&self) -> Option<crate::frontend::tree::SyntaxNode> {
            self.node.token(squawk_parser::SyntaxKind::$kind)
        }
    };
    ($part:ident $view:ident) => {
        pub(in crate::frontend) fn $part(&self) -> Option<crate::frontend::tree::ast::$view> {
            crate::frontend::tree::ast::child(&self.node)
        }
    };
}

/// Views of several kinds: `Choice = [Views] [Choices] Other [KINDS]`, where those kinds have no view.
macro_rules! choices {
    ($($choice:ident = [$($view:ident)*] [$($inner:ident)*] $($other:ident [$($kind:ident)+])?;)*) => {$(
        #[derive(Debug, Clone)]
        pub(in crate::frontend) enum $choice {
            $($view(crate::frontend::tree::ast::$view),)*
            $($inner(crate::frontend::tree::ast::$inner),)*
            $($other(crate::frontend::tree::SyntaxNode),)?
        }

        impl crate::frontend::tree::ast::AstNode for $choice {
            fn can_cast(kind: squawk_parser::SyntaxKind) -> bool {
                match kind {
                    $(crate::frontend::tree::ast::$view::KIND => true,)*
                    $($(squawk_parser::SyntaxKind::$kind)|+ => true,)?
                    _ => false $(|| crate::frontend::tree::ast::$inner::can_cast(kind))*,
                }
            }

            fn cast(node: crate::frontend::tree::SyntaxNode) -> Option<Self> {
                Some(match node.kind() {
                    $(crate::frontend::tree::ast::$view::KIND => Self::$view(crate::frontend::tree::ast::$view { node }),)*
                    $(kind if crate::frontend::tree::ast::$inner::can_cast(kind) => Self::$inner(crate::frontend::tree::ast::$inner::cast(node)?),)*
                    $($(squawk_parser::SyntaxKind::$kind)|+ => Self::$other(node),)?
                    _ => return None,
                })
            }

            fn syntax(&self) -> &crate::frontend::tree::SyntaxNode {
                match self {
                    $(Self::$view(view) => &view.node,)*
                    $(Self::$inner(inner) => inner.syntax(),)*
                    $(Self::$other(node) => node,)?
                }
            }
        }
    )*};
}
