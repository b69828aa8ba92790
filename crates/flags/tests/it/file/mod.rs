//! The store in a file: with editors, mounts, other processes and crashes.

mod conformance;
mod edited;
mod editors;
mod messages;
mod outside;
mod places;
mod processes;
mod watching;

pub(crate) use self::edited::Edited;

use std::path::Path;
use std::time::Duration;

use handover_flags::testkit::Follower;
use handover_flags::{FileStore, FlagName, Held, Key};

/// Long enough for any machine; nothing waits for it that goes well.
const PATIENCE: Duration = Duration::from_secs(30);

/// So seldom that whatever is seen in a test was heard.
const NEVER: Duration = Duration::from_hours(1);

fn gate(name: &str) -> Key {
    Key::Gate(FlagName::new(name).unwrap())
}

/// A file with one flag in it.
fn with(text: &str) -> String {
    format!("{{\"flags\": {{\"a\": {{\"enabled\": {text}}}}}}}\n")
}

/// A store that sees only what it is told of.
fn listening(path: impl AsRef<Path>) -> FileStore {
    FileStore::new(path).looking_every(NEVER)
}

async fn begun(store: &FileStore) -> Follower {
    let mut follower = Follower::of(store);
    follower.until(PATIENCE, |follower| follower.state().is_some()).await.unwrap();
    follower
}

/// Waits until the watch has told this of the flag `a`.
async fn tells(follower: &mut Follower, text: &str) {
    let wanted = Held::from(text);
    let told = follower.until(PATIENCE, |follower| follower.held(&gate("a")) == Some(&wanted)).await;
    assert!(told.is_ok(), "{told:?}: {:?}", follower.state());
}

async fn loses(follower: &mut Follower) {
    follower.until(PATIENCE, |follower| !follower.losses().is_empty()).await.unwrap();
}
