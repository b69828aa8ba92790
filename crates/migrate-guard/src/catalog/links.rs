//! Who rests on what: kept with every change, so that dropping or renaming need not look through everything.

use super::{Catalog, Column, Constraint, ConstraintKind, DefaultValue, RelationId, Trigger};
use crate::catalog::edit::Value;
use crate::{ObjectName, QualifiedName};

/// Something that others rest on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Node {
    /// A relation.
    Relation(RelationId),
    /// A type, the row type of a relation too.
    Type(QualifiedName),
    /// The functions of a name.
    Function(QualifiedName),
    /// A schema; what is in it rests on it.
    Schema(String),
}

/// A part of a relation.
pub(super) trait Part: Value {
    /// What it rests on.
    fn uses(&self) -> Vec<Node>;
}

impl Part for Column {
    fn uses(&self) -> Vec<Node> {
        let ty = self.ty.as_ref().and_then(|ty| full(&ty.name)).map(Node::Type);
        ty.into_iter().chain(self.default.iter().flat_map(DefaultValue::uses)).collect()
    }
}

impl DefaultValue {
    fn uses(&self) -> Vec<Node> {
        let functions = self.calls.iter().filter_map(full).map(Node::Function);
        functions.chain(self.sequences.iter().copied().map(Node::Relation)).collect()
    }
}

impl Part for Constraint {
    fn uses(&self) -> Vec<Node> {
        match &self.kind {
            ConstraintKind::Foreign { references, .. } => vec![Node::Relation(*references)],
            _ => Vec::new(),
        }
    }
}

impl Part for Trigger {
    fn uses(&self) -> Vec<Node> {
        full(&self.function).map(Node::Function).into_iter().collect()
    }
}

/// An index, a partition: what it rests on it says itself.
impl Part for RelationId {
    fn uses(&self) -> Vec<Node> {
        Vec::new()
    }
}

/// The name of a policy, a rule.
impl Part for String {
    fn uses(&self) -> Vec<Node> {
        Vec::new()
    }
}

/// A name that says in which schema; without one it is PostgreSQL's own, or nobody knows.
fn full(name: &ObjectName) -> Option<QualifiedName> {
    name.schema.is_some().then(|| name.or_in(""))
}

impl Catalog {
    /// What rests on `node`, in order.
    pub(super) fn users(&self, node: Node) -> impl Iterator<Item = &Node> {
        let first = (node.clone(), Node::Relation(RelationId(0)));
        let links = self.links.range(first..);
        links
            .map(|((used, user), _)| (used, user))
            .take_while(move |(used, _)| **used == node)
            .map(|(_, user)| user)
    }

    /// The relations that rest on `node`.
    pub(super) fn relations_using(&self, node: Node) -> Vec<RelationId> {
        let users = self.users(node);
        let relations = users.filter_map(|user| if let Node::Relation(id) = user { Some(*id) } else { None });
        relations.collect()
    }

    pub(super) fn link(&mut self, used: Node, by: Node) {
        let link = (used, by);
        *self.links.entry(link.clone()).or_default() += 1;
        self.on_undo(move |catalog| catalog.less(&link));
    }

    pub(super) fn unlink(&mut self, used: Node, by: Node) {
        let link = (used, by);
        self.less(&link);
        self.on_undo(move |catalog| *catalog.links.entry(link.clone()).or_default() += 1);
    }

    fn less(&mut self, link: &(Node, Node)) {
        if let Some(count) = self.links.get_mut(link) {
            *count -= 1;
            if *count == 0 {
                self.links.remove(link);
            }
        }
    }
}
