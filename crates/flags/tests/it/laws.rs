//! Laws: whatever is done to a store, in whatever order, its watchers come to know what it holds.

use std::collections::BTreeMap;
use std::time::Duration;

use handover_flags::testkit::{Follower, Model, Subject};
use handover_flags::{Change, FlagName, FlagStore, Held, Key, Layered, MemoryStore, StoreError};
use proptest::prelude::*;

/// Something that happens to a store or to its watchers.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Put(usize),
    Remove(usize),
    /// A change that expects what stands there.
    Right(usize),
    /// One that expects something else.
    Wrong(usize),
    Past(usize),
    RemovePast(usize),
    /// Somebody begins to watch.
    Watch,
    /// The watchers read what they were told.
    Read,
}

const KEYS: usize = 4;

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let key = 0..KEYS;
    let deed = prop_oneof![
        4 => key.clone().prop_map(Deed::Put),
        2 => key.clone().prop_map(Deed::Remove),
        2 => key.clone().prop_map(Deed::Right),
        2 => key.clone().prop_map(Deed::Wrong),
        2 => key.clone().prop_map(Deed::Past),
        1 => key.prop_map(Deed::RemovePast),
        1 => Just(Deed::Watch),
        2 => Just(Deed::Read),
    ];
    prop::collection::vec(deed, 1..40)
}

fn key(number: usize) -> Key {
    let name = FlagName::new(&format!("flag {number}")).unwrap();
    [Key::Gate(name.clone()), Key::Rules(name.clone()), Key::Segment(name)][number % 3].clone()
}

/// What stood under each key, one after the other; a watcher may miss some, and may not go back.
type History = BTreeMap<Key, Vec<Option<Held>>>;

/// Does it all, and holds the watchers to what was done.
async fn hold(subject: &dyn Subject, deeds: &[Deed]) {
    let store = subject.store();
    let mut history = History::new();
    let mut followers = vec![Follower::of(&*store)];
    for (number, deed) in deeds.iter().enumerate() {
        match *deed {
            Deed::Watch => followers.push(Follower::of(&*store)),
            Deed::Read => {
                for follower in &mut followers {
                    follower.catch_up().await.unwrap();
                }
            }
            deed => change(subject, &*store, deed, &format!("{{\"value\":{number}}}"), &mut history).await,
        }
    }
    let loaded = store.load().await.unwrap();
    for follower in &mut followers {
        let knows = follower.until(Duration::from_mins(1), |f| f.state() == Some(&loaded)).await;
        assert!(knows.is_ok(), "{knows:?}: {:?} and not {loaded:?}", follower.state());
        for (key, history) in &history {
            forwards(follower, key, history);
        }
    }
}

async fn change(subject: &dyn Subject, store: &dyn FlagStore, deed: Deed, text: &str, history: &mut History) {
    let by = Change::by("a law");
    let (Deed::Put(number)
    | Deed::Remove(number)
    | Deed::Right(number)
    | Deed::Wrong(number)
    | Deed::Past(number)
    | Deed::RemovePast(number)) = deed
    else {
        return;
    };
    let (key, there) = (key(number), store.load().await.unwrap().values.get(&key(number)).cloned());
    let after = match deed {
        Deed::Put(_) => store.put(&key, text, &by).await.map(|_| Some(Held::from(text))).unwrap(),
        Deed::Remove(_) => store.remove(&key, &by).await.map(|_| None).unwrap(),
        Deed::Right(_) => {
            store.put(&key, text, &by.only_if(there)).await.map(|_| Some(Held::from(text))).unwrap()
        }
        Deed::Wrong(_) => {
            let wrong = by.only_if(Some(Held::from("nobody ever put this")));
            let found = store.put(&key, text, &wrong).await.unwrap_err();
            assert!(matches!(&found, StoreError::Conflict { found, .. } if *found == there), "{found:?}");
            return;
        }
        Deed::Past(_) if subject.write_past(&key, Some(text.as_bytes())).await => Some(Held::from(text)),
        Deed::RemovePast(_) if subject.write_past(&key, None).await => None,
        _ => return,
    };
    history.entry(key).or_insert_with(|| vec![None]).push(after);
}

/// What a watcher was told of a key is the history with some of it left out.
fn forwards(follower: &Follower, key: &Key, history: &[Option<Held>]) {
    let mut left = history.iter();
    let mut last: Option<Option<&Held>> = None;
    for told in follower.story().iter().map(|contents| contents.values.get(key)) {
        if last != Some(told) {
            assert!(left.any(|held| held.as_ref() == told), "{key}: {told:?} was told out of {history:?}");
            last = Some(told);
        }
    }
}

fn on_paused_time(subject: &dyn Subject, deeds: &[Deed]) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().start_paused(true).build().unwrap().block_on(hold(subject, deeds));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn watchers_of_the_memory_come_to_know_what_it_holds(deeds in deeds()) {
        on_paused_time(&Model::new(), &deeds);
    }

    #[test]
    fn watchers_of_layers_come_to_know_what_they_hold(deeds in deeds()) {
        let store = Layered::on(MemoryStore::with(&[("below", true)])).below(MemoryStore::new());
        on_paused_time(&store, &deeds);
    }
}

#[cfg(feature = "file")]
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn watchers_of_a_file_come_to_know_what_it_holds(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(hold(&crate::file::Edited::new(), &deeds));
    }
}
