use std::fmt;
use std::str::FromStr;

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

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 10] = [
        Self::Prisma,
        Self::Sqlx,
        Self::Diesel,
        Self::Goose,
        Self::GolangMigrate,
        Self::Flyway,
        Self::Dbmate,
        Self::Pop,
        Self::Rails,
        Self::Plain,
    ];

    /// How a file tells its runner not to wrap it in a transaction, in words.
    pub const fn opt_out(self) -> &'static str {
        match self {
            Self::Prisma => "Prisma wraps no file with a single statement",
            Self::Sqlx => "its first line must be `-- no-transaction`",
            Self::Diesel => "with `run_in_transaction = false` in a metadata.toml beside it",
            Self::Goose => "with `-- +goose NO TRANSACTION` at its top",
            Self::GolangMigrate => "golang-migrate wraps no file with a single statement",
            Self::Flyway => "with `executeInTransaction=false` in a .conf file beside it",
            Self::Dbmate => "with `-- migrate:up transaction:false`",
            Self::Pop => "pop wraps every file: run it by hand, and record it",
            Self::Rails => "with `disable_ddl_transaction!` in its migration",
            Self::Plain => "without `BEGIN`, `--single-transaction` or the like around it",
        }
    }

    /// As settings spell it: `golang-migrate`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prisma => "prisma",
            Self::Sqlx => "sqlx",
            Self::Diesel => "diesel",
            Self::Goose => "goose",
            Self::GolangMigrate => "golang-migrate",
            Self::Flyway => "flyway",
            Self::Dbmate => "dbmate",
            Self::Pop => "pop",
            Self::Rails => "rails",
            Self::Plain => "plain",
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no layout's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a layout; there are prisma, sqlx, diesel, goose, golang-migrate, flyway, dbmate, pop, rails and plain"
)]
pub struct UnknownLayout(String);

impl FromStr for Layout {
    type Err = UnknownLayout;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|layout| layout.name() == name);
        found.ok_or_else(|| UnknownLayout(name.to_owned()))
    }
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

#[cfg(test)]
mod tests {
    use super::Layout;

    #[test]
    fn a_layout_is_read_by_the_name_it_is_shown_by() {
        for layout in Layout::ALL {
            assert_eq!(layout.to_string().parse(), Ok(layout));
            assert_eq!(serde_json::to_value(layout).unwrap(), layout.name());
        }
    }

    #[test]
    fn an_unknown_layout_says_which_there_are() {
        let error = "knex".parse::<Layout>().unwrap_err();
        insta::assert_snapshot!(error, @"`knex` is not a layout; there are prisma, sqlx, diesel, goose, golang-migrate, flyway, dbmate, pop, rails and plain");
    }
}
