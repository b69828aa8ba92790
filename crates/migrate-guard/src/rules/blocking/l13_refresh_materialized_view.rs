use crate::Level;
use crate::claim::Cause;
use crate::linter::Finding;
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "L13",
    name: "refresh-materialized-view",
    level: Level::Error,
    condition: "A materialized view is filled anew, and not concurrently.",
    effect: "Every read of the view waits until its query has run.",
    workaround: "`REFRESH MATERIALIZED VIEW CONCURRENTLY`; the view needs a unique index for it.",
    bad: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, day date);
CREATE MATERIALIZED VIEW per_day AS SELECT day, count(*) AS n FROM orders GROUP BY day;
-- this migration:
REFRESH MATERIALIZED VIEW per_day;
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, day date);
CREATE MATERIALIZED VIEW per_day AS SELECT day, count(*) AS n FROM orders GROUP BY day;
CREATE UNIQUE INDEX per_day_day ON per_day (day);
-- this migration:
REFRESH MATERIALIZED VIEW CONCURRENTLY per_day;
",
    source: "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    for claim in moment.long(|cause| matches!(cause, Cause::RefreshView(false))) {
        let message = format!("{} is filled anew while all its readers wait", claim.relation);
        findings.push(moment.at(claim, &message));
    }
}
