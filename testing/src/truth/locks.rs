use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _, raw_sql};

/// What this session holds on relations of the database it is in.
const LOCKS: &str = "\
    SELECT relation::int8, mode FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() \
    AND locktype = 'relation' AND granted AND database = \
    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/// As `pg_locks` spells them, weakest first.
const STRENGTH: [&str; 8] = [
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
];

/// The strongest lock on each relation.
#[derive(Debug, Default)]
pub(super) struct Locks(BTreeMap<i64, usize>);

impl Locks {
    /// Those of the open transaction.
    pub(super) async fn read(connection: &mut PgConnection) -> sqlx::Result<Self> {
        let mut locks = BTreeMap::new();
        for row in raw_sql(LOCKS).fetch_all(connection).await? {
            let mode: &str = row.try_get(1)?;
            let strength = STRENGTH.iter().position(|name| *name == mode).unwrap_or_default();
            let strongest = locks.entry(row.try_get(0)?).or_insert(strength);
            *strongest = strength.max(*strongest);
        }
        Ok(Self(locks))
    }

    pub(super) fn on(&self, relation: i64) -> Option<&'static str> {
        STRENGTH.get(*self.0.get(&relation)?).copied()
    }
}
