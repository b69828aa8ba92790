//! The names PostgreSQL makes where none is given.

use rustc_hash::FxHashMap;

use super::Catalog;
use crate::QualifiedName;

/// The most bytes of a name (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

/// `name_addition_label`, as `makeObjectName` of PostgreSQL's `indexcmds.c` cuts it to fit: the longer of the two names
/// first, byte by byte, and then back to the start of a character.
pub(super) fn object_name(name: &str, addition: &str, label: &str) -> String {
    let mut parts = [name.len(), addition.len()];
    let joints = usize::from(!addition.is_empty()) + 1;
    let room = LONGEST.saturating_sub(label.len() + joints);
    while parts[0] + parts[1] > room {
        let longer = usize::from(parts[0] <= parts[1]);
        parts[longer] -= 1;
    }
    let (name, addition) = (clip(name, parts[0]), clip(addition, parts[1]));
    if addition.is_empty() { format!("{name}_{label}") } else { format!("{name}_{addition}_{label}") }
}

/// The first `most` bytes, or fewer where that would cut a character.
pub(super) fn clip(text: &str, most: usize) -> &str {
    let cut = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..cut.unwrap_or_default()).unwrap_or_default()
}

/// The columns of an index or a key joined for its name, as `ChooseIndexNameAddition` does it.
pub(super) fn addition<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() > LONGEST {
            break;
        }
    }
    joined
}

/// The names of an index's own columns, made different from one another as `ChooseIndexColumnNames` does it.
pub(super) fn labels<'a>(columns: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for column in columns {
        let numbered = (1..).map(|n: u32| {
            let digits = n.to_string();
            format!("{}{digits}", clip(column, LONGEST - digits.len()))
        });
        let mut names = std::iter::once(column.to_owned()).chain(numbered);
        labels.extend(names.find(|name| !labels.contains(name)));
    }
    labels
}

/// Whose name is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Naming {
    /// A relation's.
    Relation,
    /// A constraint's.
    Constraint,
    /// That of an index and its constraint.
    Both,
}

/// From where numbers are tried: a schema that has many names of one stem is not gone through each time.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbering {
    next: FxHashMap<Stem, u32>,
    /// The names that were passed over, and for which stems.
    passed: FxHashMap<QualifiedName, Vec<(Stem, u32)>>,
}

/// A name without a number.
type Stem = (QualifiedName, Naming);

impl Numbering {
    /// A name is free again.
    pub(super) fn freed(&mut self, name: &QualifiedName) {
        for (stem, number) in self.passed.remove(name).unwrap_or_default() {
            let next = self.next.entry(stem).or_default();
            *next = number.min(*next);
        }
    }

    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        self.next.clear();
        self.passed.clear();
    }
}

impl Catalog {
    /// The first of `name_addition_label`, `…_label1`, `…_label2` that is free in `schema`.
    pub(super) fn choose_name(
        &mut self,
        schema: &str,
        (name, addition, label): (&str, &str, &str),
        naming: Naming,
    ) -> String {
        let stem = (QualifiedName::new(schema, object_name(name, addition, label)), naming);
        let mut number = self.numbering.next.get(&stem).copied().unwrap_or_default();
        loop {
            let label = if number == 0 { label.to_owned() } else { format!("{label}{number}") };
            let full = QualifiedName::new(schema, object_name(name, addition, &label));
            if !self.is_taken(&full, naming) {
                self.numbering.next.insert(stem, number);
                return full.name;
            }
            self.numbering.passed.entry(full).or_default().push((stem.clone(), number));
            number += 1;
        }
    }

    fn is_taken(&self, name: &QualifiedName, naming: Naming) -> bool {
        let (relation, constraint) =
            (self.names.contains_key(name), self.constraint_names.contains_key(name));
        match naming {
            Naming::Relation => relation,
            Naming::Constraint => constraint,
            Naming::Both => relation || constraint,
        }
    }
}
