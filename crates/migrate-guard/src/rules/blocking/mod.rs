//! Others wait as long as the work takes.

mod l01_index_not_concurrent;
mod l02_constraint_check_valid;
mod l03_constraint_fk_valid;
mod l04_constraint_unique;
mod l05_primary_key;
mod l06_exclusion;
mod l07_set_not_null;
mod l08_type_rewrite;
mod l09_type_reindex;
mod l10_volatile_default;
mod l11_numbered_or_generated_column;
mod l12_reindex;
mod l13_refresh_materialized_view;
mod l14_table_rewrite;
mod l15_truncate;
mod l16_attach_partition;
mod l17_detach_partition;
mod l18_unbounded_write;
mod l19_ddl_on_a_condition;
mod l20_opaque;
mod l21_domain_constraint;

use super::Rule;

pub(super) static RULES: [&Rule; 21] = [
    &l01_index_not_concurrent::RULE,
    &l02_constraint_check_valid::RULE,
    &l03_constraint_fk_valid::RULE,
    &l04_constraint_unique::RULE,
    &l05_primary_key::RULE,
    &l06_exclusion::RULE,
    &l07_set_not_null::RULE,
    &l08_type_rewrite::RULE,
    &l09_type_reindex::RULE,
    &l10_volatile_default::RULE,
    &l11_numbered_or_generated_column::RULE,
    &l12_reindex::RULE,
    &l13_refresh_materialized_view::RULE,
    &l14_table_rewrite::RULE,
    &l15_truncate::RULE,
    &l16_attach_partition::RULE,
    &l17_detach_partition::RULE,
    &l18_unbounded_write::RULE,
    &l19_ddl_on_a_condition::RULE,
    &l20_opaque::RULE,
    &l21_domain_constraint::RULE,
];
