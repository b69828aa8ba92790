//! One line per thing that happened: for pipes and logs.

use std::io::Write;

use handover_rollout::{Chapter, Teller};
use handover_runbook::Record;

use super::{Stand, View};
use crate::output::clock_time;
use crate::text::one_line;

/// Writes each chapter of a run as a line.
pub(crate) struct PlainView<W> {
    out: W,
    teller: Teller,
}

impl<W: Write> PlainView<W> {
    /// A view on `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out, teller: Teller::default() }
    }
}

impl<W: Write> View for PlainView<W> {
    fn record(&mut self, record: &Record) {
        if let Some(chapter) = self.teller.tell(record) {
            // Nobody reads any more: the run goes on all the same.
            let _ = writeln!(self.out, "{}", line(&chapter));
        }
    }

    fn stand(&mut self, _: &Stand) {}

    fn close(&mut self) {
        let _ = self.out.flush();
    }
}

/// A chapter as one line: time, step, what.
pub(crate) fn line(chapter: &Chapter) -> String {
    let step = chapter.step.as_deref().unwrap_or("");
    format!("{}  {step:<16} {}", clock_time(chapter.at), one_line(&chapter.what))
}
