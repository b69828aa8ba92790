use std::fmt;

use handover_flags::FlagName;

use super::{Settled, Shown, Unused};
use crate::commands::flags::words;
use crate::output::{Table, moment};
use crate::text::one_line;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blocks = [self.unused_text(), self.missing_text(), self.settled_text(), self.unknown_text()];
        let blocks: Vec<_> = blocks.into_iter().filter(|block| !block.is_empty()).collect();
        if blocks.is_empty() {
            return write!(f, "no flag is stale: each was used and changed within {} days", self.days);
        }
        f.write_str(&blocks.join("\n\n"))
    }
}

impl Shown {
    fn unused_text(&self) -> String {
        let days = self.days;
        let row = |unused: &Unused| [unused.flag.to_string(), when(unused.last_use_ms, "never")];
        let heading = format!("no process has declared or read these for {days} days:");
        section(&heading, ["FLAG", "LAST USED"], self.unused.iter().map(row))
    }

    fn missing_text(&self) -> String {
        let row = |flag: &FlagName| [flag.to_string()];
        let heading = "processes declare these, and the store has nothing for them: each has its safe value:";
        section(heading, ["FLAG"], self.missing.iter().map(row))
    }

    fn settled_text(&self) -> String {
        let row = |settled: &Settled| {
            let value = if settled.on { "on" } else { "off" };
            [settled.flag.to_string(), value.to_owned(), when(settled.since_ms, "before the audit began")]
        };
        let heading = format!("the same for everybody for {} days, to be taken out of the code:", self.days);
        section(&heading, ["FLAG", "VALUE", "SINCE"], self.settled.iter().map(row))
    }

    fn unknown_text(&self) -> String {
        let line = |what: &String| format!("NOT KNOWN: {}", one_line(what));
        self.unknown.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn when(at_ms: Option<u64>, otherwise: &str) -> String {
    at_ms.map_or_else(|| otherwise.to_owned(), |at| moment(words::at(at)))
}

/// A table under its heading; nothing of none.
fn section<const N: usize>(
    heading: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new(columns);
    for row in rows {
        table.row(row);
    }
    format!("{heading}\n{table}")
}
