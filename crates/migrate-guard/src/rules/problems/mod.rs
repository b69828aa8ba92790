//! What may be wrong with a set of migrations, whatever its statements say.

mod p01_edited;
mod p02_out_of_order;
mod s01_unreadable;
mod s02_not_utf8;
mod s03_too_large;
mod s04_duplicate_version;
mod s05_missing;
mod s06_unfinished;
mod s07_other_layout;
mod s08_skipped;
mod s09_empty;
mod s10_not_sql;
mod s11_no_file;
mod s12_unmarked;
mod say;
#[cfg(test)]
mod tests;

use super::Rule;
pub use say::problem_findings;

pub(super) static RULES: [&Rule; 14] = [
    &p01_edited::RULE,
    &p02_out_of_order::RULE,
    &s01_unreadable::RULE,
    &s02_not_utf8::RULE,
    &s03_too_large::RULE,
    &s04_duplicate_version::RULE,
    &s05_missing::RULE,
    &s06_unfinished::RULE,
    &s07_other_layout::RULE,
    &s08_skipped::RULE,
    &s09_empty::RULE,
    &s10_not_sql::RULE,
    &s11_no_file::RULE,
    &s12_unmarked::RULE,
];
