use crate::Age;
use crate::Level;
use crate::claim::{Claim, Work};
use crate::linter::Finding;
use crate::rules::{Check, FileMoment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B02",
    name: "lock-held-through",
    level: Level::Warning,
    condition: "A lock that others wait for is held while long work, writes or a sleep go on in the same transaction.",
    effect: "What took a moment by itself now lasts as long as the work that follows.",
    workaround: "Split the file: the long work first, or in a transaction of its own; what takes the strong lock last.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
CREATE INDEX orders_user ON orders (user_id);
-- this migration:
ALTER TABLE users ADD COLUMN phone text;
SELECT pg_sleep(60);
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
",
    source: "https://www.postgresql.org/docs/current/explicit-locking.html",
    check: Check::File(check),
};

fn check(moment: &FileMoment<'_>, findings: &mut Vec<Finding>) {
    let mut held: Option<(usize, &Claim)> = None;
    for (statement, effects, transaction) in moment.statements {
        let Some(transaction) = *transaction else { continue };
        if let Some((within, first)) = held
            && within == transaction
            && (effects.sleeps || effects.claims.iter().any(works))
        {
            let message = format!("{} stays locked ({}) while this runs", first.relation, first.lock);
            findings.push(moment.at(statement.span, message).about(&first.relation));
            return;
        }
        let strong = effects.claims.iter().find(|claim| claim.age == Age::Old && claim.lock.blocks());
        held = match (held, strong) {
            (Some((within, first)), _) if within == transaction => Some((within, first)),
            (_, strong) => strong.map(|claim| (transaction, claim)),
        };
    }
}

fn works(claim: &Claim) -> bool {
    claim.age == Age::Old && (claim.is_slow() || claim.work.has(Work::Dml))
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::lines;

    /// Whether a lock is held through what follows it.
    #[track_caller]
    fn is_held_through(rest: &str) -> bool {
        !lines("B02", &format!("BEGIN;\nALTER TABLE a ADD b int;\n{rest}\nCOMMIT;")).is_empty()
    }

    #[test]
    fn a_sleep_holds_a_lock_longer_where_it_is_certain() {
        assert!(is_held_through("SELECT pg_catalog.pg_sleep(5);"));
        assert!(is_held_through("DO $$ BEGIN PERFORM pg_sleep_for('1 minute'); END $$;"));
        assert!(!is_held_through("DO $$ BEGIN IF random() > 0.5 THEN PERFORM pg_sleep(5); END IF; END $$;"));
        assert!(!is_held_through("SELECT now();"));
        assert!(!is_held_through("COMMIT; SELECT pg_sleep(5); BEGIN;"));
    }
}
