use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use crate::{Contents, FlagStore, Held, Key, Revision, StoreEvent, Watch};

/// How often others get their turn before a watch that says nothing is taken to have nothing to say now.
const TURNS: usize = 20;

/// A watch, and all that it told, taken together.
///
/// What a reader of flags does with a store's events, as simply as can be, and with a memory of each state on the way.
#[derive(Debug)]
pub struct Follower {
    watch: Watch,
    state: Option<Contents>,
    story: Vec<Contents>,
    losses: Vec<String>,
    noticed: Vec<String>,
}

impl Follower {
    /// Begins to watch.
    pub fn of(store: &dyn FlagStore) -> Self {
        Self { watch: store.watch(), state: None, story: Vec::new(), losses: Vec::new(), noticed: Vec::new() }
    }

    /// What is known now; `None` until the first contents.
    pub const fn state(&self) -> Option<&Contents> {
        self.state.as_ref()
    }

    /// What is known to stand under a key.
    pub fn held(&self, key: &Key) -> Option<&Held> {
        self.state.as_ref()?.values.get(key)
    }

    /// Everything that was known, one after the other.
    pub fn story(&self) -> &[Contents] {
        &self.story
    }

    /// Each time that the store could not be heard, in every way an error can be shown.
    pub fn losses(&self) -> &[String] {
        &self.losses
    }

    /// What an operator was told.
    pub fn noticed(&self) -> &[String] {
        &self.noticed
    }

    /// Takes one more event; `false` once there can be no more.
    ///
    /// # Errors
    ///
    /// It is no event that can come here: a change or a confirmation before there was anything.
    pub async fn step(&mut self) -> Result<bool, String> {
        match self.watch.next().await {
            Some(event) => self.take(event).map(|()| true),
            None => Ok(false),
        }
    }

    /// Takes what has been told already.
    ///
    /// # Errors
    ///
    /// As for [`step`](Self::step).
    pub async fn catch_up(&mut self) -> Result<(), String> {
        for _ in 0..TURNS {
            yield_now().await;
            while let Ok(more) = timeout(Duration::ZERO, self.step()).await {
                if !more? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Takes events until something holds.
    ///
    /// # Errors
    ///
    /// It does not hold in time, or the events end, or one of them cannot come here.
    pub async fn until(&mut self, patience: Duration, holds: impl Fn(&Self) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + patience;
        while !holds(self) {
            match timeout(deadline.saturating_duration_since(Instant::now()), self.step()).await {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return Err("the events have ended".to_owned()),
                Ok(Err(how)) => return Err(how),
                Err(_) => return Err(format!("not within {patience:?}")),
            }
        }
        Ok(())
    }

    fn take(&mut self, event: StoreEvent) -> Result<(), String> {
        match event {
            StoreEvent::Contents { contents, .. } => self.state = Some(contents),
            StoreEvent::Changed { changes, revision, .. } => self.change(changes, revision)?,
            StoreEvent::Fresh { .. } if self.state.is_none() => {
                return Err("it told that nothing had changed before it told what there is".to_owned());
            }
            StoreEvent::Lost(error) => {
                self.losses.push(format!("{} | {error:?}", error.in_full()));
                return Ok(());
            }
            StoreEvent::Noticed(what) => self.noticed.push(what),
            StoreEvent::Fresh { .. } | StoreEvent::Delivery(_) => return Ok(()),
        }
        self.story.extend(self.state.clone());
        Ok(())
    }

    fn change(
        &mut self,
        changes: Vec<(Key, Option<Held>)>,
        revision: Option<Revision>,
    ) -> Result<(), String> {
        let Some(state) = &mut self.state else {
            return Err("it told of a change before it told what there is".to_owned());
        };
        for (key, held) in changes {
            apply(&mut state.values, key, held);
        }
        state.revision = revision.or(state.revision);
        Ok(())
    }
}

fn apply(values: &mut BTreeMap<Key, Held>, key: Key, held: Option<Held>) {
    match held {
        Some(held) => values.insert(key, held),
        None => values.remove(&key),
    };
}
