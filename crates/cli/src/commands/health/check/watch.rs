//! The same addresses again and again: what changes, and how long it had lasted.

use std::fmt;
use std::future::pending;
use std::num::NonZeroU64;
use std::pin::pin;
use std::time::Duration;

use handover_core::Timestamp;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

use super::ask;
use super::asked::Asked;
use super::look::{VERSION, parts, shown, status, time, why};
use super::targets::Targets;
use super::told::Told;
use super::verdict::Verdict;
use crate::args::HealthCheck;
use crate::commands::status::clear;
use crate::exit::Exit;
use crate::output::{Output, Table, clock_time, short_duration};
use crate::text::one_line;

/// Asks until Ctrl-C, so many times, or until nobody reads any more; ends with how things stood.
pub(super) async fn run(targets: &Targets, args: &HealthCheck, output: Output) -> Exit {
    let mut watch = Watch { targets, watched: Vec::new() };
    let mut left = args.count.map(NonZeroU64::get);
    let mut tick = interval(args.every.get());
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // One listener for all looks: a Ctrl-C between two of them counts as well.
    let mut interrupted = pin!(interrupted());
    while left != Some(0) {
        let looked = async {
            tick.tick().await;
            ask::all(targets, output).await
        };
        let asked = tokio::select! {
            asked = looked => asked,
            () = &mut interrupted => break,
        };
        if !watch.shows(asked, output) || !output.is_read() {
            break;
        }
        left = left.map(|left| left - 1);
    }
    watch.verdict(Told::ended).exit()
}

struct Watch<'a> {
    targets: &'a Targets,
    /// One per address, once it was asked.
    watched: Vec<Watched>,
}

/// Ready once Ctrl-C was typed; never where it cannot be listened for, and then it ends the process.
async fn interrupted() {
    match signal(SignalKind::interrupt()) {
        Ok(mut interrupts) => drop(interrupts.recv().await),
        Err(_) => pending().await,
    }
}

/// An address, how it stands, and its last answer.
struct Watched {
    told: Told,
    asked: Asked,
}

/// It stands otherwise than before; also the `--json` form.
#[derive(Serialize)]
struct Change<'a> {
    version: u32,
    at: Timestamp,
    was: Option<Verdict>,
    is: Verdict,
    /// How long it had been what it was.
    held_ms: Option<u128>,
    asked: &'a Asked,
}

impl Watch<'_> {
    /// Takes answers in, and shows what there is to see. Answers whether somebody still reads.
    fn shows(&mut self, asked: Vec<Asked>, output: Output) -> bool {
        let changes = self.take(asked);
        if output.live {
            clear();
            return output.next(&*self, &());
        }
        let at = Timestamp::now();
        changes.into_iter().all(|(index, was)| {
            let change = self.watched[index].change(was, at);
            output.next(&change, &change)
        })
    }

    /// The numbers of those that stand otherwise than before, with what they were, and for how long.
    fn take(&mut self, asked: Vec<Asked>) -> Vec<(usize, Option<(Verdict, Duration)>)> {
        let mut changes = Vec::new();
        for (index, asked) in asked.into_iter().enumerate() {
            if let Some(watched) = self.watched.get_mut(index) {
                changes.extend(watched.take(asked).map(|was| (index, Some(was))));
            } else {
                self.watched.push(Watched::first(self.targets.rise_fall, asked));
                changes.push((index, None));
            }
        }
        changes
    }

    /// What all come to, where each is as `of` says.
    fn verdict(&self, of: fn(&Told) -> Verdict) -> Verdict {
        let verdicts: Vec<_> = self.watched.iter().map(|watched| of(&watched.told)).collect();
        Verdict::of_all(&verdicts, self.targets.needed)
    }
}

impl Watched {
    fn first(rise_fall: (u32, u32), asked: Asked) -> Self {
        let mut told = Told::new(rise_fall);
        told.hear(asked.verdict, asked.unready);
        Self { told, asked }
    }

    /// What it was, and for how long, where it no longer is.
    fn take(&mut self, asked: Asked) -> Option<(Verdict, Duration)> {
        self.asked = asked;
        self.told.hear(self.asked.verdict, self.asked.unready)
    }

    fn change(&self, was: Option<(Verdict, Duration)>, at: Timestamp) -> Change<'_> {
        let held_ms = was.map(|(_, held)| held.as_millis());
        Change {
            version: VERSION,
            at,
            was: was.map(|(was, _)| was),
            is: self.told.verdict(),
            held_ms,
            asked: &self.asked,
        }
    }
}

/// A line.
impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}  {}", clock_time(self.at), one_line(&shown(self.asked)), self.is.word())?;
        if let Some((was, held)) = self.was.zip(self.held_ms) {
            let held = Duration::from_millis(u64::try_from(held).unwrap_or(u64::MAX));
            write!(f, ", after {} {}", short_duration(held), was.word())?;
        }
        let said = what(self.asked);
        if said.is_empty() { Ok(()) } else { write!(f, ": {}", one_line(&said)) }
    }
}

/// Why it is not well, and which parts are not.
fn what(asked: &Asked) -> String {
    let parts = parts(asked).filter(|[_, word, _]| !matches!(word.as_str(), "ok" | ""));
    let part = |[name, word, class]: [String; 3]| {
        let class = if class.is_empty() { word } else { class };
        format!("{} {class}", name.trim())
    };
    let parts = parts.map(part).collect::<Vec<_>>().join(", ");
    match (asked.why.as_deref().unwrap_or_default(), parts.as_str()) {
        (why, "") => why.to_owned(),
        ("", parts) => parts.to_owned(),
        (why, parts) => format!("{why} ({parts})"),
    }
}

/// A table of all, for a terminal.
impl fmt::Display for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["ASKED", "STANDING", "FOR", "STATUS", "TIME", "LAST ANSWER"]);
        for watched in &self.watched {
            let Watched { told, asked } = watched;
            let standing = told.verdict().word().to_owned();
            table.row([
                shown(asked),
                standing,
                short_duration(told.held()),
                status(asked),
                time(asked),
                why(asked),
            ]);
            for [name, word, class] in parts(asked) {
                table.row([name, word, String::new(), String::new(), String::new(), class]);
            }
        }
        let conclusion = self.verdict(Told::verdict).word();
        write!(f, "{}  {conclusion}\n\n{table}", clock_time(Timestamp::now()))
    }
}
