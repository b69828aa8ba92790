use super::{About, fit};
use crate::ddl::{CatalogRows, Lookup};
use crate::replay::run::Run;

/// The most rows that a loop is run for.
const MAX_ROWS: usize = 1 << 10;

/// The rows of a loop over the system catalogs, each with its columns.
#[derive(Debug, Default)]
pub(in crate::replay::blocks) struct Rows {
    pub(in crate::replay::blocks) rows: Vec<Vec<(&'static str, String)>>,
    /// Whether these are all, and each is one.
    pub(in crate::replay::blocks) certain: bool,
}

impl Run<'_, '_> {
    /// The question that a body asks, with the values of its variables put in; what is not known makes it partial.
    pub(in crate::replay::blocks) fn asked(&self, lookup: &Lookup) -> Lookup {
        let mut asked = lookup.clone();
        for (column, variable) in asked.variables.drain(..).collect::<Vec<_>>() {
            match self.scope.value(&variable) {
                Some(value) => asked.equals.push((column, value.to_owned())),
                None => asked.partial = true,
            }
        }
        asked
    }

    /// The rows that a loop over the system catalogs is run for, as far as they can be told.
    pub(in crate::replay::blocks) fn catalog_rows(&self, looped: &CatalogRows) -> Option<Rows> {
        let lookup = self.asked(&looped.lookup);
        let about = About::of(&lookup).filter(|_| !lookup.equals.is_empty())?;
        let mut found =
            Rows { rows: Vec::new(), certain: !lookup.partial && self.world.knows(about, &lookup) };
        self.world.visit(about, &lookup, &mut |row| match fit(row, &lookup) {
            Some(false) => {}
            fits => {
                found.certain &= fits.is_some();
                found.rows.extend((found.rows.len() <= MAX_ROWS).then(|| row.values()));
            }
        });
        (found.rows.len() <= MAX_ROWS && (found.certain || !found.rows.is_empty())).then_some(found)
    }
}
