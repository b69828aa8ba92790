//! pop, the migrations of soda and Buffalo.
//!
//! - `<version>_<name>.up.sql`, with a dialect before the direction or without; folders are entered
//!   (`mrx` in `migrator.go`, `findMigrations` in `file_migrator.go`). Ordered by version as a text; of two files of one
//!   version the one for PostgreSQL is applied (`UpMigrations` in `migration_info.go`).
//! - `.fizz` files are migrations in a language of pop's own.
//! - A file is a template of Go's over the connection's details (`migration_content.go`).
//! - A transaction around each file, without a way out (`UpTo` in `migrator.go`).

use super::{Order, Role, Rules, Seen, Sign, always_a_transaction};
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{numbered, split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Pop,
    known_by: ("file", "in fizz, with `{{ … }}`, or with a dialect in its name"),
    sign,
    role,
    in_each_folder: None,
    order: Order::Text,
    templates: |_| Templates::Go,
    markers: Markers::None,
    wrapping: always_a_transaction,
    out_of_order: "pop applies it after those that are applied",
    edited: "pop does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "schema_migration",
        columns: "version::text, NULL::text, true, false, false",
        rest: "ORDER BY version",
    }),
};

/// Names by which pop knows PostgreSQL (`dialectSynonyms` in `dialect_postgresql.go`).
const DIALECTS: [&str; 5] = ["postgres", "postgresql", "pg", "pgx", "all"];

/// A name in its parts.
struct Name<'a> {
    version: &'a str,
    dialect: Option<&'a str>,
    up: bool,
    fizz: bool,
}

fn parse(name: &str) -> Option<Name<'_>> {
    let (version, rest) = numbered(name)?;
    let fizz = rest.strip_suffix(".fizz");
    let stem = fizz.or_else(|| without_sql(rest))?;
    let (stem, direction) = stem.rsplit_once('.')?;
    let dialect = stem.split_once('.').map(|(_, dialect)| dialect);
    let known = matches!(direction, "up" | "down") && !dialect.is_some_and(|dialect| dialect.contains('.'));
    known.then_some(Name { version, dialect, up: direction == "up", fizz: fizz.is_some() })
}

fn sign(seen: &Seen<'_>) -> Sign {
    match parse(split(seen.path).1) {
        Some(name) if name.fizz || name.dialect.is_some() || is_template(seen.text) => Sign::Strong,
        Some(_) => Sign::Weak,
        None => Sign::None,
    }
}

/// `'{{1,2},{3,4}}'` is an array.
fn is_template(text: &str) -> bool {
    ["{{ ", "{{-", "{{."].iter().any(|open| text.contains(open))
}

fn role(path: &str) -> Role {
    let name = split(path).1;
    match parse(name) {
        Some(name) if !name.up => Role::Down,
        Some(name) if name.dialect.is_some_and(|dialect| !DIALECTS.contains(&dialect)) => Role::Aside,
        Some(name) if name.fizz => Role::Code("fizz", name.version.to_owned()),
        Some(name) => Role::Up(name.version.to_owned()),
        // pop writes it after each run.
        None if name == "schema.sql" => Role::Aside,
        None if without_sql(name).is_some() => Role::Skipped("`<version>_<name>.up.sql`"),
        None => Role::Aside,
    }
}
