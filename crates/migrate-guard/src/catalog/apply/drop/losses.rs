use super::Object;
use crate::QualifiedName;
use crate::catalog::{Catalog, ConstraintId, RelationId};

/// Something that a statement drops, by what it is.
#[derive(Clone, Debug)]
pub(crate) enum Target<'a> {
    /// A relation.
    Relation(RelationId),
    /// A type.
    Type(QualifiedName),
    /// The functions of a name.
    Function(QualifiedName),
    /// A schema.
    Schema(&'a str),
}

/// What relations lose, in the order it is come upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// A relation goes.
    Relation(RelationId),
    /// It loses a column.
    Column(RelationId, String),
    /// It loses a constraint.
    Constraint(RelationId, ConstraintId),
    /// It loses a default or a trigger.
    Part(RelationId),
}

impl Loss {
    /// The relation, if all of it goes.
    pub(crate) fn relation(&self) -> Option<RelationId> {
        if let Self::Relation(id) = self { Some(*id) } else { None }
    }
}

impl Catalog {
    /// What goes with all of these if nothing is in the way, they themselves first.
    pub(crate) fn losses(&self, targets: &[Target<'_>]) -> Vec<Loss> {
        let objects = targets.iter().flat_map(|target| self.objects(target)).collect();
        let doomed = self.doomed(objects).order;
        doomed.into_iter().filter_map(Object::into_loss).collect()
    }

    fn objects(&self, target: &Target<'_>) -> Vec<Object> {
        match target {
            Target::Relation(id) => vec![Object::Relation(*id)],
            Target::Type(name) => vec![Object::Type(name.clone())],
            Target::Schema(name) => vec![Object::Schema((*name).to_owned())],
            Target::Function(name) => {
                let functions = self.functions.get(name).into_iter().flatten();
                functions.map(|one| Object::Function(name.clone(), one.arguments.clone())).collect()
            }
        }
    }
}

impl Object {
    fn into_loss(self) -> Option<Loss> {
        match self {
            Self::Relation(id) => Some(Loss::Relation(id)),
            Self::Column(id, name) => Some(Loss::Column(id, name)),
            Self::Constraint(id, constraint) => Some(Loss::Constraint(id, constraint)),
            Self::Default(id, _) | Self::Trigger(id, _) => Some(Loss::Part(id)),
            Self::Type(_) | Self::Function(..) | Self::Schema(_) => None,
        }
    }
}
