use crate::Level;
use crate::claim::ChangeKind;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "C11",
    name: "result-shape",
    level: Level::Note,
    condition: "A column comes or goes, and statements that say `SELECT *` or `RETURNING *` get another shape.",
    effect: "Prepared statements of the running release fail once with `cached plan must not change result type`.",
    workaround: "Name the columns in code; or let the driver prepare again after that error.",
    bad: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
ALTER TABLE users ADD COLUMN email text;
",
    good: r"-- earlier:
CREATE TABLE users (id bigint PRIMARY KEY);
-- this migration:
COMMENT ON TABLE users IS 'everybody';
",
    source: "src/backend/utils/cache/plancache.c, RevalidateCachedQuery",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for change in moment.changes(|kind| matches!(kind, ChangeKind::ResultShape)) {
        let message = format!(
            "`SELECT *` on {} gets another shape: statements prepared before fail once",
            change.relation
        );
        findings.push(moment.about(change, &message));
    }
}
