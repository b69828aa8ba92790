use crate::Evidence;
use crate::Level;
use crate::claim::Claim;
use crate::ddl::Ddl;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L19",
    name: "ddl-on-a-condition",
    level: Level::Warning,
    condition: "A `DO` block changes the schema on a condition that the earlier migrations do not decide.",
    effect: "Whether a lock is taken shows only when it runs.",
    workaround: "Say what is to be done in plain statements with `IF [NOT] EXISTS`, or let the history decide the condition.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
DO $$
BEGIN
  IF current_setting('server_version_num')::int > 140000 THEN
    ALTER TABLE users ADD COLUMN email text;
  END IF;
END $$;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN IF NOT EXISTS email text;
",
    source: "https://www.postgresql.org/docs/current/sql-do.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    if !matches!(moment.statement.ddl, Ddl::Do(_)) {
        return;
    }
    let undecided =
        |claim: &&Claim| claim.evidence == Evidence::Assumed && claim.when.is_some() && claim.lock.blocks();
    if let Some(claim) = moment.claims(|_| true).into_iter().find(undecided) {
        let message = format!("whether {} is locked here shows only when it runs", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
