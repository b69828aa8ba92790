use super::fields::{Row, names, of_relation, registered, values_of};
use crate::catalog::Relation;
use crate::replay::World;

/// A partition or an inheritor with its parent, as `pg_inherits` shows them, mostly joined with `pg_class` twice: what
/// is asked is the parent's name, what is wanted the child's.
struct Shown<'a> {
    child: &'a Relation,
    parent: &'a Relation,
}

impl Row for Shown<'_> {
    fn is(&self, column: &str, value: &str) -> Option<bool> {
        match column {
            "inhparent" | "relname" | "oid" => Some(
                names(value, &self.parent.name) || (column == "relname" && self.parent.name.name == value),
            ),
            "inhrelid" => Some(names(value, &self.child.name)),
            _ => of_relation(self.child, column, value),
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        let bound =
            if self.child.default_partition { "DEFAULT" } else { "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)" };
        let own = [
            ("inhrelid", registered(&self.child.name)),
            ("inhparent", registered(&self.parent.name)),
            ("relpartbound", bound.to_owned()),
        ];
        own.into_iter().chain(values_of(self.child)).collect()
    }
}

impl World<'_> {
    pub(super) fn visit_partitions(&self, show: &mut dyn FnMut(&dyn Row)) {
        for (_, parent) in self.catalog.relations() {
            for child in parent.children.iter().filter_map(|id| self.catalog.get(*id)) {
                show(&Shown { child, parent });
            }
        }
    }
}
