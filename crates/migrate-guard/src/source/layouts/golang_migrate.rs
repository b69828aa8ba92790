//! golang-migrate.
//!
//! - `<version>_<name>.up.sql` and `.down.sql`; folders are not entered (`source/parse.go`, `source/iofs/iofs.go`). Ordered by
//!   version.
//! - Nothing around a file: it goes as one simple query (`Run` in `database/postgres/postgres.go`; the pgx drivers do the
//!   same). With `x-multi-statement=true` in the connection's URL it is cut at each `;`, and each piece sent by itself: say
//!   [`Wrapping::None`](crate::Wrapping::None) for that.

use super::{Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::{Checksum, Table};
use crate::source::names::{ends, numbered, split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::GolangMigrate,
    known_by: ("file", "of `.up.sql` and `.down.sql`"),
    sign: |seen: &Seen<'_>| Sign::weak_if(matches!(role(seen.path), Role::Up(_) | Role::Down)),
    role,
    in_each_folder: None,
    order: Order::Number,
    templates: |_| Templates::Given,
    markers: Markers::None,
    wrapping: |_| Wrapping::SimpleQuery,
    out_of_order: "golang-migrate never applies it: it goes on from the newest version that is recorded",
    edited: "golang-migrate does not notice",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: Some(Table {
        name: "schema_migrations",
        columns: "version::text, NULL::text, NOT dirty, false, true",
        rest: "ORDER BY version",
    }),
};

fn role(path: &str) -> Role {
    let (folder, name) = split(path);
    let Some(stem) = without_sql(name) else { return Role::Aside };
    let number = numbered(name).and_then(|(version, _)| version.parse::<u64>().ok());
    match number.filter(|_| folder.is_none()) {
        Some(_) if ends(stem, ".down") => Role::Down,
        Some(number) if ends(stem, ".up") => Role::Up(number.to_string()),
        _ => Role::Skipped("`<number>_<name>.up.sql` in the folder itself"),
    }
}
