//! Triggers, rules and policies of tables.

use super::parts::{name, names, object};
use crate::ddl::{CreateTrigger, Ddl, Read, Timing, TriggerEvent};
use crate::frontend::context::Context;
use crate::frontend::expr::expr;
use crate::frontend::query::query;
use crate::frontend::tree::ast::{self, AstNode};

/// `CREATE TRIGGER`.
pub(super) fn create(node: &ast::CreateTrigger, cx: &Context<'_>) -> Ddl {
    let called = node.call_expr().and_then(|call| call.expr());
    Ddl::CreateTrigger(CreateTrigger {
        name: name(node.trigger(), cx),
        table: object(node.on_relation().and_then(|on| on.relation_name_ref()), cx),
        function: object(called, cx),
        columns: columns(node.trigger_event_list(), cx),
        events: events(node.trigger_event_list()),
        timing: timing(node.timing().as_ref()),
        each_row: matches!(node.trigger_level(), Some(ast::TriggerLevel::ForEachRow(_))),
        or_replace: node.or_replace().is_some(),
        constraint: node.constraint_token().is_some(),
        from: node.table().map(|from| object(from.table_name_ref(), cx)),
    })
}

fn events(list: Option<ast::TriggerEventList>) -> Vec<TriggerEvent> {
    let events = list.into_iter().flat_map(|list| list.trigger_events());
    let events = events.map(|event| match event {
        ast::TriggerEvent::TriggerEventInsert(_) => TriggerEvent::Insert,
        ast::TriggerEvent::TriggerEventUpdate(_) => TriggerEvent::Update,
        ast::TriggerEvent::TriggerEventDelete(_) => TriggerEvent::Delete,
        ast::TriggerEvent::TriggerEventTruncate(_) => TriggerEvent::Truncate,
    });
    events.collect()
}

/// The columns of `UPDATE OF`.
fn columns(list: Option<ast::TriggerEventList>, cx: &Context<'_>) -> Vec<String> {
    let events = list.into_iter().flat_map(|list| list.trigger_events());
    let updates = events.filter_map(|event| match event {
        ast::TriggerEvent::TriggerEventUpdate(update) => Some(names(update.column_name_refs(), cx)),
        _ => None,
    });
    updates.flatten().collect()
}

fn timing(node: Option<&ast::Timing>) -> Timing {
    match node {
        Some(ast::Timing::TimingBefore(_)) => Timing::Before,
        Some(ast::Timing::TimingInsteadOf(_)) => Timing::InsteadOf,
        Some(ast::Timing::TimingAfter(_)) | None => Timing::After,
    }
}

/// `CREATE POLICY`.
pub(super) fn create_policy(node: &ast::CreatePolicy, cx: &mut Context<'_>) -> Ddl {
    let (using, check) = (node.using_expr_clause(), node.with_check_expr_clause());
    Ddl::Policy {
        name: name(node.policy(), cx),
        table: object(node.on_table().and_then(|on| on.table_name_ref()), cx),
        create: true,
        reads: policy_reads(using, check, cx),
    }
}

/// `ALTER POLICY`.
pub(super) fn alter_policy(node: &ast::AlterPolicy, cx: &mut Context<'_>) -> Ddl {
    let table = node.on_table().and_then(|on| on.table_name_ref());
    let (using, check) = match node.action() {
        Some(ast::AlterPolicyAction::PolicyRenameTo(to)) => {
            return super::alter::policy_renamed(table, node.policy_ref(), to.policy(), cx);
        }
        Some(ast::AlterPolicyAction::AlterPolicyTo(to)) => {
            (to.using_expr_clause(), to.with_check_expr_clause())
        }
        None => (None, None),
    };
    Ddl::Policy {
        name: name(node.policy_ref(), cx),
        table: object(table, cx),
        create: false,
        reads: policy_reads(using, check, cx),
    }
}

fn policy_reads(
    using: Option<ast::UsingExprClause>,
    check: Option<ast::WithCheckExprClause>,
    cx: &mut Context<'_>,
) -> Vec<Read> {
    let exprs = [using.and_then(|using| using.expr()), check.and_then(|check| check.expr())];
    exprs.iter().flatten().flat_map(|node| expr(node, cx).reads).collect()
}

/// `CREATE RULE`.
pub(super) fn create_rule(node: &ast::CreateRule, cx: &mut Context<'_>) -> Ddl {
    let on = node.rule_on();
    let condition = on.as_ref().and_then(ast::RuleOn::where_clause).and_then(|filter| filter.expr());
    let mut reads = condition.map(|condition| expr(&condition, cx).reads).unwrap_or_default();
    for action in rule_actions(node) {
        let action = query(action.syntax(), cx);
        let written = action.target.map(|name| Read { name, span: action.span, lock: None, only: false });
        reads.extend(written);
        reads.extend(action.reads);
    }
    Ddl::CreateRule {
        name: name(node.rule(), cx),
        table: object(on.and_then(|on| on.relation_name_ref()), cx),
        or_replace: node.or_replace().is_some(),
        reads,
    }
}

fn rule_actions(node: &ast::CreateRule) -> Vec<ast::RuleStmt> {
    match node.rule_do().and_then(|run| run.rule_action()) {
        Some(ast::RuleAction::RuleStmt(statement)) => vec![statement],
        Some(ast::RuleAction::RuleStmtList(list)) => list.rule_stmts().collect(),
        Some(ast::RuleAction::Nothing(_)) | None => Vec::new(),
    }
}
