//! `handover flags enable`, `disable` and `kill`: the gate of a flag.

mod confirm;
mod shown;

use std::time::Duration;

use handover_flags::{Change, Contents, FlagName, FlagStore, Key};

use self::confirm::Confirmation;
use self::shown::Shown;
use super::change::{self, Made};
use super::failed::failed;
use super::{known, opened};
use crate::args::{ByHand, KillFlag, Switch, Wait};
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::Period;

/// How long confirmations are waited for, where that was not said.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What is to be done with a gate.
struct Order<'a> {
    verb: Verb,
    flag: &'a str,
    reason: Option<&'a str>,
    lasts: Option<Duration>,
    create: bool,
    patience: Patience,
    by: &'a ByHand,
}

/// What was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Enable,
    Disable,
    Kill,
}

/// Whether confirmations are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    No,
    /// Where the store keeps them.
    IfKept(Duration),
    /// A store that does not keep them is refused.
    Must(Duration),
}

impl Verb {
    const fn infinitive(self) -> &'static str {
        match self {
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Kill => "kill",
        }
    }

    const fn past(self) -> &'static str {
        match self {
            Self::Enable => "enabled",
            Self::Disable => "disabled",
            Self::Kill => "killed",
        }
    }

    const fn text(self) -> &'static str {
        if matches!(self, Self::Enable) { "true" } else { "false" }
    }
}

/// Switches a flag on or off.
pub(super) async fn run(on: bool, args: &Switch, wait: Wait, context: &Context) -> Result<Exit, Failure> {
    let limit = wait.timeout.map_or(TIMEOUT, Period::get);
    let order = Order {
        verb: if on { Verb::Enable } else { Verb::Disable },
        flag: &args.flag,
        reason: args.reason.as_deref(),
        lasts: args.lasts.map(Period::get),
        create: args.create,
        patience: if wait.wait { Patience::Must(limit) } else { Patience::No },
        by: &args.by,
    };
    order.carry_out(context).await
}

/// Switches a flag off, and waits.
pub(super) async fn kill(args: &KillFlag, context: &Context) -> Result<Exit, Failure> {
    let limit = args.timeout.get();
    let order = Order {
        verb: Verb::Kill,
        flag: &args.flag,
        reason: Some(&args.reason),
        lasts: None,
        create: args.create,
        patience: match (args.wait, args.no_wait) {
            (true, _) => Patience::Must(limit),
            (false, true) => Patience::No,
            (false, false) => Patience::IfKept(limit),
        },
        by: &args.by,
    };
    order.carry_out(context).await
}

impl Order<'_> {
    async fn carry_out(&self, context: &Context) -> Result<Exit, Failure> {
        let attempted = format!("could not {} the flag", self.verb.infinitive());
        let flag = known::named(self.flag, &attempted)?;
        if let Some(reason) = self.reason {
            change::said(reason, &attempted)?;
        }
        let store = opened::open(self.by.store.at.as_deref(), context)?;
        self.allowed(&store, &attempted)?;
        let contents = known::load(&store, &attempted).await?;
        self.exists(&store, &flag, &contents, &attempted).await?;
        let mut shown = Shown::planned(self, &flag, &contents);
        if !self.by.dry_run {
            let made = self.make(&store, &flag, &contents, &attempted).await?;
            shown.made(&made);
            shown.confirmation = self.confirmed(&store, &made, context).await;
        }
        context.output.result(&shown, &shown);
        Ok(shown.exit())
    }

    /// Refuses what the store cannot, before anything is done.
    fn allowed(&self, store: &dyn FlagStore, attempted: &str) -> Result<(), Failure> {
        change::takes_changes(store, attempted)?;
        let can = store.capabilities();
        if self.lasts.is_some() && !can.expires {
            let error = store.cannot("forget a value by itself after a time");
            return Err(failed(attempted, &error).hint("leave `--for` out, and switch it back by hand"));
        }
        if matches!(self.patience, Patience::Must(_)) && !(can.seen && can.revisions) {
            let error = store.cannot("tell who has taken up a change");
            return Err(
                failed(attempted, &error).hint("leave `--wait` out; nothing confirms the change then")
            );
        }
        Ok(())
    }

    /// A mistyped name must not look like a kill.
    async fn exists(
        &self,
        store: &dyn FlagStore,
        flag: &FlagName,
        contents: &Contents,
        attempted: &str,
    ) -> Result<(), Failure> {
        if self.create || known::is_in(contents, flag) || known::is_used(store, flag, attempted).await? {
            return Ok(());
        }
        let missing =
            known::missing(attempted, flag, store, contents).because("no process says that it uses it");
        Err(missing.because("nothing changed; `--create` makes it all the same"))
    }

    async fn make(
        &self,
        store: &dyn FlagStore,
        flag: &FlagName,
        contents: &Contents,
        attempted: &str,
    ) -> Result<Made, Failure> {
        let before = known::gate(contents, flag).cloned();
        let key = Key::Gate(flag.clone());
        change::make(store, (&key, Some(self.verb.text())), &self.change(), before, attempted).await
    }

    fn change(&self) -> Change {
        let Some(lasts) = self.lasts else { return change::by(self.by, self.reason) };
        // The audit has no column for it.
        let lasting = format!("for {}", humantime::format_duration(lasts));
        let reason = self.reason.map_or_else(|| lasting.clone(), |reason| format!("{reason} ({lasting})"));
        change::by(self.by, Some(&reason)).expires_after(lasts)
    }

    async fn confirmed(&self, store: &dyn FlagStore, made: &Made, context: &Context) -> Option<Confirmation> {
        let limit = match self.patience {
            Patience::No => return None,
            Patience::IfKept(_) if !store.capabilities().seen => return None,
            Patience::IfKept(limit) | Patience::Must(limit) => limit,
        };
        Some(confirm::wait(store, made.revision?, limit, context.output).await)
    }
}
