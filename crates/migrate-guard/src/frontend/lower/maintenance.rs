//! `TRUNCATE`, `LOCK TABLE`, `VACUUM`, `ANALYZE`, `CLUSTER`.

use super::parts::{cascade, object};
use crate::ddl::{Ddl, LockTable, Maintenance, Truncate};
use crate::frontend::context::Context;
use crate::frontend::tree::ast;
use crate::{Lock, ObjectName};

/// `TRUNCATE`.
pub(super) fn truncate(node: &ast::Truncate, cx: &Context<'_>) -> Ddl {
    let tables = node.table_list().into_iter().flat_map(|list| list.table_relation_names());
    let tables = tables.map(|table| (object(table.table_name_ref(), cx), table.only_token().is_some()));
    Ddl::Truncate(Truncate { tables: tables.collect(), cascade: cascade(node.drop_behavior().as_ref()) })
}

/// `LOCK TABLE`.
pub(super) fn lock(node: &ast::Lock, cx: &Context<'_>) -> Ddl {
    let tables = node.relation_list().into_iter().flat_map(|list| list.relation_names());
    let tables = tables.map(|table| (object(table.relation_name_ref(), cx), table.only_token().is_some()));
    Ddl::LockTable(LockTable {
        tables: tables.collect(),
        lock: mode(node.lock_mode_clause().and_then(|clause| clause.lock_mode()).as_ref()),
        nowait: node.nowait().is_some(),
    })
}

fn mode(node: Option<&ast::LockMode>) -> Lock {
    match node {
        Some(ast::LockMode::AccessShare(_)) => Lock::AccessShare,
        Some(ast::LockMode::RowShare(_)) => Lock::RowShare,
        Some(ast::LockMode::RowExclusive(_)) => Lock::RowExclusive,
        Some(ast::LockMode::ShareUpdateExclusive(_)) => Lock::ShareUpdateExclusive,
        Some(ast::LockMode::Share(_)) => Lock::Share,
        Some(ast::LockMode::ShareRowExclusive(_)) => Lock::ShareRowExclusive,
        Some(ast::LockMode::Exclusive(_)) => Lock::Exclusive,
        Some(ast::LockMode::AccessExclusive(_)) | None => Lock::AccessExclusive,
    }
}

/// `VACUUM`.
pub(super) fn vacuum(node: &ast::Vacuum, cx: &Context<'_>) -> Ddl {
    let analyze = node.analyze_token().or(node.analyse_token()).is_some();
    Ddl::Maintenance(Maintenance::Vacuum {
        full: node.is_full(),
        analyze: analyze || asks_to_analyze(node.vacuum_option_list(), cx),
        tables: tables(node.table_and_columns_list(), cx),
    })
}

/// `VACUUM (ANALYZE)`, `VACUUM (ANALYZE on)`.
fn asks_to_analyze(list: Option<ast::VacuumOptionList>, cx: &Context<'_>) -> bool {
    let named = |option: &ast::VacuumOption| {
        let name = option.vacuum_option_name().map(|name| cx.name(&name));
        matches!(name.as_deref(), Some("analyze" | "analyse"))
    };
    let on =
        |option: &ast::VacuumOption| option.vacuum_option_value().is_none_or(|value| is_on(cx.text(&value)));
    list.into_iter().flat_map(|list| list.vacuum_options()).any(|option| named(&option) && on(&option))
}

/// Whether the value of an option says yes, as `defGetBoolean` reads it.
pub(super) fn is_on(value: &str) -> bool {
    !matches!(value.trim_matches('\'').to_ascii_lowercase().as_str(), "off" | "false" | "0" | "no")
}

/// `ANALYZE`.
pub(super) fn analyze(node: &ast::Analyze, cx: &Context<'_>) -> Ddl {
    Ddl::Maintenance(Maintenance::Analyze { tables: tables(node.table_and_columns_list(), cx) })
}

/// `CLUSTER`.
pub(super) fn cluster(node: &ast::Cluster, cx: &Context<'_>) -> Ddl {
    let legacy = node.cluster_legacy().and_then(|legacy| legacy.on_path()).and_then(|on| on.table_name_ref());
    let table = node.table_name_ref().or(legacy).map(|table| cx.object(&table));
    Ddl::Maintenance(Maintenance::Cluster { table })
}

/// `REPACK` (PostgreSQL 19), which is `CLUSTER` and `VACUUM FULL` under one name.
pub(super) fn repack(node: &ast::Repack, cx: &Context<'_>) -> Ddl {
    let table = tables(node.table_and_columns_list(), cx).into_iter().next();
    Ddl::Maintenance(Maintenance::Cluster { table })
}

fn tables(list: Option<ast::TableAndColumnsList>, cx: &Context<'_>) -> Vec<ObjectName> {
    let entries = list.into_iter().flat_map(|list| list.table_and_columnss());
    let relations = entries.filter_map(|entry| entry.table_relation_name());
    relations.map(|relation| object(relation.table_name_ref(), cx)).collect()
}
