//! A folder of SQL.
//!
//! - Every `.sql` file, folders entered, ordered by path; names that end in `down`, `undo`, `rollback` or `revert` are ways back.
//! - No runner is known, so nothing is: each statement is taken for a transaction of its own, as `psql -f` sends them. Say
//!   [`Wrapping::Transaction`](crate::Wrapping::Transaction) for `psql --single-transaction` and most runners of one's own.

use super::{Order, Role, Rules, Seen, Sign};
use crate::Wrapping;
use crate::source::Layout;
#[cfg(feature = "history")]
use crate::source::history::Checksum;
use crate::source::names::{is_down, split, without_sql};
use crate::text::{Markers, Templates};

pub(super) static RULES: Rules = Rules {
    layout: Layout::Plain,
    known_by: ("file", "that end in `.sql`"),
    sign: |seen: &Seen<'_>| Sign::weak_if(without_sql(split(seen.path).1).is_some()),
    role,
    in_each_folder: None,
    order: Order::Path,
    templates: |_| Templates::Any,
    markers: Markers::None,
    wrapping: |_| Wrapping::None,
    out_of_order: "it is applied after those that are applied, if at all",
    edited: "nothing tells whether it is run again",
    #[cfg(feature = "history")]
    checksum: Checksum::None,
    #[cfg(feature = "history")]
    history: None,
};

fn role(path: &str) -> Role {
    match without_sql(split(path).1) {
        Some(stem) if is_down(stem) => Role::Down,
        Some(_) => Role::Up(without_sql(path).unwrap_or(path).to_owned()),
        None => Role::Aside,
    }
}
