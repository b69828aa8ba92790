use std::fmt;
use std::time::Duration;

use handover_core::Timestamp;
use handover_flags::{AuditEntry, Delivery, Held, Key};
use serde::Serialize;

use crate::commands::flags::words::{self, counted};
use crate::commands::flags::{VERSION, standing};
use crate::output::{clock_time, short_duration};
use crate::text::one_line;

/// Something that was seen; also its `--json` form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Line {
    version: u32,
    at: Timestamp,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum What {
    /// The store was read for the first time.
    Watching {
        store: String,
        flags: usize,
        delivery: Option<Delivery>,
    },
    Changed {
        key: Key,
        before: Option<Held>,
        after: Option<Held>,
        /// Who, where it was written down.
        by: Option<Box<AuditEntry>>,
        /// How many other changes of the same came before it and were never seen.
        #[serde(skip_serializing_if = "is_zero")]
        skipped: usize,
        #[serde(flatten)]
        delay: Delay,
    },
    Delivery {
        delivery: Delivery,
    },
    Lost {
        because: String,
    },
    Heard {
        after_ms: u64,
        flags: usize,
    },
    Noticed {
        what: String,
    },
}

/// How long a change took to arrive, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Delay {
    /// Since the moment that the store wrote down.
    Took { delay_ms: u64 },
    /// Since the store was last known to be as before.
    AtMost { delay_at_most_ms: u64 },
    /// The store was not known before.
    Unknown {},
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Line {
    pub(super) const fn new(at: Timestamp, what: What) -> Self {
        Self { version: VERSION, at, what }
    }

    pub(super) const fn is_change(&self) -> bool {
        matches!(self.what, What::Changed { .. })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", clock_time(self.at), one_line(&self.what.to_string()))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Watching { store, flags, delivery } => {
                write!(f, "watching {} in {store}", counted(*flags, "flag"))?;
                delivery.map_or(Ok(()), |delivery| write!(f, ", {}", way(delivery)))
            }
            Self::Changed { key, before, after, by, skipped, delay } => {
                let step = words::step(key, before.as_ref(), after.as_ref());
                let unfit = unfit(key, after.as_ref()).map(|why| format!(" ({why})"));
                write!(f, "{}  {step}{}", words::subject(key), unfit.unwrap_or_default())?;
                write!(f, "  {}", who(by.as_deref(), after.as_ref()))?;
                if *skipped > 0 {
                    write!(f, "  ({} came and went before)", counted(*skipped, "change"))?;
                }
                write!(f, "{delay}")
            }
            Self::Delivery { delivery } => write!(f, "changes are {} from now on", way(*delivery)),
            Self::Lost { because } => write!(f, "LOST: {because}"),
            Self::Heard { after_ms, flags } => {
                let after = short_duration(Duration::from_millis(*after_ms));
                write!(f, "heard again after {after}: {}", counted(*flags, "flag"))
            }
            Self::Noticed { what } => write!(f, "NOTICED: {what}"),
        }
    }
}

fn way(delivery: Delivery) -> String {
    match delivery {
        Delivery::Fixed => "which never change".into(),
        other => other.to_string(),
    }
}

/// What is wrong with a document; of a gate the step itself says it.
fn unfit(key: &Key, after: Option<&Held>) -> Option<String> {
    if matches!(key, Key::Gate(_)) { None } else { standing::problem(key, after) }
}

/// Nobody is named for what lapsed by itself either.
fn who(by: Option<&AuditEntry>, after: Option<&Held>) -> String {
    match (by, after) {
        (Some(entry), _) => format!("by {}", words::by(entry)).replace("by outside", "outside"),
        (None, None) => "lapsed, or outside handover".into(),
        (None, Some(_)) => "outside handover".into(),
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |ms: u64| words::delay(Duration::from_millis(ms));
        match self {
            Self::Took { delay_ms } => write!(f, "  after {}", time(*delay_ms)),
            Self::AtMost { delay_at_most_ms } => write!(f, "  after at most {}", time(*delay_at_most_ms)),
            Self::Unknown {} => Ok(()),
        }
    }
}
