use crate::ddl::{Ddl, Setting, Statement};

/// Settings that end a wait for a lock.
const BOUNDS: [&str; 2] = ["lock_timeout", "statement_timeout"];

/// What bounds the wait for locks, as a file goes by.
#[derive(Debug, Default)]
pub(super) struct Bounds<'a>(Vec<Bound<'a>>);

#[derive(Debug)]
struct Bound<'a> {
    name: &'a str,
    value: &'a str,
    /// The transaction it ends with; none where it holds on.
    within: Option<usize>,
}

impl<'a> Bounds<'a> {
    /// What a statement in this transaction sets. `SET LOCAL` outside of one is a warning and nothing more.
    pub(super) fn take(&mut self, statement: &'a Statement, transaction: Option<usize>) {
        let Ddl::Set(setting) = &statement.ddl else { return };
        if setting.name == "all" && setting.value.is_none() {
            self.0.clear();
        } else if BOUNDS.contains(&setting.name.as_str()) && !(setting.local && transaction.is_none()) {
            self.set(setting, transaction.filter(|_| setting.local));
        }
    }

    /// One that is local lies over that of the session, which comes back after it.
    fn set(&mut self, setting: &'a Setting, within: Option<usize>) {
        let value = setting.value.as_deref().filter(|value| !is_off(value));
        let lies_over = within.is_some() && value.is_some();
        self.0.retain(|bound| bound.name != setting.name || (lies_over && bound.within.is_none()));
        self.0.extend(value.map(|value| Bound { name: &setting.name, value, within }));
    }

    /// The bounds that hold in this transaction: name and value.
    pub(super) fn held(&self, transaction: Option<usize>) -> impl Iterator<Item = (&'a str, &'a str)> {
        let held = self.0.iter().filter(move |bound| bound.within.is_none() || bound.within == transaction);
        held.map(|bound| (bound.name, bound.value))
    }
}

fn is_off(value: &str) -> bool {
    value.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace()) == "0"
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::lines;

    fn unbounded(sql: &str) -> Vec<usize> {
        lines("B01", sql)
    }

    #[test]
    fn a_local_bound_ends_with_its_transaction() {
        let local = "BEGIN;\nSET LOCAL lock_timeout = '5s';\nALTER TABLE a ADD b int;\nCOMMIT;\n";
        assert_eq!(unbounded(local), [0; 0]);
        assert_eq!(unbounded(&format!("{local}ALTER TABLE a ADD c int;")), [5]);
        let over = format!("SET lock_timeout = '9s';\n{local}ALTER TABLE a ADD c int;");
        assert_eq!(unbounded(&over), [0; 0]);
    }

    #[test]
    fn what_is_reset_is_no_bound() {
        assert_eq!(unbounded("SET lock_timeout = '5s';\nRESET lock_timeout;\nALTER TABLE a ADD b int;"), [3]);
        assert_eq!(unbounded("SET lock_timeout = '5s';\nRESET ALL;\nALTER TABLE a ADD b int;"), [3]);
        assert_eq!(unbounded("SET lock_timeout = '0s';\nALTER TABLE a ADD b int;"), [2]);
        assert_eq!(unbounded("SET LOCAL lock_timeout = '5s';\nALTER TABLE a ADD b int;"), [2]);
    }

    #[test]
    fn a_build_is_cut_off_by_what_holds_where_it_stands() {
        let build = "CREATE INDEX CONCURRENTLY i ON a (b);";
        assert_eq!(lines("B12", &format!("SET lock_timeout = '2s';\n{build}")), [2]);
        assert_eq!(lines("B12", &format!("SET LOCAL lock_timeout = '2s';\n{build}")), [0; 0]);
        assert_eq!(
            lines("B12", &format!("BEGIN;\nSET LOCAL lock_timeout = '2s';\nCOMMIT;\n{build}")),
            [0; 0]
        );
    }
}
