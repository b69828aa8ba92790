//! `handover flags audit`: who changed what, and why, the newest first.

use std::fmt;

use handover_flags::{AuditEntry, FlagStore};
use serde::Serialize;

use super::failed::failed;
use super::{VERSION, WHOLE_AUDIT, known, opened, words};
use crate::args::AuditFlags;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Table, moment};
use crate::report::Failure;
use crate::text::one_line;

const ATTEMPTED: &str = "could not show the audit";

/// The `--json` form.
#[derive(Serialize)]
struct Shown {
    version: u32,
    store: String,
    changes: Vec<AuditEntry>,
}

/// Lists the changes.
pub(super) async fn run(args: &AuditFlags, context: &Context) -> Result<Exit, Failure> {
    let flag = args.flag.as_deref().map(|flag| known::named(flag, ATTEMPTED)).transpose()?;
    let store = opened::open(args.store.at.as_deref(), context)?;
    let asked = if flag.is_some() { WHOLE_AUDIT } else { args.newest.get() };
    let audit = store.audit(asked).await.map_err(|error| failed(ATTEMPTED, &error))?;
    let wanted = |entry: &AuditEntry| flag.as_ref().is_none_or(|flag| entry.key.name() == flag);
    let changes = audit.into_iter().filter(wanted).take(args.newest.get()).collect();
    let shown = Shown { version: VERSION, store: store.name(), changes };
    context.output.result(&shown, &shown);
    Ok(Exit::Done)
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.changes.is_empty() {
            return write!(f, "no change is written down in {}", one_line(&self.store));
        }
        write!(f, "{}", table(&self.changes))
    }
}

/// Changes, a row each.
pub(super) fn table(changes: &[AuditEntry]) -> Table {
    let mut table = Table::new(["WHEN", "WHAT", "CHANGE", "BY", "WHY", "RUN"]);
    for entry in changes {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        table.row([
            moment(words::at(entry.at_ms)),
            words::subject(&entry.key),
            words::step(&entry.key, entry.before.as_ref(), entry.after.as_ref()),
            words::actor(entry).to_owned(),
            or_none(&entry.reason),
            or_none(&entry.run),
        ]);
    }
    table
}
