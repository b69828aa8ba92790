use crate::ddl::{Block, Ddl, Handler, Opaque, Statement, Step};

/// What in a text is not understood, with the statements that stand in bodies, in order of the text's statements.
pub fn not_understood(sql: &str) -> Vec<Opaque> {
    let mut found = Vec::new();
    super::statements(sql).into_iter().for_each(|statement| of_statement(statement, &mut found));
    found
}

fn of_statement(statement: Statement, found: &mut Vec<Opaque>) {
    found.extend(statement.opaque);
    match statement.ddl {
        Ddl::Do(block) => of_block(*block, found),
        Ddl::CreateFunction(function) => function.body.into_iter().for_each(|body| of_block(body, found)),
        Ddl::CreateSchema { elements, .. } => {
            elements.into_iter().for_each(|element| of_statement(element, found));
        }
        _ => {}
    }
}

fn of_block(block: Block, found: &mut Vec<Opaque>) {
    block.steps.into_iter().for_each(|step| of_step(step, found));
}

fn of_step(step: Step, found: &mut Vec<Opaque>) {
    match step {
        Step::Statement(statement) => of_statement(*statement, found),
        Step::Execute { statements, .. } => {
            statements.into_iter().for_each(|statement| of_statement(statement, found));
        }
        Step::Branch(branches) => {
            branches.into_iter().flat_map(|(_, steps)| steps).for_each(|step| of_step(step, found));
        }
        Step::Loop { body, .. } => body.into_iter().for_each(|step| of_step(step, found)),
        Step::Nested { body, handlers } => {
            of_block(body, found);
            let steps = handlers.into_iter().flat_map(|Handler { body, .. }| body);
            steps.for_each(|step| of_step(step, found));
        }
        _ => {}
    }
}
