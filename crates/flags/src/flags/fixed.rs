//! Flags without a store behind them.

use std::sync::Arc;

use tokio::time::Instant;

use super::guard::WipeGuard;
use super::intake::{Intake, OnStale};
use super::shared::Shared;
use super::status::{Started, Status};
use super::tasks::Tasks;
use super::{FlagName, Flags, Key};
use crate::store::{Contents, Delivery, Held, StoreEvent};

impl Flags {
    /// Flags that stay as they are said here, without a store, a task or a runtime; every other name is unknown.
    ///
    /// ```
    /// use handover_flags::Flags;
    ///
    /// let flags = Flags::fixed(&[("scan_creation", true), ("email_automation", false)]);
    /// assert!(flags.is_enabled("scan_creation") && !flags.is_enabled("email_automation"));
    /// ```
    ///
    /// # Panics
    ///
    /// A name is no name of a flag: a mistake in the program.
    pub fn fixed(flags: &[(&str, bool)]) -> Self {
        begin("fixed", flags).0
    }
}

/// Flags that know nothing but what this intake is told.
pub(super) fn begin(store: &str, flags: &[(&str, bool)]) -> (Flags, Intake) {
    let status = Status { started: Started::Store, ..Status::first(store.to_owned()) };
    let shared = Arc::new(Shared::new(status, true));
    let nothing = std::collections::HashMap::new();
    let mut intake = Intake::new(Arc::clone(&shared), nothing, WipeGuard::off(), OnStale::Hold);
    let values = flags.iter().map(|(flag, on)| (gate(flag), held(*on)));
    let contents = Contents { values: values.collect(), ..Contents::default() };
    intake.take(StoreEvent::Delivery(Delivery::Fixed));
    intake.take(StoreEvent::Contents { contents, as_of: Instant::now() });
    (Flags::new(shared, Tasks::default(), Vec::new()), intake)
}

#[expect(clippy::panic, reason = "a name in code that is no name is a mistake of the program")]
pub(super) fn name(text: &str) -> FlagName {
    FlagName::new(text).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn gate(flag: &str) -> Key {
    Key::Gate(name(flag))
}

pub(super) fn held(on: bool) -> Held {
    Held::from(if on { "true" } else { "false" })
}
