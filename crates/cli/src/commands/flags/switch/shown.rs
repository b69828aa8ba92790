use std::fmt;
use std::time::Duration;

use handover_flags::{Contents, FlagName, Held, Key};
use serde::Serialize;

use super::confirm::Confirmation;
use super::{Order, Patience, Verb};
use crate::commands::flags::change::Made;
use crate::commands::flags::{VERSION, known, words};
use crate::exit::Exit;
use crate::text::one_line;

/// What was done; also its `--json` form.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    version: u32,
    flag: FlagName,
    on: bool,
    dry_run: bool,
    before: Option<Held>,
    revision: Option<u64>,
    /// Whether the store did not confirm the change, and had it when it was read.
    read_back: bool,
    lapses_after_ms: Option<u64>,
    pub(super) confirmation: Option<Confirmation>,
    #[serde(skip)]
    verb: Verb,
    #[serde(skip)]
    patience: Patience,
    #[serde(skip)]
    lasts: Option<Duration>,
}

impl Shown {
    /// Of a change that is still to be made.
    pub(super) fn planned(order: &Order<'_>, flag: &FlagName, contents: &Contents) -> Self {
        Self {
            version: VERSION,
            flag: flag.clone(),
            on: order.verb == Verb::Enable,
            dry_run: order.by.dry_run,
            before: known::gate(contents, flag).cloned(),
            revision: None,
            read_back: false,
            lapses_after_ms: order.lasts.map(|lasts| u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX)),
            confirmation: None,
            verb: order.verb,
            patience: order.patience,
            lasts: order.lasts,
        }
    }

    pub(super) fn made(&mut self, made: &Made) {
        self.before.clone_from(&made.before);
        self.revision = made.revision.map(|revision| revision.0);
        self.read_back = made.read_back;
    }

    /// What was asked to be confirmed and was not, is not known.
    pub(super) fn exit(&self) -> Exit {
        match &self.confirmation {
            Some(confirmation) if !confirmation.is_whole() => Exit::Unknown,
            _ => Exit::Done,
        }
    }

    fn was(&self) -> String {
        words::held(&Key::Gate(self.flag.clone()), self.before.as_ref())
    }

    /// What is said on lines of their own.
    fn remarks(&self) -> impl Iterator<Item = String> {
        let counted = self.revision.map(|revision| format!("; revision {revision}")).unwrap_or_default();
        let was = (!self.dry_run).then(|| format!("it was {}{counted}", self.was()));
        let read_back =
            self.read_back.then(|| "the store did not confirm it, and had it when it was read".to_owned());
        let unconfirmed = matches!(self.patience, Patience::IfKept(_)) && self.confirmation.is_none();
        let unconfirmed = (unconfirmed && !self.dry_run)
            .then(|| "nothing confirms it: this store does not keep who has taken up what".to_owned());
        was.into_iter().chain(read_back).chain(unconfirmed).chain(self.lapse()).chain(self.next())
    }

    /// What comes after a timed switch: not what was there before.
    fn lapse(&self) -> Option<String> {
        let lasts = humantime::format_duration(self.lasts?);
        let back = match &self.before {
            None => String::new(),
            Some(_) => format!("; `{}`, which was there before, does not come back", self.was()),
        };
        Some(format!(
            "after {lasts} the store forgets it, and each process has the safe value that it declares{back}"
        ))
    }

    fn next(&self) -> Option<String> {
        let flag = &self.flag;
        let confirmation = self.confirmation.as_ref().filter(|confirmation| !confirmation.is_whole())?;
        Some(match confirmation.instances {
            0 => "next: check that the services use this store; `--no-wait` asks nobody".to_owned(),
            _ => format!(
                "next: an instance that ended without a word is named for 30 s; `handover flags get '{flag}'` looks again"
            ),
        })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flag = one_line(self.flag.as_str());
        match &self.confirmation {
            _ if self.dry_run => {
                write!(f, "would {} {flag}: it is {}", self.verb.infinitive(), one_line(&self.was()))?;
            }
            None => write!(f, "{} {flag}", self.verb.past())?,
            Some(confirmation) => write!(f, "{} {flag}{confirmation}", self.verb.past())?,
        }
        self.remarks().try_for_each(|remark| write!(f, "\n{}", one_line(&remark)))
    }
}
