use crate::Level;
use crate::catalog::{Catalog, Found, Relation, SearchPath};
use crate::ddl::{Action, Constraint, ConstraintKind, Ddl};
use crate::linter::Finding;
use crate::rules::sql::idents;
use crate::rules::{Check, FileMoment, Rule};
use crate::{ObjectName, Span};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C13",
    name: "fk-without-index",
    level: Level::Note,
    condition: "A foreign key whose columns no index begins with.",
    effect: "Deleting or changing a referenced row reads the whole referencing table.",
    workaround: "Build an index on the referencing columns, concurrently if the table is in use.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));
CREATE INDEX notes_user ON notes (user_id);
",
    source: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    for (statement, ..) in moment.statements {
        for (span, table, columns) in foreign_keys(&statement.ddl) {
            if let Found::Here(_, relation) = moment.catalog.find(table, &SearchPath::default())
                && !is_led_by(moment.catalog, relation, columns)
            {
                let message = format!("no index of {} begins with ({})", relation.name, idents(columns));
                findings.push(moment.at(span, message).about(&relation.name));
            }
        }
    }
}

/// The foreign keys a statement makes: where, on which table, of which columns.
fn foreign_keys(ddl: &Ddl) -> Vec<(Span, &ObjectName, &[String])> {
    let (table, constraints): (_, Vec<&Constraint>) = match ddl {
        Ddl::CreateTable(it) => {
            let inline = it.columns.iter().flat_map(|column| &column.constraints);
            (&it.name, it.constraints.iter().chain(inline).collect())
        }
        Ddl::AlterTable(it) => {
            (&it.name, it.actions.iter().flat_map(|(_, action)| of_action(action)).collect())
        }
        _ => return Vec::new(),
    };
    let keys = constraints.into_iter().filter_map(|it| match &it.kind {
        ConstraintKind::Foreign { columns, .. } => Some((it.span, table, columns.as_slice())),
        _ => None,
    });
    keys.collect()
}

fn of_action(action: &Action) -> Vec<&Constraint> {
    match action {
        Action::AddConstraint(constraint) => vec![constraint],
        Action::AddColumn { column, .. } => column.constraints.iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether an index has these columns first, in whatever order.
fn is_led_by(catalog: &Catalog, table: &Relation, columns: &[String]) -> bool {
    let indexes = table.indexes.iter().filter_map(|id| catalog.get(*id)?.index.as_ref());
    indexes.into_iter().any(|index| {
        let first: Vec<_> = index.columns.iter().take(columns.len()).flatten().collect();
        !index.partial && first.len() == columns.len() && columns.iter().all(|column| first.contains(&column))
    })
}
