//! Diesel.
//!
//! - Each folder with an `up.sql` is a migration; its version is what stands before the first `_`, hyphens taken out
//!   (`version_from_string` in `migrations_internals/src/lib.rs`). Versions are compared as texts
//!   (`pending_migrations` in `diesel_migrations/src/migration_harness.rs`).
//! - A folder without `up.sql` is refused, unless nothing is in it (`migrations_directories`).
//! - A transaction, unless `metadata.toml` says `run_in_transaction = false`; a `metadata.toml` that does not mention it
//!   says so too, since the field's default is `false` (`TomlMetadata`). Without a transaction the script goes as one
//!   simple query (`batch_execute` in `diesel/src/pg/connection/mod.rs`).

use super::{Around, Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Diesel,
    known_by: ("folder", "with `up.sql`"),
    sign: |seen: &Seen<'_>| Sign::strong_if(matches!(role(seen.path), Role::Up(_))),
    role,
    in_each_folder: Some("up.sql"),
    order: Order::Text,
    templates: |_| Templates::Given,
    markers: Markers::None,
    wrapping,
    out_of_order: "Diesel applies it after those that are applied",
    edited: "Diesel does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "__diesel_schema_migrations",
        columns: "version::text, NULL::text, true, false, false",
        rest: "ORDER BY version",
    }),
};

fn role(path: &str) -> Role {
    match split(path) {
        (Some(folder), "up.sql") if !folder.contains('/') => Role::Up(version(folder)),
        (Some(_), "down.sql") => Role::Down,
        (_, name) if without_sql(name).is_some() => Role::Skipped("`<folder>/up.sql`"),
        _ => Role::Aside,
    }
}

fn version(folder: &str) -> String {
    folder.split('_').next().unwrap_or_default().replace('-', "")
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    let folder = split(around.place.path).0.unwrap_or_default();
    match (around.place.beside)(&format!("{folder}/metadata.toml")) {
        Some(metadata) if !in_transaction(metadata) => Wrapping::SimpleQuery,
        _ => Wrapping::Transaction,
    }
}

/// What `run_in_transaction` is set to at the top of the document.
fn in_transaction(metadata: &str) -> bool {
    let lines = metadata.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut top = lines.take_while(|line| !line.trim_start().starts_with('['));
    let value = top.find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim().trim_matches(['"', '\'']) == "run_in_transaction").then(|| value.trim() == "true")
    });
    value.unwrap_or(false)
}
