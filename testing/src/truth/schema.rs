use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _, raw_sql};

/// Every relation of the user's, temporary ones and those of TOAST left out.
const RELATIONS: &str = "\
    SELECT c.oid::int8, n.nspname || '.' || c.relname, c.relkind::text, c.relfilenode::int8, i.indrelid::int8 \
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid \
    WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND c.relkind <> 't' AND n.nspname <> 'pg_toast'";

/// The columns of tables.
const COLUMNS: &str = "\
    SELECT a.attrelid::int8, a.attnum, a.attname::text, a.atttypid::int8, a.atttypmod, a.attnotnull, \
    a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' OR t.typdefault IS NOT NULL \
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND a.attnum > 0 \
    AND NOT a.attisdropped";

/// The schema at one moment, by the numbers that PostgreSQL gives, which outlive a rename.
#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    pub(super) relations: BTreeMap<i64, Relation>,
}

#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// With its schema, unquoted.
    pub(super) name: String,
    /// As `pg_class.relkind` has it.
    pub(super) kind: char,
    /// Where its rows are; another number means that they were written anew.
    pub(super) file: i64,
    /// Of an index: on which table.
    pub(super) table: Option<i64>,
    /// Of a table, by the number that outlives a rename.
    pub(super) columns: BTreeMap<i16, Column>,
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its type, and what limits it.
    pub(super) ty: (i64, i32),
    pub(super) required: bool,
    /// Whether the server fills it in: by a default of its own or of its domain, as an identity, or generated.
    pub(super) filled: bool,
}

impl Schema {
    pub(super) async fn read(connection: &mut PgConnection) -> sqlx::Result<Self> {
        let mut relations = BTreeMap::new();
        for row in raw_sql(RELATIONS).fetch_all(&mut *connection).await? {
            let kind: String = row.try_get(2)?;
            let relation = Relation {
                name: row.try_get(1)?,
                kind: kind.chars().next().unwrap_or_default(),
                file: row.try_get(3)?,
                table: row.try_get(4)?,
                columns: BTreeMap::new(),
            };
            relations.insert(row.try_get(0)?, relation);
        }
        let mut schema = Self { relations };
        schema.read_columns(connection).await?;
        Ok(schema)
    }

    async fn read_columns(&mut self, connection: &mut PgConnection) -> sqlx::Result<()> {
        for row in raw_sql(COLUMNS).fetch_all(connection).await? {
            let column = Column {
                name: row.try_get(2)?,
                ty: (row.try_get(3)?, row.try_get(4)?),
                required: row.try_get(5)?,
                filled: row.try_get(6)?,
            };
            if let Some(relation) = self.relations.get_mut(&row.try_get(0)?) {
                relation.columns.insert(row.try_get(1)?, column);
            }
        }
        Ok(())
    }

    /// Where a relation's rows are.
    pub(super) fn file(&self, relation: i64) -> Option<i64> {
        self.relations.get(&relation).map(|relation| relation.file)
    }

    /// The indexes of a table: their numbers, and where each is kept.
    pub(super) fn indexes(&self, table: i64) -> impl Iterator<Item = (i64, i64)> {
        let of_it = move |(_, relation): &(&i64, &Relation)| relation.table == Some(table);
        self.relations.iter().filter(of_it).map(|(id, relation)| (*id, relation.file))
    }
}
