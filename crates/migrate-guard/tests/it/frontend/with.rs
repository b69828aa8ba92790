use handover_migrate_guard::ddl::Ddl;
use handover_migrate_guard::statements;
use proptest::prelude::*;

/// Names that are few, so that tables and `WITH`s share them.
const NAMES: &[&str] = &["a", "b", "c", "d"];

/// A query whose reads are known by how it is made.
#[derive(Clone, Debug)]
struct Made {
    recursive: bool,
    with: Vec<(usize, Made)>,
    from: Vec<Item>,
    exists: Option<Box<Made>>,
    union: Option<Box<Made>>,
}

#[derive(Clone, Debug)]
enum Item {
    Name(usize),
    Qualified(usize),
    Query(Box<Made>),
}

fn made() -> impl Strategy<Value = Made> {
    let item = prop_oneof![(0..NAMES.len()).prop_map(Item::Name), (0..NAMES.len()).prop_map(Item::Qualified)];
    let leaf = prop::collection::vec(item, 1..3).prop_map(|from| Made {
        recursive: false,
        with: Vec::new(),
        from,
        exists: None,
        union: None,
    });
    leaf.prop_recursive(3, 24, 3, |inner| {
        let name = (0..NAMES.len()).prop_map(Item::Name);
        let item = prop_oneof![name, inner.clone().prop_map(|query| Item::Query(Box::new(query)))];
        let with = prop::collection::vec((0..NAMES.len(), inner.clone()), 0..3);
        let part = || prop::option::of(inner.clone().prop_map(Box::new));
        (any::<bool>(), with, prop::collection::vec(item, 1..3), part(), part())
            .prop_map(|(recursive, with, from, exists, union)| Made { recursive, with, from, exists, union })
    })
}

impl Made {
    fn sql(&self) -> String {
        let tables = self.with.iter().map(|(name, query)| format!("{} AS ({})", NAMES[*name], query.sql()));
        let tables = tables.collect::<Vec<_>>().join(", ");
        let with = match self.recursive {
            _ if tables.is_empty() => String::new(),
            true => format!("WITH RECURSIVE {tables} "),
            false => format!("WITH {tables} "),
        };
        let items: Vec<_> = self.from.iter().enumerate().map(|(at, item)| item.sql(at)).collect();
        let exists = self.exists.as_ref().map(|query| format!(" WHERE EXISTS ({})", query.sql()));
        let union = self.union.as_ref().map(|query| format!(" UNION ({})", query.sql()));
        let (exists, union) = (exists.unwrap_or_default(), union.unwrap_or_default());
        format!("{with}SELECT 1 FROM {}{exists}{union}", items.join(", "))
    }

    /// What it reads: each name that no `WITH` around it has.
    fn reads(&self, around: &[usize], found: &mut Vec<String>) {
        let mut known = around.to_vec();
        if self.recursive {
            known.extend(self.with.iter().map(|(name, _)| *name));
        }
        for (name, query) in &self.with {
            query.reads(&known, found);
            known.push(*name);
        }
        for item in &self.from {
            match item {
                Item::Name(name) if known.contains(name) => {}
                Item::Name(name) => found.push(NAMES[*name].to_owned()),
                Item::Qualified(name) => found.push(format!("s.{}", NAMES[*name])),
                Item::Query(query) => query.reads(&known, found),
            }
        }
        self.exists.iter().chain(&self.union).for_each(|query| query.reads(&known, found));
    }
}

impl Item {
    fn sql(&self, at: usize) -> String {
        match self {
            Self::Name(name) => format!("{} AS t{at}", NAMES[*name]),
            Self::Qualified(name) => format!("s.{} t{at}", NAMES[*name]),
            Self::Query(query) => format!("({}) t{at}", query.sql()),
        }
    }
}

proptest! {
    #[test]
    fn a_name_of_a_with_is_read_nowhere_and_every_other_is(query in made()) {
        let sql = query.sql();
        let mut expected = Vec::new();
        query.reads(&[], &mut expected);
        let Some(Ddl::Query(read)) = statements(&sql).into_iter().next().map(|statement| statement.ddl) else {
            return Err(TestCaseError::fail(sql));
        };
        let found: Vec<_> = read.reads.iter().map(|read| read.name.to_string()).collect();
        prop_assert_eq!(found, expected, "{}", sql);
    }
}
