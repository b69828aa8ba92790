use crate::Level;
use crate::linter::Finding;
use crate::replay::{Refusal, RefusalKind};
use crate::rules::{Check, Moment, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "B16",
    name: "refused",
    level: Level::Error,
    condition: "A column gets another type though a view, a trigger, a generated column or the partitioning is made of it; or an index of a partitioned table is built or dropped concurrently.",
    effect: "It fails: PostgreSQL refuses it, whatever rows there are.",
    workaround: "Drop what is made of the column, change the type and make it again, in one transaction. On a partitioned table: build the index on `ONLY` the parent, concurrently on each partition, and attach those; drop one index at a time.",
    bad: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, total varchar(10));
CREATE VIEW totals AS SELECT id, total FROM orders;
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
-- this migration:
ALTER TABLE orders ALTER COLUMN total TYPE varchar(20);
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY events_id ON events (id);
",
    good: r"-- earlier:
CREATE TABLE orders (id bigint PRIMARY KEY, total varchar(10));
CREATE VIEW totals AS SELECT id, total FROM orders;
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2027-02-01');
-- this migration:
DROP VIEW totals;
ALTER TABLE orders ALTER COLUMN total TYPE varchar(20);
CREATE VIEW totals AS SELECT id, total FROM orders;
-- this migration, outside a transaction:
CREATE INDEX CONCURRENTLY events_1_id ON events_1 (id);
",
    source: "https://www.postgresql.org/docs/current/sql-altertable.html",
    check: Check::Statement(check),
};

fn check(moment: &Moment<'_>, findings: &mut Vec<Finding>) {
    let refused = moment.effects.refused.iter().filter(|it| it.kind == RefusalKind::ByWhatIsThere);
    findings.extend(refused.map(|refusal| told(moment, refusal)));
}

fn told(moment: &Moment<'_>, refusal: &Refusal) -> Finding {
    let finding = moment.rule.finding(refusal.span, moment.context).known(refusal.evidence);
    finding.saying(format!("this fails: {}", refusal.what))
}

#[cfg(test)]
mod tests {
    use crate::rules::seen::after;

    const EARLIER: &str = "
        CREATE TABLE p (a int, b int) PARTITION BY RANGE (a);
        CREATE INDEX p_b ON p (b);
        CREATE TABLE t (a int, b int, c int, d int GENERATED ALWAYS AS (c * 2) STORED, e int, f int);
        CREATE INDEX i ON t (e);
        CREATE INDEX j ON t (f);
        CREATE TABLE u (x int, e int, f int);
        CREATE VIEW v AS SELECT t.a FROM t JOIN u ON u.x = t.e;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER g BEFORE UPDATE OF b ON t FOR EACH ROW EXECUTE FUNCTION f();
    ";

    #[track_caller]
    fn is_refused(sql: &str) -> bool {
        !after(EARLIER, "B16", sql).is_empty()
    }

    #[test]
    fn a_column_that_others_are_made_of_gets_no_other_type() {
        assert!(is_refused("ALTER TABLE t ALTER a TYPE bigint;"));
        assert!(is_refused("ALTER TABLE t ALTER b TYPE bigint;"));
        assert!(is_refused("ALTER TABLE t ALTER c TYPE bigint;"));
        assert!(is_refused("ALTER TABLE p ALTER a TYPE bigint;"));
        assert!(is_refused("ALTER TABLE u ALTER x TYPE bigint;"));
        assert!(!is_refused("ALTER TABLE t ALTER f TYPE bigint;"));
        assert!(!is_refused("ALTER TABLE u ALTER f TYPE bigint;"));
        assert!(!is_refused("ALTER TABLE t DROP COLUMN d, ALTER c TYPE bigint;"));
    }

    #[test]
    fn a_view_has_the_columns_it_was_made_with() {
        let star = "CREATE VIEW w AS SELECT * FROM u;";
        assert!(is_refused(&format!("{star} ALTER TABLE u ALTER f TYPE bigint;")));
        assert!(!is_refused(&format!("{star} ALTER TABLE u ADD g int; ALTER TABLE u ALTER g TYPE bigint;")));
        assert!(!is_refused(&format!("{star} DROP VIEW w; ALTER TABLE u ALTER f TYPE bigint;")));
        let renamed = "ALTER TABLE t RENAME a TO z;";
        assert!(is_refused(&format!("{renamed} ALTER TABLE t ALTER z TYPE bigint;")));
        let within = "CREATE VIEW w AS SELECT f FROM (SELECT count(*) AS f FROM u) AS s;";
        assert!(!is_refused(&format!("{within} ALTER TABLE u ALTER f TYPE bigint;")));
    }

    #[test]
    fn an_index_of_a_partitioned_table_is_not_made_or_dropped_concurrently() {
        assert!(is_refused("CREATE INDEX CONCURRENTLY k ON p (b);"));
        assert!(is_refused("DROP INDEX CONCURRENTLY p_b;"));
        assert!(is_refused("DROP INDEX CONCURRENTLY i, j;"));
        assert!(is_refused("DROP INDEX CONCURRENTLY i CASCADE;"));
        assert!(!is_refused("DROP INDEX CONCURRENTLY i;"));
        assert!(!is_refused("CREATE INDEX CONCURRENTLY k ON t (e); DROP INDEX i, j; DROP INDEX p_b;"));
    }
}
