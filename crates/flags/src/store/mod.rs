//! Where flags are kept: the trait that a store implements, and what it speaks in.

mod capabilities;
mod change;
mod contents;
mod error;
mod key;
mod shared;
mod watch;

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;

use crate::FlagName;

pub use capabilities::{Capabilities, Delivery};
pub use change::{AuditEntry, Change, LastUse, Receipt, Seen, Usage};
pub use contents::{Contents, Held, Revision};
pub use error::{BoxError, StoreError};
pub use key::Key;
pub(crate) use key::gate;
pub use watch::{StoreEvent, Teller, Unwatched, Watch};

/// Where flags are kept.
///
/// What a store promises, each with a check in the conformance kit (`testkit`):
///
/// 1. Whoever loads after a change was confirmed, reads it, and the receipt says what stood there before.
/// 2. Of what is in the store, a watch tells first [`StoreEvent::Contents`], all of it, or [`StoreEvent::Lost`], and after
///    that misses no last value: what was told, taken together, comes to be what a load gives, also after a loss.
/// 3. For one key, a watch never tells an older value after a newer one.
/// 4. `only_if` changes nothing where something else stands, and says what; nobody comes between the look and the change.
/// 5. What [`capabilities`](Self::capabilities) rules out is [`StoreError::Unsupported`], and changes nothing; what they
///    claim never is.
/// 6. Every confirmed change is in the audit, once, with who, why, before and after, where an audit is kept.
/// 7. Revisions grow, and a watcher hears of a revision with the change that it counts, not later and never before: who
///    has heard of one confirms every change up to it.
/// 8. A text of up to [`Held::LONGEST`] bytes is kept as it is, whatever it says: readers decide what it means. A longer
///    one is refused, or [`Held::Unreadable`].
/// 9. A removed key, and one whose time is over, is gone from loads, and told as `None`.
/// 10. No error, no name and no `Debug` shows a password.
///
/// To add a store: write these, and run the kit against it.
#[async_trait]
pub trait FlagStore: fmt::Debug + Send + Sync {
    /// What this store is called in messages: where it is, without any password.
    fn name(&self) -> String;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Everything in it.
    ///
    /// # Errors
    ///
    /// It cannot be reached, refuses, or holds what cannot be read as a whole.
    async fn load(&self) -> Result<Contents, StoreError>;

    /// Puts a text under a key, with the audit and the revision in one piece.
    ///
    /// Cancelled, the change may have been made or not.
    ///
    /// # Errors
    ///
    /// As each variant of [`StoreError`] says.
    async fn put(&self, key: &Key, text: &str, change: &Change) -> Result<Receipt, StoreError>;

    /// Takes away what is under a key; nothing there is no error.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    async fn remove(&self, key: &Key, change: &Change) -> Result<Receipt, StoreError>;

    /// Tells of everything from now on, until the [`Watch`] is dropped.
    fn watch(&self) -> Watch;

    /// The newest lines of the audit, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where none is kept.
    async fn audit(&self, _newest: usize) -> Result<Vec<AuditEntry>, StoreError> {
        Err(self.cannot("keep an audit"))
    }

    /// Says what this process has taken up. It is forgotten unless said again within half a minute.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where it is not kept.
    async fn report_seen(&self, _seen: &Seen) -> Result<(), StoreError> {
        Err(self.cannot("keep who has seen what"))
    }

    /// What each living process has taken up, by instance.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where it is not kept.
    async fn seen(&self) -> Result<Vec<Seen>, StoreError> {
        Err(self.cannot("tell who has seen what"))
    }

    /// Says what this process uses flags for.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where it is not kept.
    async fn report_usage(&self, _usage: &Usage) -> Result<(), StoreError> {
        Err(self.cannot("keep which flags are used"))
    }

    /// When each flag was last used, by any process that said so.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where it is not kept.
    async fn usage(&self) -> Result<BTreeMap<FlagName, LastUse>, StoreError> {
        Err(self.cannot("tell which flags are used"))
    }

    /// Says that so few flags as there are now are meant: changes [`Contents::epoch`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Unsupported`] where there is no such mark.
    async fn accept(&self, _change: &Change) -> Result<(), StoreError> {
        Err(self.cannot("be told that so few flags are meant"))
    }

    /// [`StoreError::Unsupported`] by this store.
    fn cannot(&self, what: &'static str) -> StoreError {
        StoreError::Unsupported { store: self.name(), what }
    }
}

/// Stays usable as a trait object: the command line picks stores at run time.
fn _object_safe(_: &dyn FlagStore) {}
