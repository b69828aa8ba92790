use rustc_hash::FxHashSet;

use super::World;
use crate::QualifiedName;
use crate::catalog::{Relation, RelationId};

/// The words of statements that could not be looked into.
///
/// A table that such a statement names may have been changed by it, so what is said of it from then on is assumed.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubt {
    words: FxHashSet<String>,
}

impl World<'_> {
    /// Takes note of the text of a statement that could not be looked into.
    pub fn doubt(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        self.doubt.words.extend(words.map(str::to_owned));
    }

    /// Whether such a statement named a relation, or what that is a partition of.
    pub(super) fn is_in_doubt(&self, name: &QualifiedName) -> bool {
        if self.doubt.words.is_empty() {
            return false;
        }
        let whole = self.catalog.id(name).and_then(|(_, relation)| self.parent(relation));
        let above = std::iter::successors(whole, |(_, relation)| self.parent(relation));
        let named = |name: &str| self.doubt.words.contains(name);
        named(&name.name) || above.take(64).any(|(_, relation)| named(&relation.name.name))
    }

    fn parent(&self, relation: &Relation) -> Option<(RelationId, &Relation)> {
        let id = relation.partition_of?;
        Some((id, self.catalog.get(id)?))
    }
}

#[cfg(test)]
mod tests {
    use crate::replay::World;
    use crate::{Evidence, LintContext, statements};

    #[test]
    fn what_an_unread_statement_names_is_assumed_from_then_on() {
        let context = LintContext::default();
        let mut world = World::new(&context);
        let history = "CREATE TABLE a (x date) PARTITION BY RANGE (x);
            CREATE TABLE a1 PARTITION OF a DEFAULT; CREATE TABLE b (x int);";
        for statement in statements(history) {
            world.run(&statement);
        }
        world.begin_file(1);
        world.doubt("DO $$ BEGIN EXECUTE make_partitions('a'); END $$");
        let next = statements("ALTER TABLE a ADD COLUMN y int; ALTER TABLE b ADD COLUMN y int;");
        let claims: Vec<_> = next.iter().flat_map(|statement| world.run(statement).claims).collect();
        let said =
            |name: &str| claims.iter().find(|claim| claim.relation.name == name).map(|claim| claim.evidence);
        assert_eq!(said("a"), Some(Evidence::Assumed));
        assert_eq!(said("a1"), Some(Evidence::Assumed));
        assert_eq!(said("b"), Some(Evidence::Decided));
    }
}
