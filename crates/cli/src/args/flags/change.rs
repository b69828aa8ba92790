use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Store;
use crate::settings::Period;

/// Who changes something by hand, and why.
#[derive(Debug, Args)]
pub(crate) struct ByHand {
    /// Who does it; by default this account at this host
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// Says what would be done, and does nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where the flags are.
    #[command(flatten)]
    pub(crate) store: Store,
}

/// `handover flags enable`.
#[derive(Debug, Args)]
#[command(
    after_help = "Rules stay as they are: a flag that is on for 10 % is on for the same 10 % after off and on.

Examples:
  handover flags enable scan_creation --reason 'incident 4711 is over'
  handover flags enable new_checkout --for 10m"
)]
pub(crate) struct EnableFlag {
    /// What is switched.
    #[command(flatten)]
    pub(crate) switch: Switch,
    /// Waits for confirmations.
    #[command(flatten)]
    pub(crate) wait: Wait,
}

/// `handover flags disable`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  handover flags disable new_checkout --reason 'too slow'
  handover flags disable scan_creation --for 10m --wait")]
pub(crate) struct DisableFlag {
    /// What is switched.
    #[command(flatten)]
    pub(crate) switch: Switch,
    /// Waits for confirmations.
    #[command(flatten)]
    pub(crate) wait: Wait,
}

/// A flag, and how it is switched.
#[derive(Debug, Args)]
pub(crate) struct Switch {
    /// Which flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: String,
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Only for so long: then the store forgets it, and each process has its safe value
    #[arg(long = "for", value_name = "TIME")]
    pub(crate) lasts: Option<Period>,
    /// Also where there is no such flag yet: without it a mistyped name is refused
    #[arg(long)]
    pub(crate) create: bool,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}

/// How confirmations are waited for.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Wait {
    /// Waits until every instance has taken it up
    #[arg(long)]
    pub(crate) wait: bool,
    /// How long at most; 10s unless given
    #[arg(long, value_name = "TIME", requires = "wait")]
    pub(crate) timeout: Option<Period>,
}

/// `handover flags kill`.
#[derive(Debug, Args)]
#[command(
    after_help = "As disable, and it waits for confirmations wherever the store keeps them: instances that say nothing are named, and the
exit code is 4, as it is where no instance says that it listens. An instance is believed to live for 30 s after its last
word.

A name that neither the store nor any process knows is refused: whoever mistypes it must not read `killed`. A flag that a
process uses is killed also where the store has nothing for it, since its safe value may be on; --create is for flags
of processes that say nothing of themselves.

Examples:
  handover flags kill scan_creation --reason 'incident 4711'
  handover flags kill scan_creation --reason 'incident 4711' --timeout 30s"
)]
pub(crate) struct KillFlag {
    /// Which flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: String,
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Refuses where the store cannot tell who has taken it up
    #[arg(long, conflicts_with = "no_wait")]
    pub(crate) wait: bool,
    /// Waits for no confirmation
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// How long to wait at most
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) timeout: Period,
    /// Also where there is no such flag yet
    #[arg(long)]
    pub(crate) create: bool,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}

/// `handover flags rules`.
#[derive(Debug, Args)]
#[command(
    after_help = "Rules are a document of JSON, of which docs/flag-rules.md is a page. It is checked before anything is written, and nothing
is written where somebody else changed the rules meanwhile. --percentage changes the only rule of a flag, or makes one.

Examples:
  handover flags rules new_checkout
  handover flags rules new_checkout --percentage 10 --stickiness userId --reason 'first tenth'
  handover flags rules new_checkout --set rules.json
  handover flags rules new_checkout --remove"
)]
pub(crate) struct FlagRules {
    /// Which flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: String,
    /// Writes the rules in this file, or with `-` in standard input
    #[arg(long, value_name = "FILE", group = "change")]
    pub(crate) set: Option<PathBuf>,
    /// Sets the share of callers, from 0 to 100
    #[arg(long, value_name = "PERCENT", group = "change")]
    pub(crate) percentage: Option<f64>,
    /// What a caller's place in the share sticks to, such as userId
    #[arg(long, value_name = "FIELD", requires = "percentage")]
    pub(crate) stickiness: Option<String>,
    /// Takes the rules away: on is then on for everybody
    #[arg(long, group = "change")]
    pub(crate) remove: bool,
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT", requires = "change")]
    pub(crate) reason: Option<String>,
    /// Also where there is no such flag yet
    #[arg(long, requires = "change")]
    pub(crate) create: bool,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}

/// `handover flags remove`.
#[derive(Debug, Args)]
#[command(after_help = "The gate and the rules go; each process has then its safe value, which may be on.

Example:
  handover flags remove old_search --reason 'gone from the code since v41'")]
pub(crate) struct RemoveFlag {
    /// Which flag
    #[arg(value_name = "NAME")]
    pub(crate) flag: String,
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}

/// `handover flags import`.
#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// From Unleash: its client state, or the backup that a client keeps of it; every user stays in their bucket
    Unleash(Unleash),
}

/// `handover flags import unleash`.
#[derive(Debug, Args)]
#[command(
    after_help = "What cannot be carried over admits nobody, and a note says so. Segments are written first and gates last, so that no flag
is on before its rules are there. Written again, it writes only what is different.

Examples:
  curl -H \"Authorization: $TOKEN\" https://unleash.example.com/api/client/features > state.json
  handover flags import unleash state.json --dry-run
  handover flags import unleash state.json --reason 'off Unleash'"
)]
pub(crate) struct Unleash {
    /// The state, or with `-` standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Overwrites what is there and says something else
    #[arg(long)]
    pub(crate) force: bool,
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}

/// `handover flags accept`.
#[derive(Debug, Args)]
#[command(
    after_help = "A process that loses most of its flags at once holds the last values, in case the store was emptied by accident. This
says that it was not.

Example:
  handover flags accept --reason 'the old shop is gone'"
)]
pub(crate) struct AcceptFlags {
    /// Why, for whoever looks at night
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// By hand.
    #[command(flatten)]
    pub(crate) by: ByHand,
}
