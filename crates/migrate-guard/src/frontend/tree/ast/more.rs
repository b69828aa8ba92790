//! What a view has that is not one of its children by kind alone.

use squawk_parser::SyntaxKind;

use super::{
    Arg, ArgList, AstChildren, AstNode, CompoundSelect, Constraint, ConstraintName, ConstraintNameClause,
    ConstraintOption, CreateForeignTable, CreateTable, DoLanguage, Expr, FieldExpr, ForeignKeyColumnList,
    ForeignKeyConstraint, FuncArgExpr, Inherits, LanguageFuncOption, Literal, NameRef, ParenExpr, Reindex,
    ReindexOption, RenameValue, SelectVariant, TableArgList, TableName, Type, Vacuum, child,
};
use crate::frontend::name::name;
use crate::frontend::tree::SyntaxNode;

/// `CREATE TABLE`, `CREATE FOREIGN TABLE`.
pub(in crate::frontend) trait HasCreateTable: AstNode {
    fn table_name(&self) -> Option<TableName> {
        child(self.syntax())
    }

    fn table_arg_list(&self) -> Option<TableArgList> {
        child(self.syntax())
    }

    fn inherits(&self) -> Option<Inherits> {
        child(self.syntax())
    }
}

impl HasCreateTable for CreateTable {}
impl HasCreateTable for CreateForeignTable {}

impl Arg {
    /// It, unless it has a name.
    pub(in crate::frontend) fn expr(&self) -> Option<Expr> {
        match child(&self.node)? {
            FuncArgExpr::Expr(expr) => Some(expr),
            FuncArgExpr::NamedArg(_) => None,
        }
    }
}

impl Type {
    pub(in crate::frontend) fn arg_list(&self) -> Option<ArgList> {
        child(self.syntax())
    }
}

impl Constraint {
    pub(in crate::frontend) fn constraint_name(&self) -> Option<ConstraintName> {
        child::<ConstraintNameClause>(self.syntax())?.constraint_name()
    }

    pub(in crate::frontend) fn constraint_options(&self) -> AstChildren<ConstraintOption> {
        AstChildren::of(self.syntax())
    }
}

impl ForeignKeyConstraint {
    pub(in crate::frontend) fn columns(&self) -> Option<ForeignKeyColumnList> {
        AstChildren::of(&self.node).next()
    }

    pub(in crate::frontend) fn referenced_columns(&self) -> Option<ForeignKeyColumnList> {
        AstChildren::of(&self.node).nth(1)
    }
}

impl RenameValue {
    pub(in crate::frontend) fn from(&self) -> Option<Literal> {
        AstChildren::of(&self.node).next()
    }

    pub(in crate::frontend) fn to(&self) -> Option<Literal> {
        AstChildren::of(&self.node).nth(1)
    }
}

impl FieldExpr {
    pub(in crate::frontend) fn base(&self) -> Option<Expr> {
        child(&self.node)
    }

    pub(in crate::frontend) fn field(&self) -> Option<NameRef> {
        AstChildren::of(&self.node).last()
    }
}

impl CompoundSelect {
    /// The first query, without the parentheses around it.
    pub(in crate::frontend) fn lhs(&self) -> Option<SelectVariant> {
        let is_operand = |kind| SelectVariant::can_cast(kind) || ParenExpr::can_cast(kind);
        let mut operand = self.node.child(is_operand)?;
        while !SelectVariant::can_cast(operand.kind()) {
            operand = operand.child(is_operand)?;
        }
        SelectVariant::cast(operand)
    }
}

impl DoLanguage {
    pub(in crate::frontend) fn language_name(&self) -> Option<String> {
        self.language_ref()
            .map(|named| name(named.syntax().text()))
            .or_else(|| self.literal()?.string_value())
    }
}

impl LanguageFuncOption {
    pub(in crate::frontend) fn language_name(&self) -> Option<String> {
        self.language_ref()
            .map(|named| name(named.syntax().text()))
            .or_else(|| self.literal()?.string_value())
    }
}

impl Reindex {
    pub(in crate::frontend) fn is_concurrently(&self) -> bool {
        let target = self.reindex_target();
        let word = target.and_then(|target| target.syntax().token(SyntaxKind::CONCURRENTLY_KW)).is_some();
        let mut options = self.reindex_option_list().into_iter().flat_map(|list| list.reindex_options());
        word || options.any(|option| match option {
            ReindexOption::ReindexOptionConcurrently(option) => {
                !option.literal().is_some_and(|value| is_off(value.syntax()))
            }
            ReindexOption::Other(_) => false,
        })
    }
}

impl Vacuum {
    pub(in crate::frontend) fn is_full(&self) -> bool {
        let mut options = self.vacuum_option_list().into_iter().flat_map(|list| list.vacuum_options());
        self.full_token().is_some()
            || options.any(|option| {
                let named = option.vacuum_option_name();
                let full = named.is_some_and(|named| named.syntax().text().eq_ignore_ascii_case("full"));
                full && !option.vacuum_option_value().is_some_and(|value| is_off(value.syntax()))
            })
    }
}

/// Whether the value of an option says no.
fn is_off(value: &SyntaxNode) -> bool {
    let word = value.text().trim_matches('\'').to_ascii_lowercase();
    matches!(word.as_str(), "false" | "no" | "off" | "0")
}
