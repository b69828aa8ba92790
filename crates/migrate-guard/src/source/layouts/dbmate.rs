//! dbmate.
//!
//! - Every `.sql` file whose name begins with a digit; the digits are the version. Folders are not entered. Ordered by the
//!   files' names (`migrationFileRegexp` and `FindMigrations` in `pkg/dbmate/db.go`).
//! - A transaction around each `-- migrate:up`, unless that line says `transaction:false`; then it goes as one simple query
//!   (`Migrate`). A file may have several such parts (`pkg/dbmate/migration.go`), each with a transaction of its own: they are
//!   taken for one transaction here if all want one, and for none if they do not agree.

use super::{Around, Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{digits, split, without_sql};
use crate::text::{Markers, Marks, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Dbmate,
    known_by: ("file", "with `-- migrate:up`"),
    sign: |seen: &Seen<'_>| {
        let sql = without_sql(split(seen.path).1).is_some();
        Sign::strong_if(sql && Marks::of(seen.text, Markers::Dbmate).up > 0)
    },
    role,
    in_each_folder: None,
    order: Order::Path,
    templates: |_| Templates::Given,
    markers: Markers::Dbmate,
    wrapping,
    out_of_order: "dbmate applies it after those that are applied, or refuses with `--strict`",
    edited: "dbmate does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "schema_migrations",
        columns: "version::text, NULL::text, true, false, false",
        rest: "ORDER BY version",
    }),
};

fn role(path: &str) -> Role {
    let (folder, name) = split(path);
    match (folder, digits(name).0, without_sql(name)) {
        (_, _, None) => Role::Aside,
        (None, version, _) if !version.is_empty() => Role::Up(version.to_owned()),
        _ => Role::Skipped("a name that begins with a number, in the folder itself"),
    }
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    match around.marks.bare {
        0 => Wrapping::Transaction,
        1 if around.marks.up == 1 => Wrapping::SimpleQuery,
        _ => Wrapping::None,
    }
}
