//! `handover flags list`: every flag in a line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use handover_flags::{AuditEntry, Contents, FlagName, FlagStore, Key, StoreError};
use serde::Serialize;

use super::failed::failed;
use super::standing::{Standing, problem};
use super::{VERSION, WHOLE_AUDIT, known, opened, words};
use crate::args::ListFlags;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, moment};
use crate::report::Failure;
use crate::text::one_line;

const ATTEMPTED: &str = "could not list the flags";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    store: String,
    revision: Option<u64>,
    flags: Vec<Row>,
    segments: BTreeSet<FlagName>,
    /// What is wrong with segments.
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    standing: Standing,
    changed: Option<AuditEntry>,
}

/// Lists them.
pub(super) async fn run(args: &ListFlags, context: &Context) -> Result<Exit, Failure> {
    let store = opened::open(args.store.at.as_deref(), context)?;
    let contents = known::load(&store, ATTEMPTED).await?;
    let changed = last_changes(&store).await?;
    let shown = Shown::of(&store, &contents, changed);
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

/// The newest change of each flag, where an audit is kept.
async fn last_changes(store: &Arc<dyn FlagStore>) -> Result<BTreeMap<FlagName, AuditEntry>, Failure> {
    let audit = match store.audit(WHOLE_AUDIT).await {
        Err(StoreError::Unsupported { .. }) => Vec::new(),
        audit => audit.map_err(|error| failed(ATTEMPTED, &error))?,
    };
    let of_flags = audit.into_iter().rev().filter(|entry| !matches!(entry.key, Key::Segment(_)));
    Ok(of_flags.map(|entry| (entry.key.name().clone(), entry)).collect())
}

impl Shown {
    fn of(store: &dyn FlagStore, contents: &Contents, mut changed: BTreeMap<FlagName, AuditEntry>) -> Self {
        let row =
            |flag: &FlagName| Row { standing: Standing::of(contents, flag), changed: changed.remove(flag) };
        let flags = contents.flags().map(row).collect();
        let of_segments = contents.values.iter().filter(|(key, _)| matches!(key, Key::Segment(_)));
        Self {
            version: VERSION,
            store: store.name(),
            revision: contents.revision.map(|revision| revision.0),
            flags,
            segments: of_segments.clone().map(|(key, _)| key.name().clone()).collect(),
            problems: of_segments.filter_map(|(key, held)| problem(key, Some(held))).collect(),
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["FLAG", "VALUE", "RULES", "CHANGED", "BY"]);
        for Row { standing, changed } in &self.flags {
            table.row([
                standing.flag.to_string(),
                standing.word().to_owned(),
                standing.summary.clone(),
                changed.as_ref().map_or_else(|| "-".into(), |entry| moment(words::at(entry.at_ms))),
                changed.as_ref().map_or_else(|| "-".into(), words::by),
            ]);
        }
        table
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.flags.is_empty() {
            write!(f, "there is no flag in {}", one_line(&self.store))?;
        } else {
            write!(f, "{}", self.table())?;
        }
        if !self.segments.is_empty() {
            let names = self.segments.iter().map(FlagName::as_str).collect::<Vec<_>>().join(", ");
            write!(f, "\n\nsegments: {}", one_line(&names))?;
        }
        let of_flags = self.flags.iter().flat_map(|Row { standing, .. }| {
            standing.problems.iter().map(|problem| format!("{}: {problem}", standing.flag))
        });
        let problems: Vec<_> = of_flags.chain(self.problems.iter().cloned()).collect();
        if !problems.is_empty() {
            f.write_str("\n")?;
        }
        problems.iter().try_for_each(|problem| write!(f, "\nWRONG: {}", one_line(problem)))
    }
}
