//! Sequences, and whose they are.

use super::look::new_name;
use super::{At, Attempt, Refused};
use crate::ObjectName;
use crate::catalog::{Catalog, Relation, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{CreateSequence, Persistence};

impl Catalog {
    pub(super) fn create_sequence(&mut self, create: &CreateSequence, at: At<'_>) -> Attempt {
        let name = new_name(&create.name, Persistence::Permanent, at);
        if self.is_there(&name) {
            return if create.if_not_exists { Ok(()) } else { Err(Refused("relation already exists")) };
        }
        let owner = self.owner(create.owned_by.as_ref(), at)?;
        let kind = RelationKind::Sequence;
        let id =
            self.create(Relation { name, kind, born: Some(at.file), complete: true, ..Relation::default() });
        self.own(id, owner);
        Ok(())
    }

    pub(super) fn alter_sequence(
        &mut self,
        name: &ObjectName,
        owned_by: Option<&(ObjectName, String)>,
        owned_by_none: bool,
        at: At<'_>,
    ) -> Attempt {
        let id = self.target(name, RelationKind::Sequence, at)?;
        if owned_by.is_none() && !owned_by_none {
            return Ok(());
        }
        if self.at(id).of_identity {
            return Err(Refused("cannot change ownership of identity sequence"));
        }
        let owner = self.owner(owned_by, at)?;
        self.own(id, owner);
        Ok(())
    }

    fn owner(
        &mut self,
        named: Option<&(ObjectName, String)>,
        at: At<'_>,
    ) -> Attempt<Option<(RelationId, String)>> {
        let Some((table, column)) = named else { return Ok(None) };
        let table = self.target(table, RelationKind::Table, at)?;
        self.column_at(table, column)?;
        Ok(Some((table, column.clone())))
    }
}
