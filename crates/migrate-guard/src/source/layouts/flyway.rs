//! Flyway.
//!
//! - `V<version>__<name>.sql` once each, ordered by version part by part; then `R__<name>.sql`, again whenever they change,
//!   ordered by name. `U` is the way back, `B` stands for others on an empty database; folders are entered
//!   (`ResourceNameParser`, `MigrationVersion`, `ResolvedMigrationComparator` in flyway-core). A name that does not fit is
//!   passed over.
//! - A transaction around each file, unless `<file>.conf` says `executeInTransaction=false`, or it has a statement that
//!   Flyway knows not to run in one (`detectCanExecuteInTransaction` in `PostgreSQLParser`; `REINDEX … CONCURRENTLY` is not
//!   among them); then each statement by itself (`ParserSqlScript`, `DefaultSqlScriptExecutor`).
//! - `${name}` is put in, in any case (`PlaceholderReplacingReader`), unless `<file>.conf` says
//!   `placeholderReplacement=false`.

use super::order::REPEATABLE;
use super::{Around, Order, Place, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{digits, split, without_sql};
use crate::text::{Markers, Templates, first_words};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Flyway,
    known_by: ("file", "named `V<version>__<name>.sql`"),
    sign: |seen: &Seen<'_>| {
        let code = matches!(role(seen.path), Role::Code(..));
        Sign::strong_if(code || matches!(kind(split(seen.path).1), Kind::Versioned(_) | Kind::Repeatable(_)))
    },
    role,
    in_each_folder: None,
    order: Order::Parts,
    templates,
    markers: Markers::None,
    wrapping,
    out_of_order: "Flyway refuses to run, unless `outOfOrder` is set",
    edited: "Flyway refuses to run: its checksum differs from the one recorded",
    #[cfg(feature = "history")]
    checksum: Checksum::Crc32,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "flyway_schema_history",
        columns: "DISTINCT ON (coalesce(version, script)) coalesce(version, 'R__' || replace(description, ' ', '_')), \
                  checksum::text, success, type = 'DELETE' OR type LIKE 'UNDO%', type LIKE '%BASELINE'",
        rest: "WHERE type <> 'SCHEMA' ORDER BY coalesce(version, script), installed_rank DESC",
    }),
};

/// What the name of a SQL file says.
enum Kind {
    Versioned(String),
    Repeatable(String),
    Undo,
    Baseline,
    Callback,
    Other,
}

fn kind(name: &str) -> Kind {
    let Some(stem) = without_sql(name) else { return Kind::Other };
    let (before, name) = stem.split_once("__").unwrap_or((stem, ""));
    let version = before.get(1..).unwrap_or_default().replace('_', ".");
    match before.as_bytes().first() {
        Some(b'V') if is_version(&version) => Kind::Versioned(version),
        Some(b'U') if is_version(&version) => Kind::Undo,
        Some(b'B') if is_version(&version) => Kind::Baseline,
        // Its description is recorded, in which the two are the same.
        Some(b'R') if before == "R" => Kind::Repeatable(name.replace(' ', "_")),
        _ if is_callback(before) => Kind::Callback,
        _ => Kind::Other,
    }
}

fn is_version(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && digits(part).1.is_empty())
}

/// `beforeMigrate`, `afterEachMigrateStatementError`, `createSchema` (`Event` in flyway-core).
fn is_callback(name: &str) -> bool {
    let after = |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    after("before") || after("after") || name == "createSchema"
}

fn role(path: &str) -> Role {
    let name = split(path).1;
    match kind(name) {
        Kind::Versioned(version) => Role::Up(version),
        Kind::Repeatable(name) => Role::Up(format!("{REPEATABLE}{name}")),
        Kind::Undo => Role::Down,
        Kind::Baseline => Role::Aside,
        Kind::Callback => Role::Skipped("migrations; this is a callback, which runs beside them"),
        Kind::Other if without_sql(name).is_some() => {
            Role::Skipped("`V<version>__<name>.sql`, with two underscores")
        }
        Kind::Other => code(name),
    }
}

fn code(name: &str) -> Role {
    let stem = name.strip_suffix(".java").or_else(|| name.strip_suffix(".kt")).unwrap_or_default();
    match kind(&format!("{stem}.sql")) {
        Kind::Versioned(version) => Role::Code("Java", version),
        Kind::Repeatable(name) => Role::Code("Java", format!("{REPEATABLE}{name}")),
        _ => Role::Aside,
    }
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    let set = setting(&around.place, "executeInTransaction");
    let wrapped = set.unwrap_or_else(|| !first_words(around.text).iter().any(|words| refuses(words)));
    if wrapped { Wrapping::Transaction } else { Wrapping::None }
}

/// What `<file>.conf` says of it.
fn setting(place: &Place<'_>, name: &str) -> Option<bool> {
    let configuration = (place.beside)(&format!("{}.conf", place.path))?;
    let mut settings = configuration.lines().filter_map(|line| line.split_once('='));
    let (_, value) = settings.find(|(key, _)| key.trim() == name)?;
    Some(value.trim().eq_ignore_ascii_case("true"))
}

fn templates(place: &Place<'_>) -> Templates {
    let replaced = setting(place, "placeholderReplacement").unwrap_or(true);
    if replaced { Templates::Flyway } else { Templates::Given }
}

/// Whether Flyway knows that a statement with these first words cannot run in a transaction.
fn refuses(words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    matches!(
        words.as_slice(),
        ["CREATE" | "DROP", "DATABASE" | "TABLESPACE" | "SUBSCRIPTION", ..]
            | ["ALTER", "SYSTEM", ..]
            | ["CREATE" | "DROP", "INDEX", "CONCURRENTLY", ..]
            | ["CREATE" | "DROP", "UNIQUE", "INDEX", "CONCURRENTLY", ..]
            | ["REINDEX", "SCHEMA" | "DATABASE" | "SYSTEM", ..]
            | ["REINDEX", "VERBOSE", "SCHEMA" | "DATABASE" | "SYSTEM", ..]
            | ["VACUUM", ..]
            | ["DISCARD", "ALL", ..]
    )
}
