use handover_migrate_guard::Span;
use handover_migrate_guard::ddl::{Block, Condition, Ddl, Expr, Query, Statement, Step};

/// Every span in statements and in the bodies in them.
pub(super) fn all(statements: &[Statement]) -> Vec<Span> {
    let mut found = Vec::new();
    for statement in statements {
        of_statement(statement, &mut found);
    }
    found
}

fn of_statement(statement: &Statement, found: &mut Vec<Span>) {
    found.push(statement.span);
    found.extend(statement.opaque.iter().map(|opaque| opaque.span));
    match &statement.ddl {
        Ddl::Do(block) => of_block(block, found),
        Ddl::CreateFunction(function) => function.body.iter().for_each(|body| of_block(body.block(), found)),
        Ddl::Query(query) | Ddl::Call(query) => of_query(query, found),
        Ddl::CreateView(view) => of_query(&view.query, found),
        _ => {}
    }
}

fn of_query(query: &Query, found: &mut Vec<Span>) {
    found.push(query.span);
    found.extend(query.reads.iter().map(|read| read.span));
    found.extend(query.calls.iter().map(|call| call.span));
    query.filter.iter().chain(query.only.as_deref()).for_each(|expr| of_expr(expr, found));
    query.with.iter().for_each(|write| of_query(write, found));
}

fn of_expr(expr: &Expr, found: &mut Vec<Span>) {
    found.push(expr.span);
    found.extend(expr.reads.iter().map(|read| read.span));
    found.extend(expr.calls.iter().map(|call| call.span));
}

fn of_block(block: &Block, found: &mut Vec<Span>) {
    found.push(block.span);
    of_steps(&block.steps, found);
}

fn of_steps(steps: &[Step], found: &mut Vec<Span>) {
    for step in steps {
        match step {
            Step::Statement(statement) => of_statement(statement, found),
            Step::Execute { span, expr, statements } => {
                found.push(*span);
                of_expr(expr, found);
                found.extend(all(statements));
            }
            Step::Branch(arms) => {
                for (condition, steps) in arms {
                    of_condition(condition, found);
                    of_steps(steps, found);
                }
            }
            Step::Loop { over, body, .. } => {
                of_expr(over, found);
                of_steps(body, found);
            }
            Step::Nested { body, handlers } => {
                of_block(body, found);
                for handler in handlers {
                    of_steps(&handler.body, found);
                }
            }
            Step::Evaluate { expr, .. } => of_expr(expr, found),
            Step::Leave(_) => {}
        }
    }
}

fn of_condition(condition: &Condition, found: &mut Vec<Span>) {
    match condition {
        Condition::Not(inner) => of_condition(inner, found),
        Condition::All(all) | Condition::Any(all) => all.iter().for_each(|one| of_condition(one, found)),
        Condition::Unknown { reads, calls, .. } => {
            found.extend(reads.iter().map(|read| read.span));
            found.extend(calls.iter().map(|call| call.span));
        }
        Condition::Always | Condition::Exists(_) => {}
    }
}
