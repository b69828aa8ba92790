use super::conditions::opposite;
use super::flow::Flow;
use super::lookup::Rows;
use crate::ddl::{CatalogRows, Expr, Leave, Step, Value};
use crate::replay::run::Run;

/// The condition of what stands in a loop that may not be run at all.
const IN_LOOP: &str = "if the loop is run";

/// The most rounds that are run one by one.
const MAX_ROUNDS: i64 = 1 << 10;

/// A loop.
pub(super) struct Looped<'a> {
    pub(super) over: &'a Expr,
    pub(super) variable: Option<&'a str>,
    pub(super) body: &'a [Step],
}

/// What the variables of one round are.
type Round = Vec<(String, Option<String>)>;

impl Run<'_, '_> {
    /// A loop: round by round where they are known, else its body once.
    pub(super) fn repeat(
        &mut self,
        looped: &Looped<'_>,
        items: &[Value],
        rows: Option<&CatalogRows>,
    ) -> Flow {
        if let Some(items) = self.items_of(looped.over, items) {
            let name = looped.variable.unwrap_or_default();
            return self.each(looped, items.into_iter().map(|item| vec![(name.to_owned(), item)]));
        }
        let found = rows.and_then(|rows| Some((rows, self.catalog_rows(rows)?)));
        match found {
            Some((rows, found)) => self.each_row(looped, rows, &found),
            None => self.once(looped),
        }
    }

    /// What a loop runs over, one by one, where that is known: constants, or numbers between two that are known.
    fn items_of(&self, over: &Expr, items: &[Value]) -> Option<Vec<Option<String>>> {
        if !items.is_empty() {
            return Some(items.iter().map(|item| self.plain(item)).collect());
        }
        let (from, to) = self.bounds_of(over)?;
        let rounds = to.checked_sub(from)?;
        (rounds < MAX_ROUNDS).then(|| (from..=to).map(|number| Some(number.to_string())).collect())
    }

    /// The rows of the system catalogs, with what is selected of each.
    fn each_row(&mut self, looped: &Looped<'_>, rows: &CatalogRows, found: &Rows) -> Flow {
        let rounds: Vec<_> = found.rows.iter().map(|row| self.round_of(looped, rows, row)).collect();
        if found.certain {
            return self.each(looped, rounds.into_iter());
        }
        self.scope.conditions.push(IN_LOOP.to_owned());
        let flow = self.each(looped, rounds.into_iter());
        self.scope.conditions.pop();
        maybe(flow)
    }

    fn round_of(&mut self, looped: &Looped<'_>, rows: &CatalogRows, row: &[(&'static str, String)]) -> Round {
        let known = self.scope.known();
        for (column, value) in row {
            self.scope.declare(column, Some(value.clone()));
        }
        let selected = rows.selected.iter().map(|(name, expr)| (name.clone(), self.selected_of(expr)));
        let selected: Vec<_> = selected.collect();
        self.scope.forget(known);
        let name = looped.variable.unwrap_or_default();
        let first = selected.first().and_then(|(_, value)| value.clone());
        let fields = selected.into_iter().map(|(field, value)| (format!("{name}.{field}"), value));
        std::iter::once((name.to_owned(), first)).chain(fields).collect()
    }

    fn each(&mut self, looped: &Looped<'_>, rounds: impl Iterator<Item = Round>) -> Flow {
        let mut so_far = Flow::On;
        for round in rounds {
            match self.round(looped, round) {
                Flow::Left(Leave::Exit) => break,
                flow => so_far = so_far.then(flow.out_of_loop()),
            }
            if matches!(so_far, Flow::Left(_)) {
                break;
            }
        }
        so_far
    }

    /// A loop over something else: its body once. That of a bare `LOOP` is certainly run.
    fn once(&mut self, looped: &Looped<'_>) -> Flow {
        let over = looped.over;
        self.read_and_call(over, false);
        let unknown = looped.variable.map(|name| (name.to_owned(), None));
        if over.text.is_empty() && over.reads.is_empty() {
            return self.round(looped, unknown.into_iter().collect()).out_of_loop();
        }
        let rowless = self.scope.rowless;
        self.scope.rowless |= !self.world.has_rows(&over.reads);
        self.scope.conditions.push(IN_LOOP.to_owned());
        let flow = self.round(looped, unknown.into_iter().collect()).out_of_loop();
        self.scope.conditions.pop();
        self.scope.rowless = rowless;
        maybe(flow)
    }

    fn round(&mut self, looped: &Looped<'_>, variables: Round) -> Flow {
        let known = self.scope.known();
        for (name, value) in variables {
            self.scope.declare(&name, value);
        }
        let flow = self.steps(looped.body);
        self.scope.forget(known);
        flow
    }
}

/// Where a loop leads to that may not be run.
fn maybe(flow: Flow) -> Flow {
    match flow {
        Flow::Left(leave) => Flow::Perhaps(leave, opposite(IN_LOOP)),
        other => other,
    }
}
