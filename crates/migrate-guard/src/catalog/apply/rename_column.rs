//! `RENAME COLUMN`: all that names the column names it anew.

use super::{Attempt, Refused};
use crate::catalog::{Catalog, ConstraintKind, RelationId};

impl Catalog {
    pub(super) fn rename_column(&mut self, table: RelationId, from: &str, to: &str) -> Attempt {
        self.column_at(table, from)?;
        if self.at(table).column(from).is_some_and(|own| own.inherited) {
            return Err(Refused("cannot rename inherited column"));
        }
        let below = self.descendants(table);
        for id in std::iter::once(table).chain(below) {
            self.rename_own_column(id, from, to)?;
        }
        Ok(())
    }

    fn rename_own_column(&mut self, table: RelationId, from: &str, to: &str) -> Attempt {
        let position = self.column_at(table, from)?;
        if self.at(table).column(to).is_some() {
            return Err(Refused("column already exists"));
        }
        self.change(table, |r| &mut r.columns, position, |own| to.clone_into(&mut own.name));
        self.rename_in_columns(table, from, to);
        self.rename_in_triggers(table, from, to);
        self.rename_in_constraints(table, from, to);
        self.rename_in_indexes(table, from, to);
        self.rename_in_key(table, from, to);
        self.rename_in_sequences(table, from, to);
        self.rename_in_views(table, from, to);
        Ok(())
    }

    fn rename_in_views(&mut self, table: RelationId, from: &str, to: &str) {
        for view in self.views_of(table, from) {
            let mut made_of = self.at(view).made_of.clone();
            replace(&mut made_of, from, to);
            self.set(view, |r| &mut r.made_of, made_of);
        }
    }

    fn rename_in_columns(&mut self, table: RelationId, from: &str, to: &str) {
        for at in 0..self.at(table).columns.len() {
            self.change(table, |r| &mut r.columns, at, |own| replace(&mut own.made_of, from, to));
        }
    }

    fn rename_in_triggers(&mut self, table: RelationId, from: &str, to: &str) {
        for at in 0..self.at(table).triggers.len() {
            self.change(table, |r| &mut r.triggers, at, |own| replace(&mut own.columns, from, to));
        }
    }

    fn rename_in_constraints(&mut self, table: RelationId, from: &str, to: &str) {
        let own: Vec<_> = self.at(table).constraints.iter().map(|own| own.id).collect();
        for id in own {
            self.change_constraint(table, id, |own| own.kind.rename_column(from, to));
        }
        let others: Vec<_> = self.referencing(table).into_iter().map(|(user, key)| (user, key.id)).collect();
        for (user, id) in others {
            self.change_constraint(user, id, |key| {
                if let ConstraintKind::Foreign { referenced, .. } = &mut key.kind {
                    replace(referenced, from, to);
                }
            });
        }
    }

    fn rename_in_indexes(&mut self, table: RelationId, from: &str, to: &str) {
        for id in self.indexes_using(table, from) {
            let Some(mut info) = self.at(id).index.clone() else { continue };
            for column in info.columns.iter_mut().flatten().filter(|own| *own == from) {
                to.clone_into(column);
            }
            replace(&mut info.include, from, to);
            replace(&mut info.mentions, from, to);
            for text in info.expressions.iter_mut().chain(&mut info.predicate) {
                *text = replace_word(text, from, to);
            }
            self.set(id, |r| &mut r.index, Some(info));
        }
    }

    fn rename_in_key(&mut self, table: RelationId, from: &str, to: &str) {
        let Some(mut key) = self.at(table).partition_by.clone() else { return };
        replace(&mut key.columns, from, to);
        self.set(table, |r| &mut r.partition_by, Some(key));
    }

    fn rename_in_sequences(&mut self, table: RelationId, from: &str, to: &str) {
        for id in self.owned_sequences(table) {
            if self.at(id).owned_by.as_ref().is_some_and(|(_, own)| own == from) {
                self.set(id, |r| &mut r.owned_by, Some((table, to.to_owned())));
            }
        }
    }
}

impl ConstraintKind {
    fn rename_column(&mut self, from: &str, to: &str) {
        match self {
            Self::Primary { columns, .. }
            | Self::Unique { columns, .. }
            | Self::Exclude { columns, .. }
            | Self::Foreign { columns, .. } => replace(columns, from, to),
            Self::Check { text, columns, not_null } => {
                if columns.iter().any(|own| own == from) {
                    *text = replace_word(text, from, to);
                }
                replace(columns, from, to);
                replace(not_null, from, to);
            }
            Self::NotNull { column } if column == from => to.clone_into(column),
            Self::NotNull { .. } => {}
        }
    }
}

fn replace(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| *name == from) {
        to.clone_into(name);
    }
}

/// The text with a word replaced where it stands by itself.
fn replace_word(text: &str, from: &str, to: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from).filter(|_| !from.is_empty()) {
        let (before, after) =
            (rest.get(..at).unwrap_or_default(), rest.get(at + from.len()..).unwrap_or_default());
        replaced.push_str(before);
        let alone = !replaced.ends_with(part) && !after.starts_with(part);
        replaced.push_str(if alone { to } else { from });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_whole_words_are_replaced() {
        assert_eq!(super::replace_word("a > ab AND (a)", "a", "c"), "c > ab AND (c)");
    }
}
