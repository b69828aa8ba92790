use serde::{Deserialize, Serialize};

/// How a runner keeps its migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Layout {
    /// Prisma Migrate: `<timestamp>_<name>/migration.sql`.
    Prisma,
    /// sqlx: `<version>_<name>.sql`, or `.up.sql` and `.down.sql`.
    Sqlx,
    /// Diesel: `<version>_<name>/up.sql` and `down.sql`.
    Diesel,
    /// goose: `-- +goose Up` and `-- +goose Down`.
    Goose,
    /// golang-migrate: `<version>_<name>.up.sql`.
    GolangMigrate,
    /// Flyway: `V<version>__<name>.sql`, `R__<name>.sql`.
    Flyway,
    /// dbmate: `-- migrate:up` and `-- migrate:down`.
    Dbmate,
    /// pop (soda, Buffalo): `<version>_<name>.up.sql`, with template values.
    Pop,
    /// SQL of Rails: `db/migrate/<version>_<name>.sql`, `structure.sql`.
    Rails,
    /// A folder of `.sql` files, applied in the order of their names.
    Plain,
}

/// What a runner puts around the statements of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrapping {
    /// `BEGIN` and `COMMIT`.
    #[default]
    Transaction,
    /// Nothing, but all statements go in one message, which PostgreSQL runs as one transaction unless the file has its
    /// own `BEGIN`; a file with one statement runs without.
    SimpleQuery,
    /// Nothing: each statement is its own transaction.
    None,
}
