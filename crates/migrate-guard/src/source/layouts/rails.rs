//! SQL of Rails.
//!
//! - Rails runs `<version>_<name>.rb` below `db/migrate`, folders entered (`MigrationFilenameRegexp` and `migration_files` in
//!   `activerecord/lib/active_record/migration.rb`), ordered by version as a number. SQL comes in through `execute`, often from
//!   a file beside it: `<version>_<name>.sql`, `.up.sql` or `_up.sql`. Those files are what is judged; a migration that is Ruby
//!   alone is said to be there and not judged.
//! - A transaction, unless the Ruby of the same version says `disable_ddl_transaction!` (`use_transaction?`); then each
//!   statement by itself, as `execute` sends it.
//! - `structure.sql` is the dump of the schema: a migration only where there is no other.

use super::{Around, Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{ends, is_down, numbered, split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Rails,
    known_by: ("file", "named `<version>_<name>.rb`"),
    sign: |seen: &Seen<'_>| Sign::strong_if(matches!(role(seen.path), Role::Code(..))),
    role,
    in_each_folder: None,
    order: Order::Number,
    templates: |_| Templates::Given,
    markers: Markers::None,
    wrapping,
    out_of_order: "Rails applies it after those that are applied",
    edited: "Rails does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "schema_migrations",
        columns: "version::text, NULL::text, true, false, false",
        rest: "ORDER BY version",
    }),
};

const STRUCTURE: &str = "structure.sql";

fn role(path: &str) -> Role {
    let name = split(path).1;
    let version = numbered(name).map(|(version, _)| number(version));
    match (version, without_sql(name)) {
        (_, Some(_)) if name == STRUCTURE => Role::Alone("structure".to_owned()),
        (_, Some(stem)) if is_down(stem) => Role::Down,
        (Some(version), Some(_)) => Role::Up(version),
        (None, Some(_)) => Role::Skipped("`<version>_<name>.sql`"),
        (Some(version), None) if ends(name, ".rb") => Role::Code("Ruby", version),
        _ => Role::Aside,
    }
}

/// Leading zeros taken off, as `to_i` does.
fn number(digits: &str) -> String {
    let number = digits.trim_start_matches('0');
    if number.is_empty() { "0".to_owned() } else { number.to_owned() }
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    let stem = without_sql(around.place.path).unwrap_or(around.place.path);
    let stem = stem.strip_suffix(".up").or_else(|| stem.strip_suffix("_up")).unwrap_or(stem);
    match (around.place.beside)(&format!("{stem}.rb")) {
        Some(ruby) if ruby.contains("disable_ddl_transaction!") => Wrapping::None,
        _ => Wrapping::Transaction,
    }
}
