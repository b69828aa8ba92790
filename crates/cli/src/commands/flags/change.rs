//! One change of a store, and whether it was made.

use std::time::Duration;

use handover_flags::{Change, FlagStore, Held, Key, Revision, StoreError};
use tokio::time::sleep;

use super::failed::failed;
use super::words;
use crate::args::ByHand;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run;

/// How often, and how long apart, a store is read back that did not confirm.
const LOOKS: u32 = 3;
const APART: Duration = Duration::from_millis(300);

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) revision: Option<Revision>,
    pub(super) before: Option<Held>,
    /// Whether the store did not confirm it, and had it when it was read.
    pub(super) read_back: bool,
}

/// Who changes something, and why.
pub(super) fn by(by: &ByHand, reason: Option<&str>) -> Change {
    let change = Change::by(by.actor.clone().unwrap_or_else(run::who));
    match reason {
        Some(reason) => change.because(reason),
        None => change,
    }
}

/// A reason that says something.
///
/// # Errors
///
/// [`Exit::Usage`]: it does not.
pub(super) fn said(reason: &str, attempted: &str) -> Result<(), Failure> {
    if reason.trim().is_empty() {
        return Err(Failure::new(attempted, Exit::Usage)
            .because("the reason is empty")
            .hint("say in `--reason` what whoever looks at night has to know"));
    }
    Ok(())
}

/// Refuses a store that takes no changes, before anything else is done.
///
/// # Errors
///
/// [`Exit::Refused`].
pub(super) fn takes_changes(store: &dyn FlagStore, attempted: &str) -> Result<(), Failure> {
    if store.capabilities().writes {
        return Ok(());
    }
    Err(failed(attempted, &store.cannot("be changed")))
}

/// Puts a text under a key, or takes away what is there. A store that does not confirm is read back; `before` is what it
/// had last.
///
/// # Errors
///
/// It was not made, or that is not known.
pub(super) async fn make(
    store: &dyn FlagStore,
    (key, text): (&Key, Option<&str>),
    change: &Change,
    before: Option<Held>,
    attempted: &str,
) -> Result<Made, Failure> {
    let receipt = match text {
        Some(text) => store.put(key, text, change).await,
        None => store.remove(key, change).await,
    };
    match receipt {
        Ok(receipt) => Ok(Made { revision: receipt.revision, before: receipt.before, read_back: false }),
        Err(error @ StoreError::Unconfirmed { .. }) => {
            let read = read_back(store, key, text, &error, attempted).await;
            read.map(|revision| Made { revision, before, read_back: true })
        }
        Err(error) => Err(failed(attempted, &error)),
    }
}

/// The revision at which the store has what was wanted.
async fn read_back(
    store: &dyn FlagStore,
    key: &Key,
    text: Option<&str>,
    error: &StoreError,
    attempted: &str,
) -> Result<Option<Revision>, Failure> {
    let mut looks = LOOKS;
    let contents = loop {
        looks -= 1;
        match store.load().await {
            Ok(contents) => break contents,
            Err(unread) if looks == 0 => {
                return Err(failed(attempted, error)
                    .because(format!("it could not be read back: {}", unread.in_full()))
                    .hint("`handover flags get` says what it is, once the store answers"));
            }
            Err(_) => sleep(APART).await,
        }
    };
    let found = contents.values.get(key);
    if found.and_then(Held::text) == text && found.is_some() == text.is_some() {
        return Ok(contents.revision);
    }
    Err(Failure::new(attempted, Exit::Refused)
        .because_of(error)
        .because(format!("it was read back, and is {} still", words::held(key, found)))
        .hint("nothing changed: try again"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use async_trait::async_trait;
    use handover_flags::{Capabilities, Contents, FlagName, MemoryStore, Receipt, Watch};

    use super::*;

    /// Gives no answer to changes; makes them or not, and is heard after so many looks.
    #[derive(Debug)]
    struct Mute {
        inner: MemoryStore,
        makes: bool,
        deaf: AtomicU32,
    }

    impl Mute {
        fn new(makes: bool, deaf: u32) -> Self {
            Self { inner: MemoryStore::with(&[("x", true)]), makes, deaf: AtomicU32::new(deaf) }
        }

        fn lost(&self) -> StoreError {
            StoreError::Unconfirmed { store: self.name(), source: "the connection broke".into() }
        }
    }

    #[async_trait]
    impl FlagStore for Mute {
        fn name(&self) -> String {
            "a mute store".into()
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::ALL
        }

        async fn load(&self) -> Result<Contents, StoreError> {
            let left = self.deaf.load(Ordering::SeqCst);
            if left > 0 {
                self.deaf.store(left - 1, Ordering::SeqCst);
                return Err(StoreError::Unreachable { store: self.name(), source: "nobody listens".into() });
            }
            self.inner.load().await
        }

        async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError> {
            if self.makes {
                self.inner.put(key, text, change).await?;
            }
            Err(self.lost())
        }

        async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError> {
            if self.makes {
                self.inner.remove(key, change).await?;
            }
            Err(self.lost())
        }

        fn watch(&self) -> Watch {
            self.inner.watch()
        }
    }

    async fn killed(makes: bool, deaf: u32, text: Option<&str>) -> Result<Made, Failure> {
        let key = Key::Gate(FlagName::new("x").unwrap());
        let before = Some(Held::from("true"));
        let change = Change::by("ann");
        make(&Mute::new(makes, deaf), (&key, text), &change, before, "could not kill x").await
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_confirmed_and_is_there_was_made() {
        let made = Made { revision: Some(Revision(1)), before: Some(Held::from("true")), read_back: true };
        assert_eq!(killed(true, 0, Some("false")).await, Ok(made.clone()));
        assert_eq!(killed(true, 2, Some("false")).await, Ok(made.clone()));
        assert_eq!(killed(true, 0, None).await, Ok(made));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_confirmed_and_is_not_there_was_not_made() {
        let failure = killed(false, 0, Some("false")).await.unwrap_err();
        assert_eq!(failure.exit(), Exit::Refused);
        insta::assert_snapshot!(failure, @"
        error: could not kill x
          because: a mute store did not confirm the change
          because: the connection broke
          because: it was read back, and is on still

        hint: nothing changed: try again
        ");
        assert_eq!(killed(false, 0, None).await.unwrap_err().exit(), Exit::Refused);
    }

    #[tokio::test(start_paused = true)]
    async fn what_can_be_neither_confirmed_nor_read_back_is_not_known() {
        let failure = killed(true, 9, Some("false")).await.unwrap_err();
        assert_eq!(failure.exit(), Exit::Unknown);
        insta::assert_snapshot!(failure, @"
        error: could not kill x
          because: a mute store did not confirm the change
          because: the connection broke
          because: it could not be read back: a mute store could not be reached: nobody listens

        hint: `handover flags get` says what it is, once the store answers
        ");
    }
}
