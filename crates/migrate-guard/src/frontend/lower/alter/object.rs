use super::simple::simple;
use super::{Target, rename};
use crate::ddl::{Ddl, ObjectKind};
use crate::frontend::context::Context;
use crate::frontend::lower::{first_words, publication};
use crate::frontend::tree::ast;

/// `ALTER FUNCTION | PROCEDURE | ROUTINE | AGGREGATE`.
pub(in crate::frontend::lower) fn routine(node: &ast::Stmt, cx: &Context<'_>) -> Ddl {
    let kind = ObjectKind::Function;
    match node {
        ast::Stmt::AlterFunction(alter) => {
            let name = alter.function_sig().and_then(|signature| signature.function_name_ref());
            simple(kind, name, alter.action().as_ref(), node, cx)
        }
        ast::Stmt::AlterProcedure(alter) => {
            let name = alter.procedure_sig().and_then(|signature| signature.procedure_name_ref());
            simple(kind, name, alter.action().as_ref(), node, cx)
        }
        ast::Stmt::AlterRoutine(alter) => {
            let name = alter.routine_sig().and_then(|signature| signature.routine_name_ref());
            simple(kind, name, alter.action().as_ref(), node, cx)
        }
        ast::Stmt::AlterAggregate(alter) => {
            let name = alter.aggregate().and_then(|aggregate| aggregate.path_ref());
            simple(kind, name, alter.action().as_ref(), node, cx)
        }
        _ => Ddl::Other(first_words(&cx.folded(node))),
    }
}

/// `ALTER SCHEMA`.
pub(in crate::frontend::lower) fn schema(node: &ast::AlterSchema, cx: &Context<'_>) -> Ddl {
    simple(ObjectKind::Schema, node.schema_ref(), node.action().as_ref(), node, cx)
}

/// `ALTER STATISTICS`.
pub(in crate::frontend::lower) fn statistics(node: &ast::AlterStatistics, cx: &Context<'_>) -> Ddl {
    simple(ObjectKind::Statistics, node.statistics_ref(), node.action().as_ref(), node, cx)
}

/// `ALTER EXTENSION`.
pub(in crate::frontend::lower) fn extension(node: &ast::AlterExtension, cx: &Context<'_>) -> Ddl {
    simple(ObjectKind::Extension, node.extension_ref(), node.action().as_ref(), node, cx)
}

/// `ALTER PUBLICATION`.
pub(in crate::frontend::lower) fn publication(node: &ast::AlterPublication, cx: &Context<'_>) -> Ddl {
    let action = node.action();
    action
        .as_ref()
        .and_then(|action| publication::altered(action, cx))
        .unwrap_or_else(|| simple(ObjectKind::Publication, node.publication_ref(), action.as_ref(), node, cx))
}

/// `ALTER TRIGGER`.
pub(in crate::frontend::lower) fn trigger(node: &ast::AlterTrigger, cx: &Context<'_>) -> Ddl {
    let relation = node.on_relation().and_then(|on| on.relation_name_ref());
    let target = Target::new(ObjectKind::Table, relation, false, cx);
    match node.action() {
        Some(ast::AlterTriggerAction::TriggerRenameTo(to)) => {
            rename::part(&target, ObjectKind::Trigger, node.trigger_ref(), to.trigger(), cx)
        }
        _ => Ddl::Other(first_words(&cx.folded(node))),
    }
}

/// `ALTER RULE`.
pub(in crate::frontend::lower) fn rule(node: &ast::AlterRule, cx: &Context<'_>) -> Ddl {
    let relation = node.on_relation().and_then(|on| on.relation_name_ref());
    let target = Target::new(ObjectKind::Table, relation, false, cx);
    let to = node.rule_rename_to().and_then(|to| to.rule());
    rename::part(&target, ObjectKind::Rule, node.rule_ref(), to, cx)
}

/// `ALTER POLICY … RENAME TO`.
pub(in crate::frontend::lower) fn policy_renamed(
    table: Option<ast::TableNameRef>,
    old: Option<ast::PolicyRef>,
    new: Option<ast::Policy>,
    cx: &Context<'_>,
) -> Ddl {
    let target = Target::new(ObjectKind::Table, table, false, cx);
    rename::part(&target, ObjectKind::Policy, old, new, cx)
}
