use crate::ddl::{Block, Ddl, Handler, Opaque, Statement, Step};

/// What in a text is not understood, also in the bodies in it.
pub fn not_understood(sql: &str) -> Vec<Opaque> {
    let mut found = Vec::new();
    let mut open = super::statements(sql);
    open.reverse();
    while let Some(statement) = open.pop() {
        found.extend(statement.opaque);
        within(statement.ddl, &mut open);
    }
    found
}

/// The statements within a statement, the last of them first.
fn within(ddl: Ddl, open: &mut Vec<Statement>) {
    let first = open.len();
    match ddl {
        Ddl::Do(block) => of_block(*block, open),
        Ddl::CreateFunction(function) => {
            if let Some(body) = function.body {
                of_block(body, open);
            }
        }
        Ddl::CreateSchema { elements, .. } => open.extend(elements),
        _ => {}
    }
    if let Some(added) = open.get_mut(first..) {
        added.reverse();
    }
}

fn of_block(block: Block, open: &mut Vec<Statement>) {
    of_steps(block.steps, open);
}

fn of_steps(steps: Vec<Step>, open: &mut Vec<Statement>) {
    for step in steps {
        match step {
            Step::Statement(statement) => open.push(*statement),
            Step::Execute { statements, .. } => open.extend(statements),
            Step::Branch(branches) => {
                of_steps(branches.into_iter().flat_map(|(_, steps)| steps).collect(), open);
            }
            Step::Loop { body, .. } => of_steps(body, open),
            Step::Nested { body, handlers } => {
                of_block(body, open);
                of_steps(handlers.into_iter().flat_map(|Handler { body, .. }| body).collect(), open);
            }
            Step::Evaluate { .. } | Step::Leave(_) => {}
        }
    }
}
