use std::num::{NonZeroU32, NonZeroUsize};

use clap::Args;

use super::Store;

/// `handover flags list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover flags list
  handover flags list --store redis://127.0.0.1:6379/0 --json")]
pub(crate) struct ListFlags {
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}

/// `handover flags get`.
#[derive(Debug, Args)]
#[command(
    after_help = "With --for it is evaluated for that caller, as a service would: NAME is a field of its context. Short names are
user (userId), session (sessionId), address (remoteAddress), env (environment), app (appName), time (currentTime).

Examples:
  handover flags get scan_creation
  handover flags get new_checkout --for user=42 --for plan=pro"
)]
pub(crate) struct GetFlag {
    /// Which flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: String,
    /// A field of the caller's context; as often as there are some
    #[arg(long = "for", value_name = "NAME=VALUE")]
    pub(crate) caller: Vec<String>,
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}

/// `handover flags watch`.
#[derive(Debug, Args)]
#[command(
    after_help = "Of a change made through handover the delay is from the moment that the store wrote down to its arrival here, by the
store's clock and this machine's. Of any other change only a bound is known, `at most`: since the store was last known
to hold what it held before. It goes on while the store cannot be heard, and says so; Ctrl-C ends it, with 0 where the
store was heard at the end and with 4 where it was not.

Examples:
  handover flags watch
  handover flags watch scan_creation --json"
)]
pub(crate) struct WatchFlags {
    /// Only these flags, and the segments that their rules speak of
    #[arg(value_name = "NAME")]
    pub(crate) flags: Vec<String>,
    /// Ends after so many changes
    #[arg(long, short = 'n', value_name = "N")]
    pub(crate) count: Option<NonZeroUsize>,
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}

/// `handover flags audit`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover flags audit
  handover flags audit scan_creation -n 5")]
pub(crate) struct AuditFlags {
    /// Only what was changed of this flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: Option<String>,
    /// How many changes, the newest first
    #[arg(long, short = 'n', value_name = "COUNT", default_value = "50")]
    pub(crate) newest: NonZeroUsize,
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}

/// `handover flags stale`.
#[derive(Debug, Args)]
#[command(
    after_help = "It rests on what processes say of themselves, with handover-flags, and on the audit; what either cannot know is said.

Example:
  handover flags stale --days 90"
)]
pub(crate) struct StaleFlags {
    /// How long nothing must have happened
    #[arg(long, value_name = "DAYS", default_value = "30")]
    pub(crate) days: NonZeroU32,
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}
