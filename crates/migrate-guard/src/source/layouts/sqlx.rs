//! sqlx.
//!
//! - `<version>_<name>.sql`, or `.up.sql` with a `.down.sql`; what has no `_` or does not end in `.sql` is passed over, and
//!   a version that is no number is an error. Folders are not entered (`resolve_blocking_with_config` in
//!   `sqlx-core/src/migrate/source.rs`). Ordered by version.
//! - A transaction around each file, unless the file begins with `-- no-transaction`, to the letter; then it goes as one
//!   simple query (`apply` and `execute_migration` in `sqlx-postgres/src/migrate.rs`).

use super::{Around, Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{ends, integer, numbered, split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Sqlx,
    known_by: ("file", "named `<version>_<name>.sql`"),
    sign,
    role,
    in_each_folder: None,
    order: Order::Number,
    templates: |_| Templates::Given,
    markers: Markers::None,
    wrapping,
    out_of_order: "sqlx applies it after those that are applied",
    edited: "sqlx refuses to run: its checksum differs from the one recorded",
    #[cfg(feature = "history")]
    checksum: Checksum::Sha384,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "_sqlx_migrations",
        columns: "version::text, encode(checksum, 'hex'), success, false, false",
        rest: "ORDER BY version",
    }),
};

/// How a file says that it wants no transaction.
const BARE: &str = "-- no-transaction";

fn sign(seen: &Seen<'_>) -> Sign {
    match role(seen.path) {
        Role::Up(_) if seen.text.starts_with(BARE) => Sign::Strong,
        Role::Up(_) | Role::Down => Sign::Weak,
        _ => Sign::None,
    }
}

fn role(path: &str) -> Role {
    let (folder, name) = split(path);
    let Some(stem) = without_sql(name) else { return Role::Aside };
    let version = numbered(name).and_then(|(version, _)| integer(version));
    match version {
        Some(_) if folder.is_none() && ends(stem, ".down") => Role::Down,
        Some(version) if folder.is_none() => Role::Up(version),
        _ => Role::Skipped("`<number>_<name>.sql` in the folder itself"),
    }
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    if around.text.starts_with(BARE) { Wrapping::SimpleQuery } else { Wrapping::Transaction }
}
