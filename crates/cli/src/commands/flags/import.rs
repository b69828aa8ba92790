//! `handover flags import`: flags of another system.

use std::fmt;

use handover_flags::unleash::{self, Import, Note};
use handover_flags::{Change, Contents, FlagName, FlagStore, Held, Key};
use serde::Serialize;

use super::words::counted;
use super::{VERSION, change, known, opened, rules, words};
use crate::args::Unleash;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::text::one_line;

const ATTEMPTED: &str = "could not import the flags";

/// How many conflicts are named.
const NAMED: usize = 10;

/// A text that is to be written.
#[derive(Debug, Serialize)]
struct Entry {
    key: Key,
    before: Option<Held>,
    text: String,
}

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    dry_run: bool,
    flags: usize,
    on: usize,
    segments: usize,
    /// What was already as it should be.
    unchanged: usize,
    changes: Vec<Entry>,
    /// What is not as it was.
    notes: Vec<String>,
}

/// Reads it, and writes what is different.
pub(super) async fn run(args: &Unleash, context: &Context) -> Result<Exit, Failure> {
    let text = rules::read(&context.folder.join(&args.file), &args.file)?;
    let import =
        unleash::import(&text).map_err(|error| Failure::new(ATTEMPTED, Exit::Usage).because_of(&error))?;
    let store = opened::open(args.by.store.at.as_deref(), context)?;
    change::takes_changes(&store, ATTEMPTED)?;
    let contents = known::load(&store, ATTEMPTED).await?;
    let shown = Shown::of(&import, &contents, args.by.dry_run);
    if !args.force {
        shown.conflicts()?;
    }
    if !args.by.dry_run {
        let reason = args.reason.as_deref().unwrap_or("imported from Unleash");
        shown.carry_out(&store, &change::by(&args.by, Some(reason))).await?;
    }
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

impl Shown {
    fn of(import: &Import, contents: &Contents, dry_run: bool) -> Self {
        let mut notes: Vec<_> = import.notes.iter().map(Note::to_string).collect();
        let all = entries(import, contents, &mut notes);
        let of_kind = |kind: fn(&Key) -> bool| all.iter().filter(move |entry| kind(&entry.key));
        let gates = of_kind(|key| matches!(key, Key::Gate(_)));
        let (flags, on) = (gates.clone().count(), gates.filter(|entry| entry.text == "true").count());
        let segments = of_kind(|key| matches!(key, Key::Segment(_))).count();
        let whole = all.len();
        let changes: Vec<_> = all.into_iter().filter(Entry::is_new).collect();
        let unchanged = whole - changes.len();
        Self { version: VERSION, dry_run, flags, on, segments, unchanged, changes, notes }
    }

    /// What is there and says something else is not overwritten unasked: a flag may have been killed here.
    fn conflicts(&self) -> Result<(), Failure> {
        let taken: Vec<_> = self.changes.iter().filter(|entry| entry.before.is_some()).collect();
        if taken.is_empty() {
            return Ok(());
        }
        let failure = Failure::new(ATTEMPTED, Exit::Refused);
        let failure = taken.iter().take(NAMED).fold(failure, |failure, entry| failure.because(entry.step()));
        let failure = match taken.len().saturating_sub(NAMED) {
            0 => failure,
            more => failure.because(format!("and {more} more are there already")),
        };
        Err(failure.hint("nothing changed; `--force` overwrites what is there"))
    }

    /// In an order in which no flag is on before its rules are there.
    async fn carry_out(&self, store: &dyn FlagStore, change: &Change) -> Result<(), Failure> {
        for (done, entry) in self.changes.iter().enumerate() {
            let change = change.clone().only_if(entry.before.clone());
            let (key, text) = (&entry.key, Some(entry.text.as_str()));
            let made = change::make(store, (key, text), &change, entry.before.clone(), ATTEMPTED).await;
            made.map_err(|failure| half(failure, done, self.changes.len()))?;
        }
        Ok(())
    }
}

fn half(failure: Failure, done: usize, all: usize) -> Failure {
    let hint = "the same command again writes what is still missing";
    failure.because(format!("{done} of {all} keys had been written")).hint(hint)
}

/// Segments, then rules, then gates.
fn entries(import: &Import, contents: &Contents, notes: &mut Vec<String>) -> Vec<Entry> {
    let segments =
        import.segments.iter().map(|(name, document)| (name, Key::Segment as Kind, json(document)));
    let rules = import.rules.iter().map(|(name, document)| (name, Key::Rules as Kind, json(document)));
    let gates = import.gates.iter().map(|(name, on)| (name, Key::Gate as Kind, on.to_string()));
    let entry = |(name, kind, text): (&String, Kind, String)| match entry(name, kind, text, contents) {
        Ok(entry) => Some(entry),
        Err(note) => {
            // Rules and gate of a flag may have the same to say.
            if !notes.contains(&note) {
                notes.push(note);
            }
            None
        }
    };
    segments.chain(rules).chain(gates).filter_map(entry).collect()
}

type Kind = fn(FlagName) -> Key;

/// Why it is left out, where it cannot be kept.
fn entry(name: &str, kind: Kind, text: String, contents: &Contents) -> Result<Entry, String> {
    let key = kind(FlagName::new(name).map_err(|error| format!("left out: {error}"))?);
    if let Some(why) = key.objection(&text) {
        return Err(format!("{key}: left out: {why}"));
    }
    let before = contents.values.get(&key).cloned();
    Ok(Entry { key, before, text })
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

impl Entry {
    /// Whether something else stands there; a flag without rules needs no empty ones.
    fn is_new(&self) -> bool {
        let empty = matches!(self.key, Key::Rules(_)) && self.text == "{}" && self.before.is_none();
        !empty && self.before.as_ref() != Some(&Held::from(self.text.as_str()))
    }

    fn step(&self) -> String {
        let after = Held::from(self.text.as_str());
        let step = words::step(&self.key, self.before.as_ref(), Some(&after));
        format!("{}: {step}", words::subject(&self.key))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.dry_run { "would import" } else { "imported" };
        let (flags, segments) = (counted(self.flags, "flag"), counted(self.segments, "segment"));
        let (keys, same) = (counted(self.changes.len(), "key"), self.unchanged);
        let written = if self.dry_run { "to write" } else { "written" };
        write!(f, "{verb} {flags}, {} of them on, and {segments}: {keys} {written}", self.on)?;
        if same > 0 {
            write!(f, ", {same} already as they should be")?;
        }
        self.changes.iter().try_for_each(|entry| write!(f, "\n  {}", one_line(&entry.step())))?;
        self.notes.iter().try_for_each(|note| write!(f, "\nNOTE: {}", one_line(note)))
    }
}
