//! `handover flags remove`: a flag out of the store.

use std::fmt;

use handover_flags::{Contents, FlagName, FlagStore, Held, Key};
use serde::Serialize;

use super::{VERSION, change, known, opened, words};
use crate::args::RemoveFlag;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::text::one_line;

const ATTEMPTED: &str = "could not remove the flag";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    flag: FlagName,
    dry_run: bool,
    /// What stood there.
    before: Vec<(Key, Held)>,
    revision: Option<u64>,
}

/// Takes away the gate, and then the rules: a gate without rules would be on for everybody.
pub(super) async fn run(args: &RemoveFlag, context: &Context) -> Result<Exit, Failure> {
    let flag = known::named(&args.flag, ATTEMPTED)?;
    change::said(&args.reason, ATTEMPTED)?;
    let store = opened::open(args.by.store.at.as_deref(), context)?;
    change::takes_changes(&store, ATTEMPTED)?;
    let contents = known::load(&store, ATTEMPTED).await?;
    if !known::is_in(&contents, &flag) {
        return Err(known::missing(ATTEMPTED, &flag, &store, &contents));
    }
    let before = before(&contents, &flag);
    let mut shown = Shown { version: VERSION, flag, dry_run: args.by.dry_run, before, revision: None };
    if !args.by.dry_run {
        shown.revision = shown.carry_out(&store, args).await?;
    }
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

fn before(contents: &Contents, flag: &FlagName) -> Vec<(Key, Held)> {
    let keys = [Key::Gate(flag.clone()), Key::Rules(flag.clone())];
    keys.into_iter().filter_map(|key| contents.values.get(&key).cloned().map(|held| (key, held))).collect()
}

impl Shown {
    async fn carry_out(&self, store: &dyn FlagStore, args: &RemoveFlag) -> Result<Option<u64>, Failure> {
        let change = change::by(&args.by, Some(&args.reason));
        let mut last = None;
        for (key, held) in &self.before {
            let made = change::make(store, (key, None), &change, Some(held.clone()), ATTEMPTED).await;
            last = made
                .map_err(|failure| self.half(failure, last.is_some()))?
                .revision
                .map(|revision| revision.0);
        }
        Ok(last)
    }

    /// The second of two changes failed.
    fn half(&self, failure: Failure, gate_is_gone: bool) -> Failure {
        if gate_is_gone {
            failure.because(format!("the gate of `{}` is gone already, its rules are there", self.flag))
        } else {
            failure
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.dry_run { "would remove" } else { "removed" };
        write!(f, "{verb} {}", one_line(self.flag.as_str()))?;
        for (key, held) in &self.before {
            let kind = if matches!(key, Key::Gate(_)) { "gate" } else { "rules" };
            write!(f, "\nits {kind}: {}", one_line(&words::held(key, Some(held))))?;
        }
        f.write_str("\neach process has the safe value that it declares from now on")
    }
}
