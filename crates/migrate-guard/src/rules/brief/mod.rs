//! Others wait a moment, or the migration fails; and what makes a moment long.

mod b01_missing_lock_timeout;
mod b02_lock_held_through;
mod b03_lock_order;
mod b04_create_table_fk;
mod b05_drop_foreign_key;
mod b06_drop_referencing_table;
mod b07_trigger;
mod b08_drop_index;
mod b09_brief_lock;
mod b10_validated_at_once;
mod b11_concurrently_in_transaction;
mod b12_concurrent_index_short_timeout;
mod b13_invalid_index_kept;
mod b14_enum_value_used_at_once;
mod b15_transaction_of_its_own;
mod b16_refused;
mod bounds;

use super::Rule;

pub(super) static RULES: [&Rule; 16] = [
    &b01_missing_lock_timeout::RULE,
    &b02_lock_held_through::RULE,
    &b03_lock_order::RULE,
    &b04_create_table_fk::RULE,
    &b05_drop_foreign_key::RULE,
    &b06_drop_referencing_table::RULE,
    &b07_trigger::RULE,
    &b08_drop_index::RULE,
    &b09_brief_lock::RULE,
    &b10_validated_at_once::RULE,
    &b11_concurrently_in_transaction::RULE,
    &b12_concurrent_index_short_timeout::RULE,
    &b13_invalid_index_kept::RULE,
    &b14_enum_value_used_at_once::RULE,
    &b15_transaction_of_its_own::RULE,
    &b16_refused::RULE,
];
