use crate::Level;
use crate::claim::{Cause, RelationKind};
use crate::ddl::{CreateIndex, Ddl};
use crate::linter::{Finding, Fix};
use crate::rules::sql::ident;
use crate::rules::{Check, Moment, Rule};
use crate::{Span, Wrapping};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L01",
    name: "index-not-concurrent",
    level: Level::Error,
    condition: "An index is built on a table in use, and not concurrently.",
    effect: "Every write to the table waits until the index is built, which grows with the table.",
    workaround: "Build it with `CREATE INDEX CONCURRENTLY`, outside a transaction, in a file of its own. A build that was cut off leaves an invalid index: drop it before trying again. On a partitioned table: build it on `ONLY` the parent, concurrently on each partition, and attach those.",
    bad: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
-- this migration:
CREATE INDEX orders_customer ON orders (customer_id);
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
",
    source: "https://www.postgresql.org/docs/current/sql-createindex.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::BuildIndex)) {
        let message = format!("an index is built on {} while every write to it waits", claim.relation);
        let finding = moment.at(claim, &message);
        findings.push(match &moment.statement.ddl {
            Ddl::CreateIndex(index) if claim.kind != RelationKind::Partitioned => {
                concurrently(moment, finding, index)
            }
            _ => finding,
        });
    }
}

/// Within a transaction the word alone would make the migration fail. Dropping an index that is in the way is for people to
/// decide: it may be a good one, which somebody built by hand.
fn concurrently(moment: &Moment<'_>, finding: Finding, index: &CreateIndex) -> Finding {
    let Some(concurrent) = Concurrent::of(moment, index) else { return finding };
    let is_one_message = moment.migration.wrapping == Wrapping::SimpleQuery && concurrent.drop.is_some();
    if moment.transaction.is_some() || is_one_message {
        return finding.instead(concurrent.in_files(moment));
    }
    let finding = finding.instead(concurrent.in_place(moment));
    if concurrent.drop.is_some() { finding } else { finding.fixed_by(concurrent.fix()) }
}

/// The same index, built concurrently.
struct Concurrent {
    /// What drops an invalid index of an earlier try, which `IF NOT EXISTS` would keep.
    drop: Option<String>,
    /// Where the word comes in, in place of these words.
    word: Span,
}

impl Concurrent {
    fn of(moment: &Moment<'_>, index: &CreateIndex) -> Option<Self> {
        let place = index.after_index.end;
        let (Some(name), true) = (&index.name, index.if_not_exists) else {
            return Some(Self { drop: None, word: Span::new(place, place) });
        };
        let rest = moment.text(Span::new(place, moment.statement.span.end));
        let schema = index.table.schema.as_deref().map(|schema| format!("{}.", ident(schema)));
        let name = format!("{}{}", schema.unwrap_or_default(), ident(name));
        let drop = Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name};"));
        Some(Self { drop, word: Span::new(place, place + length_of_if_not_exists(rest)?) })
    }

    fn create(&self, moment: &Moment<'_>) -> String {
        let whole = moment.statement.span;
        let before = moment.text(Span::new(whole.start, self.word.start));
        format!("{before} CONCURRENTLY{};", moment.text(Span::new(self.word.end, whole.end)))
    }

    fn in_place(&self, moment: &Moment<'_>) -> String {
        let drop = self.drop.as_ref().map(|drop| format!("{drop}\n"));
        drop.unwrap_or_default() + &self.create(moment)
    }

    fn in_files(&self, moment: &Moment<'_>) -> String {
        let create = self.create(moment);
        match &self.drop {
            Some(drop) => format!("{}\n-- and in another such file:\n{create}", moment.outside(drop)),
            None => moment.outside(&create),
        }
    }

    fn fix(self) -> Fix {
        let edits = vec![(self.word, " CONCURRENTLY".to_owned())];
        Fix { title: "build it concurrently".to_owned(), edits }
    }
}

/// `None` where something else stands between the words.
fn length_of_if_not_exists(text: &str) -> Option<usize> {
    let mut rest = text;
    for word in ["if", "not", "exists"] {
        rest = rest.trim_start();
        rest.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
        rest = rest.get(word.len()..)?;
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use crate::linter::Finding;
    use crate::{InMemory, Layout, LintContext, MigrationLinter, MigrationSource, PostgresLinter, Span};

    #[track_caller]
    fn finding(layout: Layout, name: &str, sql: &str) -> Finding {
        let set = InMemory::new().with_layout(layout).with_file(name, sql).read().unwrap();
        let mut report = PostgresLinter::new().lint(&set, &LintContext::default());
        let mut found = report.files.remove(0).findings;
        found.retain(|finding| finding.rule == "L01");
        found.remove(0)
    }

    fn edited(layout: Layout, name: &str, sql: &str) -> Option<String> {
        let edits = finding(layout, name, sql).fix?.edits;
        let mut new = sql.to_owned();
        for (Span { start, end }, text) in edits.iter().rev() {
            new.replace_range(start..end, text);
        }
        Some(new)
    }

    #[test]
    fn an_invalid_index_of_an_earlier_try_is_dropped_before() {
        let sql = "create unique index  if not\n exists \"I\" ON s.t (a);";
        insta::assert_snapshot!(finding(Layout::Plain, "1_a.sql", sql).rewrite.unwrap(), @r#"
        DROP INDEX CONCURRENTLY IF EXISTS s."I";
        create unique index CONCURRENTLY "I" ON s.t (a);
        "#);
    }

    #[test]
    fn only_what_drops_nothing_is_edited() {
        let plain = |sql| edited(Layout::Plain, "1_a.sql", sql);
        assert_eq!(
            plain("CREATE INDEX i ON t (a);").as_deref(),
            Some("CREATE INDEX CONCURRENTLY i ON t (a);")
        );
        assert_eq!(plain("CREATE INDEX IF NOT EXISTS i ON t (a);"), None);
    }

    #[test]
    fn two_statements_are_not_put_into_one_message() {
        let sql = "-- no-transaction\nCREATE INDEX IF NOT EXISTS i ON t (a);";
        assert_eq!(edited(Layout::Sqlx, "1_a.sql", sql), None);
        let finding = finding(Layout::Sqlx, "1_a.sql", sql);
        insta::assert_snapshot!(finding.rewrite.unwrap(), @"
        -- in a file of its own; its first line must be `-- no-transaction`
        DROP INDEX CONCURRENTLY IF EXISTS i;
        -- and in another such file:
        CREATE INDEX CONCURRENTLY i ON t (a);
        ");
    }
}
