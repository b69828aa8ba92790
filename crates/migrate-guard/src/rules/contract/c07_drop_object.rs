use crate::Level;
use crate::claim::ChangeKind;
use crate::ddl::Ddl;
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};
use crate::{Age, ObjectName, QualifiedName};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C07",
    name: "drop-object",
    level: Level::Error,
    condition: "A view, function, type, sequence or schema is dropped.",
    effect: "The running release fails wherever it names it.",
    workaround: "Release code that does not name it any more first; drop it in the release after.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE VIEW everybody AS SELECT id FROM users;
-- this migration:
DROP VIEW everybody;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
CREATE VIEW everybody AS SELECT id FROM users;
",
    source: "https://www.postgresql.org/docs/current/sql-dropview.html",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    for (at, (_, effects, _)) in moment.statements.iter().enumerate() {
        let gone =
            effects.changes.iter().filter(|it| it.age == Age::Old && it.kind == ChangeKind::DropObject);
        for change in gone.filter(|change| !is_made_again(moment, at, &change.relation)) {
            let message =
                format!("the running release breaks where it names {}, which goes away", change.name);
            findings.push(moment.at(change.span, message).about(&change.relation).known(change.evidence));
        }
    }
}

/// A function whose result changes must be dropped to be made again; nobody sees it gone.
fn is_made_again(moment: &FileMoment<'_>, dropped: usize, name: &QualifiedName) -> bool {
    let later = moment.statements.iter().skip(dropped + 1);
    later.filter_map(|(statement, ..)| made(&statement.ddl)).any(|made| made.name == name.name)
}

fn made(ddl: &Ddl) -> Option<&ObjectName> {
    match ddl {
        Ddl::CreateFunction(it) => Some(&it.name),
        Ddl::CreateView(it) => Some(&it.name),
        Ddl::CreateType(it) => Some(&it.name),
        Ddl::CreateSequence(it) => Some(&it.name),
        _ => None,
    }
}
