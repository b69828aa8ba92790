//! What code of one release does not survive of the other.

mod c01_drop_column;
mod c02_rename_column;
mod c03_drop_or_rename_table;
mod c04_incompatible_type;
mod c05_required_column;
mod c06_column_required;
mod c07_drop_object;
mod c08_rename_object;
mod c09_constraint_old_writes;
mod c10_drop_default_on_required;
mod c11_result_shape;
mod c12_access;
mod c13_fk_without_index;
mod c14_json_column;
mod c15_narrow_type;
mod c16_drop_not_null;

use super::Rule;

pub(super) static RULES: [&Rule; 16] = [
    &c01_drop_column::RULE,
    &c02_rename_column::RULE,
    &c03_drop_or_rename_table::RULE,
    &c04_incompatible_type::RULE,
    &c05_required_column::RULE,
    &c06_column_required::RULE,
    &c07_drop_object::RULE,
    &c08_rename_object::RULE,
    &c09_constraint_old_writes::RULE,
    &c10_drop_default_on_required::RULE,
    &c11_result_shape::RULE,
    &c12_access::RULE,
    &c13_fk_without_index::RULE,
    &c14_json_column::RULE,
    &c15_narrow_type::RULE,
    &c16_drop_not_null::RULE,
];
