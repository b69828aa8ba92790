use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::flags::guard::Suspect;
use crate::store::{Delivery, Key, Revision};

/// From where the flags of a process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Started {
    /// From the store.
    Store,
    /// From the file of last known values, this old: the store did not answer in time.
    LastKnownGood {
        /// How old the file was, in seconds.
        #[serde(rename = "age_s", serialize_with = "seconds")]
        age: Duration,
    },
    /// From what the program brought along: the store did not answer in time.
    Bootstrap,
    /// From safe values: nothing else was known.
    Safe,
}

/// How things stand with the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is heard.
    Live,
    /// It cannot be heard; the last values are held.
    Held,
    /// It cannot be heard, and what is known is older than the limit.
    TooOld,
    /// It was never heard.
    Never,
}

/// How the flags of this process stand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The store's name, without any password.
    pub store: String,
    /// How things stand with it.
    pub standing: Standing,
    /// From where this process began.
    pub started: Started,
    /// How changes come, once known.
    pub delivery: Option<Delivery>,
    /// How long ago everything known was last known to be so, in seconds; `None` where it never was.
    #[serde(rename = "age_s", serialize_with = "maybe_seconds")]
    pub age: Option<Duration>,
    /// The last change made through the store that was taken up.
    pub revision: Option<Revision>,
    /// How often the store was heard again after it could not be.
    pub reconnects: u64,
    /// How many flags are known.
    pub flags: usize,
    /// What makes no sense, and why.
    pub malformed: BTreeMap<Key, Arc<str>>,
    /// What is held although the store has it no more.
    pub suspect: Option<Suspect>,
    /// Why the store could not be heard, the last time it could not.
    pub last_error: Option<Arc<str>>,
    /// What is wrong with the file of last known values.
    pub last_known_good: Option<Arc<str>>,
}

impl Status {
    /// Before anything is known.
    pub(super) fn first(store: String) -> Self {
        Self {
            store,
            standing: Standing::Never,
            started: Started::Safe,
            delivery: None,
            age: None,
            revision: None,
            reconnects: 0,
            flags: 0,
            malformed: BTreeMap::new(),
            suspect: None,
            last_error: None,
            last_known_good: None,
        }
    }

    /// Whether what is read is what the store has now, as far as can be known.
    pub fn is_live(&self) -> bool {
        self.standing == Standing::Live && self.suspect.is_none()
    }
}

fn seconds<S: serde::Serializer>(age: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(age.as_secs_f64())
}

#[expect(clippy::ref_option, reason = "serde's signature")]
fn maybe_seconds<S: serde::Serializer>(age: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    match age {
        Some(age) => seconds(age, to),
        None => to.serialize_none(),
    }
}
