use std::fmt;

use super::{Outcome, POINTS, Point, Report, Verdict};

/// Several backends side by side: the points of the contract × backends.
///
/// Its `Display` is a Markdown table of `held`, `not claimed` and `BROKEN`, with notes below that say what each
/// backend does not claim, and what is broken how.
///
/// # Examples
///
/// ```
/// # use handover_traffic::{Capabilities, InMemory, Weights};
/// # use handover_traffic::testkit::{Matrix, report};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let bare = InMemory::with(Capabilities::new(Weights::AllOrNothing));
/// let matrix = Matrix::new()
///     .with("in memory", report(&InMemory::new()).await)
///     .with("all or nothing", report(&bare).await);
/// assert!(matrix.is_sound());
/// assert!(matrix.to_string().starts_with("| promise"));
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    columns: Vec<Column>,
}

#[derive(Debug, Clone)]
struct Column {
    backend: String,
    report: Report,
    schedules: Option<Verdict>,
}

impl Matrix {
    /// A table without backends.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same table with one more backend.
    #[must_use]
    pub fn with(mut self, backend: impl Into<String>, report: Report) -> Self {
        self.columns.push(Column { backend: backend.into(), report, schedules: None });
        self
    }

    /// The same table, in which the last backend's fault schedules came out like this.
    #[must_use]
    pub fn with_schedules(mut self, verdict: Verdict) -> Self {
        if let Some(column) = self.columns.last_mut() {
            column.schedules = Some(verdict);
        }
        self
    }

    /// Whether no backend broke a promise.
    pub fn is_sound(&self) -> bool {
        let scheduled = |column: &Column| column.schedules.as_ref().is_none_or(Verdict::is_sound);
        self.columns.iter().all(|column| column.report.is_sound() && scheduled(column))
    }

    fn rows(&self, notes: &mut Notes) -> Vec<Vec<String>> {
        let heads = self.columns.iter().map(|column| column.backend.clone());
        let mut rows = vec![std::iter::once("promise".to_owned()).chain(heads).collect()];
        rows.extend(POINTS.map(|point| self.row(point, notes)));
        if self.columns.iter().any(|column| column.schedules.is_some()) {
            rows.push(self.schedule_row(notes));
        }
        rows
    }

    fn row(&self, point: Point, notes: &mut Notes) -> Vec<String> {
        let name = format!("{} {}", point.number(), point.promise());
        let cells = self.columns.iter().map(|column| column.cell(point, notes));
        std::iter::once(name).chain(cells).collect()
    }

    fn schedule_row(&self, notes: &mut Notes) -> Vec<String> {
        let cells = self.columns.iter().map(|column| match &column.schedules {
            None => "not run".to_owned(),
            Some(verdict) if verdict.is_sound() => format!("held ({})", verdict.schedules()),
            Some(verdict) => notes.cell("BROKEN", &verdict.to_string()),
        });
        std::iter::once("under faults".to_owned()).chain(cells).collect()
    }
}

impl Column {
    fn cell(&self, point: Point, notes: &mut Notes) -> String {
        let outcome = self.report.lines().find(|(of, _)| of.number() == point.number());
        match outcome {
            Some((_, Outcome::Held)) => "held".to_owned(),
            Some((_, Outcome::NotClaimed(what))) => notes.cell("not claimed", what),
            Some((_, Outcome::Broken(how))) => notes.cell("BROKEN", how),
            None => "not run".to_owned(),
        }
    }
}

/// What stands below the table, each thing once.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn cell(&mut self, word: &str, note: &str) -> String {
        let line = format!("{word}: {note}").replace('\n', " ");
        let known = self.0.iter().position(|before| *before == line);
        let number = known.unwrap_or_else(|| {
            self.0.push(line);
            self.0.len() - 1
        });
        format!("{word} [{}]", number + 1)
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut notes = Notes::default();
        let rows = self.rows(&mut notes);
        let widths = widths(&rows);
        for (number, row) in rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(&widths) {
                write!(f, "| {cell:<width$} ")?;
            }
            writeln!(f, "|")?;
            if number == 0 {
                writeln!(f, "|{}", "---|".repeat(row.len()))?;
            }
        }
        if !notes.0.is_empty() {
            writeln!(f)?;
        }
        notes.0.iter().enumerate().try_for_each(|(at, note)| writeln!(f, "- [{}] {note}", at + 1))
    }
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    (0..columns).map(|column| width(column).unwrap_or(0)).collect()
}
