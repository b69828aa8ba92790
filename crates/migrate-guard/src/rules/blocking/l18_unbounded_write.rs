use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L18",
    name: "unbounded-write",
    level: Level::Warning,
    condition: "All rows of a table, or who knows how many, are updated, deleted or locked in one statement.",
    effect: "Every row that is written or read `FOR UPDATE` stays locked until the transaction ends, and the table doubles for an update.",
    workaround: "Write in batches, each in a transaction of its own: `UPDATE … WHERE id IN (SELECT id … LIMIT 1000 FOR UPDATE SKIP LOCKED)`, in a step apart from changes to the schema.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
INSERT INTO users VALUES (1, NULL);
-- this migration:
UPDATE users SET active = true;
-- this migration:
SELECT id FROM users FOR UPDATE;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY, active boolean);
-- this migration:
UPDATE users SET active = true WHERE id IN (SELECT id FROM users WHERE active IS NULL LIMIT 1000 FOR UPDATE SKIP LOCKED);
-- this migration:
SELECT active FROM users WHERE id = 1 FOR UPDATE;
",
    source: "https://www.postgresql.org/docs/current/explicit-locking.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.claims(|cause| done(cause).is_some()) {
        let done = done(&claim.cause).unwrap_or_default();
        let message = format!(
            "rows of {} are {done} without a bound, and stay locked to the end of the transaction",
            claim.relation
        );
        findings.push(moment.at(claim, &message));
    }
}

/// What is done to rows that nobody counts.
fn done(cause: &Cause) -> Option<&'static str> {
    match cause {
        Cause::Write { unbounded: true } => Some("written"),
        Cause::LockRows => Some("locked"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::after;

    #[test]
    fn rows_that_are_locked_are_few_by_a_key_a_limit_or_a_body() {
        let earlier = "CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE b (id int);";
        let is_seen = |sql: &str| !after(earlier, "L18", sql).is_empty();
        assert!(is_seen("SELECT * FROM a FOR SHARE;"));
        assert!(is_seen("SELECT id FROM a WHERE x > 1 FOR NO KEY UPDATE SKIP LOCKED;"));
        assert!(is_seen("SELECT id FROM a FOR UPDATE OF a;"));
        assert!(!is_seen("SELECT id FROM a WHERE id = 1 FOR UPDATE;"));
        assert!(!is_seen("SELECT id FROM a LIMIT 10 FOR UPDATE;"));
        assert!(!is_seen("DO $$ DECLARE y int; BEGIN SELECT x INTO y FROM a FOR UPDATE; END $$;"));
        assert!(!is_seen("SELECT id FROM a WHERE x > 1;"));
    }
}
