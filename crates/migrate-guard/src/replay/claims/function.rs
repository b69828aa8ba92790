use super::ledger::Ledger;
use super::reads;
use crate::ddl::{Block, CreateFunction, Ddl, Language, Query, Read, Step};

/// `CREATE FUNCTION` in SQL: its body is looked at, and what it names is locked. One in another language is taken as it
/// is.
pub(super) fn create_function(ledger: &mut Ledger<'_>, create: &CreateFunction) {
    let body = create.body.as_ref().filter(|_| create.language == Language::Sql);
    for query in body.into_iter().flat_map(|body| queries(body.block())) {
        look_at(ledger, query);
    }
}

fn queries(body: &Block) -> impl Iterator<Item = &Query> {
    body.steps.iter().filter_map(|step| match step {
        Step::Statement(statement) => match &statement.ddl {
            Ddl::Query(query) => Some(&**query),
            _ => None,
        },
        _ => None,
    })
}

fn look_at(ledger: &mut Ledger<'_>, query: &Query) {
    for query in std::iter::once(query).chain(&query.with) {
        reads::named(ledger, &query.reads);
        let written = query.target.as_ref();
        let written =
            written.map(|name| Read { name: name.clone(), span: query.span, lock: None, only: true });
        reads::written(ledger, written.as_slice());
    }
}
