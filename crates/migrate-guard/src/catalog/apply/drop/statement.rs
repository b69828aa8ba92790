//! `DROP …`.

use super::{Attempt, Object, Refused};
use crate::ObjectName;
use crate::catalog::apply::At;
use crate::catalog::apply::look::relation_kind;
use crate::catalog::model::lookup;
use crate::catalog::{Catalog, Found, RelationId};
use crate::claim::RelationKind;
use crate::ddl::{Drop, ObjectKind, TypeRef};

impl Catalog {
    pub(in crate::catalog::apply) fn drop_objects(&mut self, drop: &Drop, at: At<'_>) -> Attempt {
        let mut doomed = Vec::new();
        for (number, (_, name)) in drop.names.iter().enumerate() {
            let meant = match drop.kind {
                ObjectKind::Function => {
                    let arguments = drop.arguments.get(number).and_then(Option::as_deref);
                    self.function_to_drop(drop, name, arguments, at)?
                }
                _ => self.meant(drop, name, at)?,
            };
            doomed.extend(meant);
            if drop.kind == ObjectKind::Extension {
                doomed.extend(self.types_of_extension(&name.name, at));
            }
        }
        self.drop_all(doomed, drop.cascade)
    }

    /// What a name of the statement stands for; nothing, where nothing is known of it or it need not be there.
    fn meant(&mut self, drop: &Drop, name: &ObjectName, at: At<'_>) -> Attempt<Option<Object>> {
        match drop.kind {
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Index
            | ObjectKind::Sequence => self.relation_to_drop(drop, name, at),
            ObjectKind::Type | ObjectKind::Domain => self.type_to_drop(drop, name, at),
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
                self.drop_part(drop, &name.name, at).map(|()| None)
            }
            ObjectKind::Schema => self.schema_to_drop(drop, &name.name),
            ObjectKind::Extension => {
                self.put(|c| &mut c.extensions, name.name.clone(), None);
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn relation_to_drop(&mut self, drop: &Drop, name: &ObjectName, at: At<'_>) -> Attempt<Option<Object>> {
        let (id, relation) = match self.find(name, at.path) {
            Found::Here(id, relation) => (id, relation),
            Found::Gone if drop.if_exists => return Ok(None),
            Found::Gone => return Err(Refused("relation does not exist")),
            Found::Unknown => {
                let full = self.qualify(name, at.path);
                self.put(|c| &mut c.dropped, full, Some(relation_kind(drop.kind)));
                return Ok(None);
            }
        };
        if !relation.is_assumed() && !is_of_kind(relation.kind, drop.kind) {
            return Err(Refused("relation is of another kind"));
        }
        self.may_go(id, drop)?;
        Ok(Some(Object::Relation(id)))
    }

    /// That it does not belong to something else that stays.
    fn may_go(&self, id: RelationId, drop: &Drop) -> Attempt {
        let relation = self.at(id);
        let part = relation.index.as_ref().is_some_and(|info| info.constraint || info.part_of.is_some());
        let partitioned = relation.index.as_ref().is_some_and(|info| self.at(info.table).is_partitioned());
        if part || relation.of_identity {
            return Err(Refused("another object requires it"));
        }
        if drop.concurrently && partitioned {
            return Err(Refused("cannot drop partitioned index concurrently"));
        }
        Ok(())
    }

    fn type_to_drop(&mut self, drop: &Drop, name: &ObjectName, at: At<'_>) -> Attempt<Option<Object>> {
        if let Some(full) = lookup(&self.types, name, at.path) {
            return Ok(Some(Object::Type(full)));
        }
        match self.find(name, at.path) {
            Found::Here(_, relation) if relation.kind == RelationKind::Composite => {
                Ok(Some(Object::Type(relation.name.clone())))
            }
            Found::Here(..) => Err(Refused("a relation requires it")),
            Found::Unknown if !self.whole => Ok(None),
            _ if drop.if_exists => Ok(None),
            _ => Err(Refused("type does not exist")),
        }
    }

    fn schema_to_drop(&self, drop: &Drop, name: &str) -> Attempt<Option<Object>> {
        let gone = self.schemas.get(name).map_or(self.whole && name != "public", |there| !there);
        match gone {
            true if drop.if_exists => Ok(None),
            true => Err(Refused("schema does not exist")),
            false => Ok(Some(Object::Schema(name.to_owned()))),
        }
    }

    fn function_to_drop(
        &self,
        drop: &Drop,
        name: &ObjectName,
        arguments: Option<&[TypeRef]>,
        at: At<'_>,
    ) -> Attempt<Option<Object>> {
        let found = self.function_meant(name, arguments, at)?;
        if found.is_none() && self.whole && !drop.if_exists {
            return Err(Refused("function does not exist"));
        }
        Ok(found.map(|(name, arguments)| Object::Function(name, arguments)))
    }

    /// A trigger, policy or rule of a table.
    fn drop_part(&mut self, drop: &Drop, name: &str, at: At<'_>) -> Attempt {
        let Some(on) = &drop.on else { return Ok(()) };
        let table = match self.find(on, at.path) {
            Found::Here(id, _) => id,
            Found::Gone if !drop.if_exists => return Err(Refused("relation does not exist")),
            _ => return Ok(()),
        };
        let found = match drop.kind {
            ObjectKind::Trigger => self.drop_trigger(table, name)?,
            ObjectKind::Policy => self.take_name_of(table, |r| &mut r.policies, name),
            _ => self.take_name_of(table, |r| &mut r.rules, name),
        };
        let fine = found || drop.if_exists || !self.at(table).complete;
        if fine { Ok(()) } else { Err(Refused("object does not exist")) }
    }
}

/// Whether `DROP` of that kind may speak of such a relation.
fn is_of_kind(is: RelationKind, asked: ObjectKind) -> bool {
    match asked {
        ObjectKind::Table => matches!(is, RelationKind::Table | RelationKind::Partitioned),
        ObjectKind::ForeignTable => is == RelationKind::Foreign,
        ObjectKind::View => is == RelationKind::View,
        ObjectKind::MaterializedView => is == RelationKind::MaterializedView,
        ObjectKind::Index => is == RelationKind::Index,
        ObjectKind::Sequence => is == RelationKind::Sequence,
        _ => true,
    }
}
