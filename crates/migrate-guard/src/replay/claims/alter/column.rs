use super::{Alter, Reach};
use crate::Span;
use crate::claim::{Cause, Works};
use crate::ddl::ColumnAction;

impl Alter<'_, '_> {
    /// `ALTER COLUMN`.
    pub(super) fn column(&mut self, span: Span, name: &str, action: &ColumnAction) {
        match action {
            ColumnAction::Type { ty, collation, using } => {
                let new =
                    super::column_type::New { ty, collation: collation.as_ref(), using: using.as_ref() };
                self.column_type(span, name, &new);
            }
            ColumnAction::SetNotNull => self.set_not_null(span, name),
            ColumnAction::DropNotNull => self.drop_not_null(span, name),
            ColumnAction::SetExpression(_) => self.set_expression(span, name),
            _ => {
                let (reach, cause) = self.plain_column(action);
                self.each(reach, span, &cause, Works::NONE);
            }
        }
    }

    fn plain_column(&self, action: &ColumnAction) -> (Reach, Cause) {
        match action {
            ColumnAction::SetDefault(_) | ColumnAction::DropDefault => (Reach::Tree, Cause::Default),
            ColumnAction::SetStatistics => (Reach::Tree, Cause::Harmless),
            ColumnAction::SetOptions => (Reach::Here, Cause::Harmless),
            ColumnAction::SetStorage => (Reach::Tree, Cause::Other("SET STORAGE")),
            ColumnAction::SetCompression => (Reach::Here, Cause::Other("SET COMPRESSION")),
            ColumnAction::DropExpression => (Reach::Tree, Cause::Other("DROP EXPRESSION")),
            _ => (self.reach_of_identity(), Cause::Other("IDENTITY")),
        }
    }

    /// From version 17 on, partitions share the identity of their table.
    fn reach_of_identity(&self) -> Reach {
        let shared = self.table.is_partitioned() && self.ledger.pg().at_least(17);
        if shared { Reach::Tree } else { Reach::Here }
    }

    /// `SET EXPRESSION`: what is stored is computed anew, what is virtual is not; a check on it is proven again.
    fn set_expression(&mut self, span: Span, name: &str) {
        for table in self.reached(Reach::Tree) {
            let stored = table.column(name).and_then(|column| column.generated);
            let work = if stored == Some(false) { Works::NONE } else { table.rewrite() };
            let deed = self.deed(span, Cause::AddStoredGenerated).with(work).assumed_if(stored.is_none());
            self.ledger.on(&table, deed);
        }
    }
}
