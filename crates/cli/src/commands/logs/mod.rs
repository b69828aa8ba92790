//! `handover logs`: what the processes of a release wrote.

mod sources;
mod tail;

use std::path::Path;
use std::time::Duration;

use handover_core::{ReleaseId, RunId, Slot};
use handover_edge::AgentClient;
use handover_edge::api::AgentStatus;
use serde::Serialize;

use crate::args::Logs;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::Output;
use crate::report::Failure;
use crate::text::one_line;
use sources::{Source, newest, of_place};
use tail::Tail;

const ATTEMPTED: &str = "could not show logs";

/// How often new lines are looked for.
const PERIOD: Duration = Duration::from_millis(200);

/// The `--json` form: one object per line.
#[derive(Serialize)]
struct Line<'a> {
    version: u32,
    release: Option<&'a ReleaseId>,
    slot: Slot,
    run: &'a str,
    instance: u16,
    text: &'a str,
}

/// Shows the last lines; with `--follow` goes on until Ctrl-C.
pub(super) async fn run(args: &Logs, context: &Context) -> Result<Exit, Failure> {
    let state_dir = context.existing_state_dir()?;
    let status = AgentClient::in_state_dir(&state_dir).status().await.ok();
    let sources = choose(&state_dir, args.release.as_ref(), status.as_ref())?;
    let mut shown = Shown::new(context.output);
    for source in sources {
        shown.add(source, args.lines);
    }
    shown.show(!args.follow);
    if !args.follow {
        return Ok(Exit::Done);
    }
    loop {
        tokio::time::sleep(PERIOD).await;
        shown.find_new_instances(&state_dir);
        shown.show(false);
    }
}

/// The processes asked for: those of a release, else of what has traffic, else those that wrote last.
fn choose(
    state_dir: &Path,
    release: Option<&ReleaseId>,
    status: Option<&AgentStatus>,
) -> Result<Vec<Source>, Failure> {
    let all = sources::all(state_dir);
    let chosen = match (release, status) {
        (Some(release), _) => {
            newest(all.into_iter().filter(|source| source.release.as_ref() == Some(release)))
        }
        (None, Some(status)) => serving(status).flat_map(|(slot, run)| of_place(&all, slot, run)).collect(),
        (None, None) => newest(all.into_iter()),
    };
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let (because, hint) = match release {
        Some(release) => (
            format!("release {release} has no log here"),
            "`handover status` shows what runs and what ran last",
        ),
        None => ("no release has run yet".to_owned(), "`handover deploy` launches one"),
    };
    Err(Failure::new(ATTEMPTED, Exit::Refused).because(because).hint(hint))
}

/// The slots that get requests, with the run that launched what is in them.
fn serving(status: &AgentStatus) -> impl Iterator<Item = (Slot, &RunId)> {
    let has_traffic = |slot: &Slot| status.route.route.split.bps(*slot) > 0;
    let slots = Slot::BOTH.into_iter().filter(has_traffic);
    slots.filter_map(|slot| status.slots[slot].run.as_ref().map(|run| (slot, run)))
}

/// Logs on their way to the reader.
struct Shown {
    output: Output,
    tails: Vec<(Source, Tail)>,
}

impl Shown {
    fn new(output: Output) -> Self {
        Self { output, tails: Vec::new() }
    }

    fn add(&mut self, source: Source, lines: usize) {
        let tail = Tail::open(&source.log(), lines);
        self.tails.push((source, tail));
    }

    /// A release that is launched with more instances in the same place has its say too.
    fn find_new_instances(&mut self, state_dir: &Path) {
        let all = sources::all(state_dir);
        let known = |new: &Source| self.tails.iter().any(|(old, _)| old.folder == new.folder);
        let belongs =
            |new: &Source| self.tails.iter().any(|(old, _)| (old.slot, &old.run) == (new.slot, &new.run));
        let new: Vec<Source> = all.into_iter().filter(|source| !known(source) && belongs(source)).collect();
        for source in new {
            self.add(source, usize::MAX);
        }
    }

    /// Shows what was written since; with `rest` also a line that has no end yet.
    fn show(&mut self, rest: bool) {
        let (several, mixed) = (self.tails.len() > 1, self.is_mixed());
        let output = self.output;
        for (source, tail) in &mut self.tails {
            for line in tail.read(rest) {
                if output.json {
                    output.object(&source.line(&line));
                } else {
                    let prefix = source.prefix(several, mixed);
                    output.line(format_args!("{prefix}{}", one_line(&line)));
                }
            }
        }
    }

    fn is_mixed(&self) -> bool {
        let first = self.tails.first().map(|(source, _)| &source.release);
        self.tails.iter().any(|(source, _)| Some(&source.release) != first)
    }
}

impl Source {
    fn line<'a>(&'a self, text: &'a str) -> Line<'a> {
        let Self { release, slot, run, index, .. } = self;
        Line { version: 1, release: release.as_ref(), slot: *slot, run, instance: *index, text }
    }

    /// Says which process wrote a line, as far as there is a choice.
    fn prefix(&self, several: bool, mixed: bool) -> String {
        let name = self.release.as_ref().map_or(self.run.as_str(), ReleaseId::as_str);
        match (several, mixed) {
            (false, _) => String::new(),
            (true, false) => format!("{} | ", self.index),
            (true, true) => format!("{name}/{} | ", self.index),
        }
    }
}

#[cfg(test)]
mod tests;
