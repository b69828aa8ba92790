//! What goes away, and what goes with it.

mod constraint;
mod dependents;
mod losses;
mod remove;
mod statement;

use rustc_hash::FxHashMap;

use super::{Attempt, Refused};
use crate::QualifiedName;
use crate::catalog::{Catalog, ConstraintId, RelationId};
use crate::ddl::TypeRef;
pub(crate) use losses::{Loss, Target};

/// Something that can be dropped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Object {
    Relation(RelationId),
    Column(RelationId, String),
    Default(RelationId, String),
    Constraint(RelationId, ConstraintId),
    Trigger(RelationId, String),
    Type(QualifiedName),
    /// The function of these arguments.
    Function(QualifiedName, Vec<TypeRef>),
    Schema(String),
}

/// Whether something goes with another without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bond {
    /// It goes silently, as an index with its table.
    Part,
    /// Only with `CASCADE`.
    Dependent,
}

impl Catalog {
    /// Drops all of these, and what goes with them.
    pub(super) fn drop_all(&mut self, targets: Vec<Object>, cascade: bool) -> Attempt {
        let doomed = self.doomed(targets);
        let asked = |(object, bond): (&Object, &Bond)| *bond == Bond::Part || doomed.has_whole_of(object);
        if !cascade && !doomed.bonds.iter().all(asked) {
            return Err(Refused("other objects depend on it"));
        }
        for object in doomed.order.iter().rev() {
            self.remove(object);
        }
        Ok(())
    }

    /// All that goes: the targets first, what rests on them after.
    fn doomed(&self, targets: Vec<Object>) -> Doomed {
        let mut doomed = Doomed::default();
        for target in targets {
            doomed.add(target, Bond::Part);
        }
        let mut next = 0;
        while let Some(object) = doomed.order.get(next).cloned() {
            next += 1;
            for (dependent, bond) in self.dependents(&object) {
                doomed.add(dependent, bond);
            }
        }
        doomed
    }
}

/// What goes, in the order it was come upon.
#[derive(Debug, Default)]
struct Doomed {
    order: Vec<Object>,
    bonds: FxHashMap<Object, Bond>,
}

impl Doomed {
    fn add(&mut self, object: Object, bond: Bond) {
        let known = self.bonds.get(&object).copied();
        if known.is_none() {
            self.order.push(object.clone());
        }
        if known != Some(Bond::Part) {
            self.bonds.insert(object, bond);
        }
    }

    /// Whether it is part of a relation that goes, and so goes with it, however else it was come upon.
    fn has_whole_of(&self, object: &Object) -> bool {
        let goes = |id: &RelationId| self.bonds.contains_key(&Object::Relation(*id));
        match object {
            Object::Default(id, column) => {
                goes(id) || self.bonds.contains_key(&Object::Column(*id, column.clone()))
            }
            Object::Column(id, _) | Object::Constraint(id, _) | Object::Trigger(id, _) => goes(id),
            _ => false,
        }
    }
}
