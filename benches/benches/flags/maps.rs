//! A map of names to booleans, as people keep flags by themselves.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use moka::sync::Cache;
use rustc_hash::FxHashMap;

use crate::subject::{ASKED, FLAGS, Subject, beside, flag, on};

/// The strategy's own cache keeps a value for so long.
const STRATEGY: Duration = Duration::from_mins(1);

pub(crate) fn subjects() -> Vec<Subject> {
    let all = || (0..FLAGS).map(|number| (flag(number), true));
    let swapped = ArcSwap::from_pointee(true);
    let map = ArcSwap::from_pointee(all().collect::<FxHashMap<_, _>>());
    let locked = RwLock::new(all().collect::<HashMap<_, _>>());
    let dashed: DashMap<_, _> = all().collect();
    let cached = Cache::builder().time_to_live(STRATEGY).build();
    all().for_each(|(name, on)| cached.insert(name, Arc::new(on)));
    vec![
        beside("arc-swap of one bool, no name", move |callers| on(callers, |_| **swapped.load())),
        beside("arc-swap of an FxHashMap, by name", move |callers| on(callers, |_| map.load()[ASKED])),
        beside("RwLock<HashMap>, by name", move |callers| {
            on(callers, |_| locked.read().is_ok_and(|map| map[ASKED]))
        }),
        beside("dashmap, by name", move |callers| on(callers, |_| dashed.get(ASKED).is_some_and(|on| *on))),
        beside("moka with a TTL of 60 s, by name (the strategy's cache)", move |callers| {
            on(callers, |_| cached.get(ASKED).is_some_and(|on| *on))
        }),
    ]
}
