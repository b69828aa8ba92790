use crate::Level;
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};
use crate::{Age, QualifiedName};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B03",
    name: "lock-order",
    level: Level::Warning,
    condition: "Several tables in use are locked in one transaction, and another file locks two of them the other way round.",
    effect: "Two transactions that lock the same tables in opposite order can wait for each other for ever: PostgreSQL kills one of them.",
    workaround: "Lock one table per transaction, or always in the same order.",
    bad: r"-- earlier:
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
-- this migration:
ALTER TABLE b ADD COLUMN y int;
ALTER TABLE a ADD COLUMN y int;
",
    good: r"-- earlier:
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
-- this migration:
ALTER TABLE a ADD COLUMN y int;
ALTER TABLE b ADD COLUMN y int;
",
    source: "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut first_locked: Vec<(&QualifiedName, usize)> = Vec::new();
    for (statement, effects, transaction) in moment.statements {
        let Some(transaction) = *transaction else { continue };
        let locks = effects.claims.iter().filter(|claim| claim.age != Age::File && claim.lock.blocks());
        for claim in locks {
            let earlier = first_locked
                .iter()
                .filter(|(name, within)| *within == transaction && *name != &claim.relation);
            let against = earlier
                .copied()
                .find_map(|(name, _)| Some((name, other_way_round(moment, name, &claim.relation)?)));
            if let Some((name, file)) = against {
                let message = format!(
                    "{} is locked after {name}, and {file} locks them the other way round",
                    claim.relation
                );
                findings.push(moment.at(statement.span, message).about(&claim.relation));
                return;
            }
            first_locked.push((&claim.relation, transaction));
        }
    }
}

/// The file that locks `second` before `first`.
fn other_way_round<'a>(
    moment: &FileMoment<'a>,
    first: &QualifiedName,
    second: &QualifiedName,
) -> Option<&'a str> {
    let place = |order: &[QualifiedName], name: &QualifiedName| order.iter().position(|other| other == name);
    let against = moment.locked_before.iter().rev().find(|(_, order)| {
        matches!((place(order, first), place(order, second)), (Some(first), Some(second)) if second < first)
    });
    against.map(|(path, _)| path.as_str())
}
