//! goose.
//!
//! - `<version>_<name>.sql` or `.go`, the version a number above zero; folders are not entered (`collectFilesystemSources` in
//!   `provider_collect.go`, `NumericComponent` in `migration.go`). Ordered by version.
//! - What stands between `-- +goose Up` and `-- +goose Down` is run statement by statement in one transaction; with
//!   `-- +goose NO TRANSACTION` anywhere in the file, each by itself (`runSQLMigration` in `migration_sql.go`). What
//!   `StatementBegin` and `StatementEnd` hold together is one message; it is taken for one statement here, as it is meant.
//! - `-- +goose ENVSUB ON` puts in the environment (`internal/sqlparser/parser.go`).

use super::{Around, Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{ends, integer, numbered, split, without_sql};
use crate::text::{Markers, Marks, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Goose,
    known_by: ("file", "with `-- +goose Up`"),
    sign: |seen: &Seen<'_>| {
        let sql = without_sql(split(seen.path).1).is_some();
        Sign::strong_if(sql && Marks::of(seen.text, Markers::Goose).up > 0)
    },
    role,
    in_each_folder: None,
    order: Order::Number,
    templates: |_| Templates::Environment,
    markers: Markers::Goose,
    wrapping,
    out_of_order: "goose refuses to run, unless it is told `-allow-missing`",
    edited: "goose does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "goose_db_version",
        columns: "DISTINCT ON (version_id) version_id::text, NULL::text, true, NOT is_applied, false",
        rest: "WHERE version_id > 0 ORDER BY version_id, id DESC",
    }),
};

fn role(path: &str) -> Role {
    let (folder, name) = split(path);
    let version = numbered(name).and_then(|(version, _)| integer(version)).filter(|version| version != "0");
    let go = ends(name, ".go") && !ends(name, "_test.go");
    match version.filter(|_| folder.is_none()) {
        Some(version) if without_sql(name).is_some() => Role::Up(version),
        Some(version) if go => Role::Code("Go", version),
        _ if without_sql(name).is_some() => Role::Skipped("`<number>_<name>.sql` in the folder itself"),
        _ => Role::Aside,
    }
}

fn wrapping(around: &Around<'_>) -> Wrapping {
    if around.marks.bare > 0 { Wrapping::None } else { Wrapping::Transaction }
}
