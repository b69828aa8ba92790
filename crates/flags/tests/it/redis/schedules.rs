//! Nothing wrong is ever told: random faults among random writes, and every state that is told is checked against the writes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use handover_testing::{Fault, FaultProxy};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::*;

/// How many steps one schedule has.
const STEPS: usize = 60;
const FLAGS: usize = 4;
/// Who may have changes told by keyspace events only, and who not at all.
const SETTINGS: [&str; 3] = [
    "notify-keyspace-events K$gxe",
    "user notified on >s3cret ~feature* &* +@all -client|tracking -config",
    "user polled on >s3cret ~feature* &* +@all -client|tracking -psubscribe",
];

/// What was written to each key, in order: when it was done, and what stood there then.
#[derive(Debug, Default)]
struct Writes(Mutex<BTreeMap<Key, Vec<Write>>>);

type Write = (Option<Instant>, Option<u64>);

impl Writes {
    fn begin(&self, key: &Key, value: Option<u64>) {
        self.0.lock().unwrap().entry(key.clone()).or_insert_with(|| vec![(None, None)]).push((None, value));
    }

    fn done(&self) {
        let now = Instant::now();
        for writes in self.0.lock().unwrap().values_mut() {
            for (done, _) in writes {
                done.get_or_insert(now);
            }
        }
    }

    /// A value told is that of the last write that was done by then, or of one after that.
    fn check(&self, told: &Told) {
        let Some(as_of) = told.as_of else { return };
        for (key, writes) in &*self.0.lock().unwrap() {
            let value = told.values.get(key).map(|held| held.text().unwrap().parse::<u64>().unwrap());
            let first =
                writes.iter().rposition(|(done, _)| done.is_some_and(|done| done < as_of)).unwrap_or(0);
            let allowed: Vec<_> = writes[first..].iter().map(|(_, value)| *value).collect();
            assert!(
                allowed.contains(&value),
                "{key} was told to be {value:?} and may be {allowed:?}: {told:?}"
            );
        }
    }
}

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

struct Schedule {
    redis: Redis,
    proxy: FaultProxy,
    writes: Arc<Writes>,
    dice: Dice,
    value: u64,
}

impl Schedule {
    fn flag(&mut self) -> Key {
        gate(&self.dice.roll(FLAGS as u64).to_string())
    }

    fn set(&mut self) {
        self.value += 1;
        let (key, value) = (self.flag(), self.value);
        self.writes.begin(&key, Some(value));
        self.redis.command(&["SET", &key.to_string(), &value.to_string()]);
        self.writes.done();
    }

    async fn put(&mut self) {
        self.value += 1;
        let (key, value) = (self.flag(), self.value);
        self.writes.begin(&key, Some(value));
        store(&self.redis.url()).put(&key, &value.to_string(), &me()).await.unwrap();
        self.writes.done();
    }

    fn delete(&mut self) {
        let key = self.flag();
        self.writes.begin(&key, None);
        self.redis.command(&["DEL", &key.to_string()]);
        self.writes.done();
    }

    fn empty(&mut self, emptying: impl FnOnce(&mut Redis)) {
        for flag in 0..FLAGS {
            self.writes.begin(&gate(&flag.to_string()), None);
        }
        emptying(&mut self.redis);
        self.writes.done();
    }

    fn swap(&mut self) {
        let mut commands = vec!["SELECT 1".to_owned(), "FLUSHDB".to_owned()];
        for flag in 0..FLAGS {
            self.value += 1;
            let key = gate(&flag.to_string());
            self.writes.begin(&key, Some(self.value));
            commands.push(format!("SET {key} {}", self.value));
        }
        commands.push("SWAPDB 0 1".to_owned());
        lines(&self.redis, &commands.iter().map(String::as_str).collect::<Vec<_>>());
        self.writes.done();
    }

    async fn fault(&mut self, fault: Fault) {
        self.proxy.set(fault).await;
        for _ in 0..self.dice.roll(3) {
            self.set();
            self.pause(80).await;
        }
        self.proxy.set(Fault::Pass).await;
    }

    async fn pause(&mut self, most: u64) {
        sleep(Duration::from_millis(self.dice.roll(most))).await;
    }

    async fn step(&mut self) {
        self.pause(40).await;
        match self.dice.roll(40) {
            0..=6 | 25..=34 => self.set(),
            9 | 10 => self.delete(),
            11 => self.empty(|redis| drop(redis.command(&["FLUSHALL"]))),
            12 => self.swap(),
            13 | 14 => drop(lines(&self.redis, &["CLIENT KILL TYPE normal SKIPME yes"])),
            15 => {
                self.redis.freeze();
                self.pause(250).await;
                self.redis.thaw();
            }
            16 => self.empty(|redis| {
                redis.kill();
                redis.revive();
            }),
            17 => self.fault(Fault::Reset).await,
            18 => self.fault(Fault::BlackHole).await,
            19 => self.fault(Fault::Refuse).await,
            20 => self.fault(Fault::Slow(Duration::from_millis(5))).await,
            21..=24 => self.pause(300).await,
            _ => self.put().await,
        }
    }
}

/// Checks all that is told until it is over, and then until what is told is what there is.
async fn checked(store: RedisStore, writes: Arc<Writes>, mut over: watch::Receiver<bool>) -> Told {
    let mut told = Told::new(store.watch());
    while !*over.borrow() {
        tokio::select! {
            () = told.next() => writes.check(&told),
            _ = over.changed() => {}
        }
    }
    let begun = Instant::now();
    let last: BTreeMap<_, _> =
        writes.0.lock().unwrap().iter().map(|(key, all)| (key.clone(), all.last().unwrap().1)).collect();
    let right = |told: &Told| {
        last.iter()
            .all(|(key, value)| told.values.get(key).and_then(|held| held.text()?.parse().ok()) == *value)
    };
    while !(right(&told) && told.as_of.is_some_and(|as_of| as_of > begun)) {
        let next = tokio::time::timeout(Duration::from_mins(1), told.next()).await;
        assert!(next.is_ok(), "nothing is told: {told:?}");
        writes.check(&told);
        assert!(begun.elapsed() < Duration::from_mins(1), "not right again: {told:?} {last:?}");
    }
    println!(
        "right again {:?} after it healed: {:?}, {} changes, {} times everything",
        begun.elapsed(),
        told.delivery,
        told.changed,
        told.contents
    );
    told
}

async fn run(seed: u64) {
    let Some(redis) = Redis::start_with(&SETTINGS) else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let at = |login: &str| {
        RedisStore::new(&format!("redis://{login}{}/", proxy.addr()))
            .unwrap()
            .with_heartbeat(Duration::from_millis(100))
            .with_reconcile(PLENTY)
            .with_poll(Duration::from_millis(30))
            .with_backoff(Duration::from_millis(5), Duration::from_millis(40))
    };
    let (writes, (ends, over)) = (Arc::new(Writes::default()), watch::channel(false));
    let watchers: Vec<_> = [at(""), at(""), at("notified:s3cret@"), at("polled:s3cret@")]
        .into_iter()
        .map(|store| tokio::spawn(checked(store, writes.clone(), over.clone())))
        .collect();
    let dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut schedule = Schedule { redis, proxy, writes, dice, value: 0 };
    for _ in 0..STEPS {
        schedule.step().await;
    }
    schedule.set();
    ends.send_replace(true);
    let mut told = 0;
    for watcher in watchers {
        let watcher = watcher.await.unwrap();
        told += watcher.contents + watcher.changed;
    }
    assert!(told > 20, "only {told} states were told, too few to check anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_wrong_is_told_and_what_heals_is_right_again() {
    let seeds = std::env::var("HANDOVER_SCHEDULES").ok().and_then(|count| count.parse().ok()).unwrap_or(3);
    for seed in 0..seeds {
        println!("seed {seed}");
        run(seed).await;
    }
}
