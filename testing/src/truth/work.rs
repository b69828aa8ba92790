use std::collections::{BTreeMap, BTreeSet};

use sqlx::{PgConnection, Row as _, raw_sql};

use super::schema::Schema;

/// What this transaction counted for each table; earlier transactions of the session may be in it.
const COUNTS: &str = "\
    SELECT c.oid::int8, pg_catalog.pg_stat_get_xact_numscans(c.oid), \
    pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) \
    + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) \
    FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'p')";

/// Sequential scans and written rows, by table.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<i64, (i64, i64)>);

impl Counts {
    pub(super) async fn read(connection: &mut PgConnection) -> sqlx::Result<Self> {
        let mut counts = BTreeMap::new();
        for row in raw_sql(COUNTS).fetch_all(connection).await? {
            counts.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
        }
        Ok(Self(counts))
    }

    fn of(&self, table: i64) -> (i64, i64) {
        self.0.get(&table).copied().unwrap_or_default()
    }
}

/// What was done to a table between two moments: `rewrite`, `scan`, `index`, `dml`.
pub(super) fn work(table: i64, schema: [&Schema; 2], counts: [&Counts; 2]) -> BTreeSet<&'static str> {
    let [(scans, rows), (scans_after, rows_after)] = counts.map(|counts| counts.of(table));
    let done = [
        ("rewrite", rewritten(table, schema)),
        ("scan", scans_after > scans),
        ("index", indexed(table, schema)),
        ("dml", rows_after > rows),
    ];
    done.into_iter().filter_map(|(work, done)| done.then_some(work)).collect()
}

fn rewritten(table: i64, [before, after]: [&Schema; 2]) -> bool {
    let file = |schema: &Schema| schema.relations.get(&table).map(|relation| relation.file);
    matches!((file(before), file(after)), (Some(was), Some(is)) if was != is)
}

/// Whether an index on it is new, or is kept elsewhere than before.
///
/// A change of type may make an index anew and have it keep its file: nothing was built then.
fn indexed(table: i64, [before, after]: [&Schema; 2]) -> bool {
    let was: BTreeMap<i64, i64> = before.indexes(table).collect();
    let parts = |schema: &Schema| schema.indexes(table).filter(|(_, file)| *file == 0).count();
    let built = |(index, file): (i64, i64)| match file {
        // One of a partitioned table has no file. It is new if there are more of them than before.
        0 => !was.contains_key(&index) && parts(after) > parts(before),
        _ => !was.values().any(|old| *old == file) && before.file(index) != Some(file),
    };
    after.indexes(table).any(built)
}
