use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B07",
    name: "trigger",
    level: Level::Warning,
    condition: "A trigger is made, dropped, enabled or disabled on a table in use.",
    effect: "Writes to the table wait for a moment, for a drop its readers too; and from then on every write does what the trigger says.",
    workaround: "Set a `lock_timeout`, and do it in a transaction of its own.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- this migration:
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
",
    good: r"-- earlier:
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- this migration:
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
",
    source: "https://www.postgresql.org/docs/current/sql-createtrigger.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.brief(|cause| matches!(cause, Cause::Trigger)) {
        let message = format!("a trigger of {} changes: its writers wait for a moment", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
