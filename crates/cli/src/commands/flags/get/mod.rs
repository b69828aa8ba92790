//! `handover flags get`: everything about one flag.

mod caller;
mod page;

pub(super) use self::page::lines;

use handover_flags::{AuditEntry, FlagName, FlagStore, Held, Key, Seen, StoreError};
use serde::Serialize;

use self::caller::Evaluated;
use super::failed::failed;
use super::standing::Standing;
use super::{VERSION, WHOLE_AUDIT, known, opened};
use crate::args::GetFlag;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not show the flag";

/// How many changes are shown.
const CHANGES: usize = 5;

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    store: String,
    revision: Option<u64>,
    #[serde(flatten)]
    standing: Standing,
    /// The segments that its rules speak of, with what stands there.
    segments: Vec<(FlagName, Option<Held>)>,
    /// For the caller that was given.
    evaluated: Option<Evaluated>,
    /// Absent where no audit is kept.
    changes: Option<Vec<AuditEntry>>,
    /// Which instance has taken up what; absent where that is not kept.
    seen: Option<Vec<Seen>>,
}

/// Shows it.
pub(super) async fn run(args: &GetFlag, context: &Context) -> Result<Exit, Failure> {
    let flag = known::named(&args.flag, ATTEMPTED)?;
    let caller = caller::read(&args.caller)?;
    let store = opened::open(args.store.at.as_deref(), context)?;
    let contents = known::load(&store, ATTEMPTED).await?;
    if !known::is_in(&contents, &flag) {
        return Err(known::missing(ATTEMPTED, &flag, &store, &contents));
    }
    let standing = Standing::of(&contents, &flag);
    let spoken_of = standing.rules.iter().flat_map(|rules| &rules.rules).flat_map(|rule| &rule.segments);
    let mut names: Vec<_> = spoken_of.filter_map(|name| FlagName::new(name).ok()).collect();
    names.sort_unstable();
    names.dedup();
    let held = |name: FlagName| {
        let held = contents.values.get(&Key::Segment(name.clone())).cloned();
        (name, held)
    };
    let segments = names.into_iter().map(held).collect();
    let evaluated = match caller {
        Some(caller) => Some(caller::evaluate(&contents, &flag, caller).await),
        None => None,
    };
    let shown = Shown {
        version: VERSION,
        store: store.name(),
        revision: contents.revision.map(|revision| revision.0),
        standing,
        segments,
        evaluated,
        changes: changes(&store, &flag).await?,
        seen: if_kept(store.seen().await)?,
    };
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

async fn changes(store: &dyn FlagStore, flag: &FlagName) -> Result<Option<Vec<AuditEntry>>, Failure> {
    let of_flag = |entry: &AuditEntry| !matches!(entry.key, Key::Segment(_)) && entry.key.name() == flag;
    let audit = if_kept(store.audit(WHOLE_AUDIT).await)?;
    Ok(audit.map(|audit| audit.into_iter().filter(of_flag).take(CHANGES).collect()))
}

fn if_kept<T>(read: Result<T, StoreError>) -> Result<Option<T>, Failure> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Unsupported { .. }) => Ok(None),
        Err(error) => Err(failed(ATTEMPTED, &error)),
    }
}
