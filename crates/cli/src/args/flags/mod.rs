//! Feature flags: looking at them, and changing them by hand.

mod change;
mod look;

use clap::{Args, Subcommand};

pub(crate) use change::{
    AcceptFlags, ByHand, DisableFlag, EnableFlag, FlagRules, Import, KillFlag, RemoveFlag, Switch, Unleash,
    Wait,
};
pub(crate) use look::{AuditFlags, GetFlag, ListFlags, StaleFlags, WatchFlags};

/// `handover flags`.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Where the flags are is said by --store, by HANDOVER_FLAGS_STORE, or by `[flags]` of handover.toml:
  redis://HOST:6379/0   plain keys: `redis-cli SET feature:NAME false` is a switch too; rediss:// speaks TLS
  file:flags.json       a file that is watched
  env:                  variables such as FEATURE_SCAN_CREATION=true, which can only be read
A password belongs into the variable or the settings: what is typed can be seen by everybody on the machine.

Exit codes: 0 done; 2 usage; 3 refused or not there, and nothing changed; 4 not known, as where an instance has not
confirmed."
)]
pub(crate) enum Flags {
    /// Lists the flags: whether each is on, for whom, and who changed it last
    List(ListFlags),
    /// Shows a flag: value, rules, last changes, and which instance has taken up what
    Get(GetFlag),
    /// Switches a flag on
    Enable(EnableFlag),
    /// Switches a flag off
    Disable(DisableFlag),
    /// Switches a flag off and waits until every instance has confirmed it
    Kill(KillFlag),
    /// Shows or changes whom a flag is on for
    Rules(FlagRules),
    /// Takes a flag out of the store
    Remove(RemoveFlag),
    /// Tells of each change as it arrives, and how long it took
    Watch(WatchFlags),
    /// Lists who changed what, and why
    Audit(AuditFlags),
    /// Lists flags that nobody uses, that are missing, or that have long been settled
    Stale(StaleFlags),
    /// Brings flags over from another system
    #[command(subcommand)]
    Import(Import),
    /// Says that so few flags as there are now are meant, after many were removed at once
    Accept(AcceptFlags),
}

/// Where the flags are.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// Where the flags are: `redis://…`, `rediss://…`, `file:PATH` or `env:`
    #[arg(long = "store", value_name = "WHERE", env = "HANDOVER_FLAGS_STORE", hide_env_values = true)]
    pub(crate) at: Option<String>,
}
