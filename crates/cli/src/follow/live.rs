//! A few lines that are redrawn in place: for a terminal.
//!
//! What happened scrolls by above as plain lines; the block below it always shows how things stand. Only "up" and "clear
//! to the end of the screen" are used, so a terminal that understands neither shows plain text.

use std::io::Write;
use std::time::Duration;

use handover_rollout::Teller;
use handover_runbook::Record;
use owo_colors::OwoColorize;

use super::plain::line;
use super::stand::Arm;
use super::{Stand, View, Waiting};
use crate::output::{percent_bps, seconds, short_duration};
use crate::text::one_line;

/// Shows a run in place.
pub(crate) struct LiveView<W> {
    out: W,
    teller: Teller,
    colour: bool,
    drawn: usize,
    tick: usize,
}

/// Turns while the run is alive, so that a stalled terminal is told from a waiting run.
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

impl<W: Write> LiveView<W> {
    /// A view on a terminal.
    pub(crate) fn new(out: W, colour: bool) -> Self {
        Self { out, teller: Teller::default(), colour, drawn: 0, tick: 0 }
    }

    fn erase(&mut self) {
        if self.drawn > 0 {
            let _ = write!(self.out, "\x1b[{}A\x1b[J", self.drawn);
            self.drawn = 0;
        }
    }

    fn dim(&self, text: &str) -> String {
        if self.colour { text.dimmed().to_string() } else { text.to_owned() }
    }

    fn headline(&self, stand: &Stand) -> String {
        let turning = SPINNER[self.tick % SPINNER.len()];
        let step = if stand.going_back { format!("going back: {}", stand.step) } else { stand.step.clone() };
        let waits = match &stand.waiting {
            Waiting::Nothing => stand.gate_in().map(gate).unwrap_or_default(),
            Waiting::Paused => ", paused: `handover resume` goes on".into(),
            Waiting::Person { question } => format!(", waiting for a person: {}", one_line(question)),
        };
        format!("{turning} {step}{}", self.dim(&waits))
    }

    fn arm(&self, name: &str, arm: &Arm, wanted_bps: u16) -> String {
        let split = format!("{:>6} wanted {:>6} seen", percent_bps(wanted_bps), percent_bps(arm.seen_bps));
        let recent = &arm.recent;
        let p95 = recent.p95.map_or_else(|| "-".into(), seconds);
        let counts = format!("{:>7} requests {:>5} errors  p95 {p95}", recent.n, recent.errors);
        format!("  {name:<9} {:<12} {split}  {}", one_line(&arm.release), self.dim(&counts))
    }
}

impl<W: Write> View for LiveView<W> {
    fn record(&mut self, record: &Record) {
        self.erase();
        if let Some(chapter) = self.teller.tell(record) {
            let _ = writeln!(self.out, "{}", line(&chapter));
        }
    }

    fn stand(&mut self, stand: &Stand) {
        self.tick += 1;
        let mut lines = vec![self.headline(stand)];
        if let Some(arm) = &stand.candidate {
            lines.push(self.arm("candidate", arm, stand.wanted_bps));
        }
        if let Some(arm) = &stand.stable {
            lines.push(self.arm("stable", arm, 10_000 - stand.wanted_bps));
        }
        self.erase();
        for text in &lines {
            let _ = writeln!(self.out, "{text}");
        }
        self.drawn = lines.len();
        let _ = self.out.flush();
    }

    fn close(&mut self) {
        self.erase();
        let _ = self.out.flush();
    }
}

fn gate(left: Duration) -> String {
    if left.is_zero() {
        ", may go on when the counts suffice".into()
    } else {
        format!(", next gate in {}", short_duration(left))
    }
}
