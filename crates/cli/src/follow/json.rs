//! One JSON object per line: records as they are written, the stand when it changes.

use std::io::Write;

use handover_runbook::Record;
use serde::Serialize;

use super::{Stand, View};

/// The version of the lines.
const VERSION: u32 = 1;

/// Writes each record, and each changed stand, as a line of JSON.
pub(crate) struct JsonView<W> {
    out: W,
    last: Option<(String, u16)>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum Line<'a> {
    Record { version: u32, record: &'a Record },
    Stand { version: u32, stand: &'a Stand },
}

impl<W: Write> JsonView<W> {
    /// A view on `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out, last: None }
    }

    fn write(&mut self, line: &Line<'_>) {
        if let Ok(text) = serde_json::to_string(line) {
            // Nobody reads any more: the run goes on all the same.
            let _ = writeln!(self.out, "{text}");
        }
    }
}

impl<W: Write> View for JsonView<W> {
    fn record(&mut self, record: &Record) {
        self.write(&Line::Record { version: VERSION, record });
    }

    fn stand(&mut self, stand: &Stand) {
        let now = (stand.step.clone(), stand.wanted_bps);
        if self.last.as_ref() != Some(&now) {
            self.last = Some(now);
            self.write(&Line::Stand { version: VERSION, stand });
        }
    }

    fn close(&mut self) {
        let _ = self.out.flush();
    }
}
