use crate::ddl::{Ddl, Opaque, Statement};

/// What in a text is not understood, in order of the text's statements. What is in a body is among what is not
/// understood of the statement that has it.
pub fn not_understood(sql: &str) -> Vec<Opaque> {
    let mut found = Vec::new();
    for statement in super::statements(sql) {
        of_statement(statement, &mut found);
    }
    found
}

fn of_statement(statement: Statement, found: &mut Vec<Opaque>) {
    found.extend(statement.opaque);
    if let Ddl::CreateSchema { elements, .. } = statement.ddl {
        for element in elements {
            of_statement(element, found);
        }
    }
}
