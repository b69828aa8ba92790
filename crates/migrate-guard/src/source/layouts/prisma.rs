//! Prisma Migrate.
//!
//! - Each folder is a migration, its name the version; they are applied in the order of their names
//!   (`packages/migrate/src/utils/listMigrations.ts` in prisma/prisma; a folder without `migration.sql` is an error there).
//! - The whole script goes as one simple query (`apply_migration_script` in `flavour/postgres/connector/native/mod.rs` of
//!   prisma/prisma-engines), so PostgreSQL runs several statements as one transaction, and one statement as itself
//!   (prisma/orm #14456, #22922).
//! - From Prisma 7.4 on (prisma/prisma-engines #5767) the script is first split into statements, each a query of its own;
//!   where Prisma's parser does not take all of it, as with `DROP INDEX CONCURRENTLY` (#5847), it goes as a whole as
//!   before. That depends on the version and on that parser, so the older rule is the default here; say
//!   [`Wrapping::None`](crate::Wrapping::None) for the newer one.
//! - No word in a file changes this.

use super::{Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Prisma,
    known_by: ("folder", "with `migration.sql`"),
    sign: |seen: &Seen<'_>| Sign::strong_if(matches!(role(seen.path), Role::Up(_)) || seen.path == LOCK),
    role,
    in_each_folder: Some(FILE),
    order: Order::Text,
    templates: |_| Templates::Given,
    markers: Markers::None,
    wrapping: |_| Wrapping::SimpleQuery,
    out_of_order: "`prisma migrate deploy` applies it after those that are applied",
    edited: "`prisma migrate deploy` does not notice, `prisma migrate dev` wants to reset the database",
    #[cfg(feature = "history")]
    checksum: Checksum::Sha256,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "_prisma_migrations",
        columns: "migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, false",
        rest: "ORDER BY started_at",
    }),
};

const FILE: &str = "migration.sql";
const LOCK: &str = "migration_lock.toml";

fn role(path: &str) -> Role {
    match split(path) {
        (Some(folder), FILE) if !folder.contains('/') => Role::Up(folder.to_owned()),
        (Some(_), "down.sql") => Role::Down,
        (_, name) if without_sql(name).is_some() => Role::Skipped("`<folder>/migration.sql`"),
        _ => Role::Aside,
    }
}
