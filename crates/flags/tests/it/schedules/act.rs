//! What is done to the flags in the server, each with its note in the writer's book.

use std::time::Duration;

use tokio::time::Instant;

use super::book::{Effect, FLAGS};
use super::log::lock;
use super::schedule::Schedule;

/// How much more than it has now an evicting server may hold, and how much is put there, in bytes.
const MORE: u64 = 2_000_000;
const FILL: &str =
    "for i = 1, 10 do redis.call('SET', 'other:' .. ARGV[1] .. i, string.rep('x', 200000)) end return 'OK'";
const EMPTY: &str =
    "for _, key in ipairs(redis.call('KEYS', 'other:*')) do redis.call('DEL', key) end return 'OK'";
/// Texts that are neither `true` nor `false`.
const NONSENSE: [&str; 5] = ["TRUE", "1", "true\n", "", "yes"];
const ALL: [usize; FLAGS.len()] = [0, 1, 2, 3];

pub(super) fn key(flag: usize) -> String {
    format!("feature:{}", FLAGS[flag].0)
}

/// The same effect on every flag.
fn all(effect: Effect) -> Vec<(usize, Effect)> {
    ALL.map(|flag| (flag, effect)).to_vec()
}

const fn text(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

impl Schedule<'_> {
    /// Does something that leaves flags so, and writes that down.
    pub(super) fn note<T>(
        &mut self,
        what: &str,
        changes: &[(usize, Effect)],
        act: impl FnOnce(&mut Self) -> T,
    ) -> T {
        lock(&self.rig.stage.book).begin(changes, Instant::now());
        let done = act(self);
        lock(&self.rig.stage.book).confirm(changes, Instant::now());
        self.rig.stage.log.say(what);
        self.figures.writes += changes.len() as u64;
        done
    }

    fn write(&mut self, changes: &[(usize, Effect)], words: &[&str]) -> String {
        let what: String = words.join(" ").chars().take(100).collect();
        self.note(&what, changes, |schedule| schedule.rig.writer.ask(words))
    }

    pub(super) fn set(&mut self, flag: usize, on: bool) {
        self.write(&[(flag, Effect::of(on))], &["SET", &key(flag), text(on)]);
    }

    pub(super) fn set_any(&mut self) {
        let (flag, on) = (self.flag(), self.dice.bool());
        self.set(flag, on);
    }

    /// A write that is sent now and answered later.
    pub(super) fn send_any(&mut self) -> (usize, Effect) {
        let (flag, on) = (self.flag(), self.dice.bool());
        let change = (flag, Effect::of(on));
        lock(&self.rig.stage.book).begin(&[change], Instant::now());
        self.rig.writer.send(&["SET", &key(flag), text(on)]);
        self.rig.stage.log.say(format!("SET {} {on} is sent", key(flag)));
        change
    }

    pub(super) fn answered(&mut self, change: (usize, Effect)) {
        self.rig.writer.answer();
        lock(&self.rig.stage.book).confirm(&[change], Instant::now());
        self.rig.stage.log.say("it is answered");
        self.figures.writes += 1;
    }

    fn flag(&mut self) -> usize {
        self.dice.usize(..FLAGS.len())
    }

    /// Removes a flag; which, and whether it was there.
    pub(super) fn delete(&mut self) -> (usize, bool) {
        let flag = self.flag();
        let gone = self.effect_of_loss(flag);
        (flag, self.write(&[(flag, gone)], &["DEL", &key(flag)]) == ":1")
    }

    /// What was lost with everything is not lost anew.
    fn effect_of_loss(&self, flag: usize) -> Effect {
        if self.effects()[flag].is_gone() { self.effects()[flag] } else { Effect::Gone }
    }

    pub(super) fn effects(&self) -> Vec<Effect> {
        lock(&self.rig.stage.book).effects()
    }

    /// Has a flag lapse, and waits until it has.
    pub(super) fn expire(&mut self) {
        let (flag, after) = (self.flag(), self.dice.u64(1..40));
        let gone = self.effect_of_loss(flag);
        let lapses = Instant::now() + Duration::from_millis(after - 1);
        let was_there = self.rig.writer.ask(&["PEXPIRE", &key(flag), &after.to_string()]) == ":1";
        self.rig.stage.log.say(format!("PEXPIRE {} {after}, which is there: {was_there}", key(flag)));
        if !was_there {
            return;
        }
        lock(&self.rig.stage.book).begin(&[(flag, gone)], lapses);
        while self.rig.writer.ask(&["EXISTS", &key(flag)]) != ":0" {
            self.pause(1..4);
        }
        lock(&self.rig.stage.book).confirm(&[(flag, gone)], Instant::now());
        self.rig.stage.log.say("it has lapsed");
        self.figures.writes += 1;
    }

    pub(super) fn malform(&mut self) {
        let (flag, text) = (self.flag(), NONSENSE[self.dice.usize(..NONSENSE.len())]);
        self.write(&[(flag, Effect::Malformed)], &["SET", &key(flag), text]);
    }

    /// Puts something there that is no text.
    pub(super) fn unread(&mut self) {
        const HASH: &str =
            "redis.call('DEL', KEYS[1]) redis.call('HSET', KEYS[1], 'true', 'true') return 'OK'";
        let flag = self.flag();
        self.write(&[(flag, Effect::Unreadable)], &["EVAL", HASH, "1", &key(flag)]);
    }

    pub(super) fn flush(&mut self, command: &'static str) {
        self.write(&all(Effect::Wiped), &[command]);
    }

    /// Swaps in another database: an empty one, or one in which flags are as chance has it.
    pub(super) fn swap(&mut self, empty: bool) {
        self.ask(&["SELECT", "1"]);
        let effects: Vec<_> = ALL.map(|flag| (flag, self.other(empty))).to_vec();
        if empty || self.dice.bool() {
            self.ask(&["FLUSHDB"]);
        }
        for (flag, effect) in &effects {
            match effect {
                Effect::On | Effect::Off => self.ask(&["SET", &key(*flag), text(*effect == Effect::On)]),
                _ => self.ask(&["DEL", &key(*flag)]),
            }
        }
        self.ask(&["SELECT", "0"]);
        self.write(&effects, &["SWAPDB", "0", "1"]);
        self.rig.stage.log.say(format!("which leaves {effects:?}"));
    }

    fn other(&mut self, empty: bool) -> Effect {
        match self.dice.u8(..10) {
            _ if empty => Effect::Wiped,
            0 => Effect::Gone,
            roll => Effect::of(roll % 2 == 0),
        }
    }

    /// Fills a server that throws out what it has no room for; then it may have everything again.
    pub(super) fn evict(&mut self) {
        let there: Vec<usize> = ALL.into_iter().filter(|flag| !self.effects()[*flag].is_gone()).collect();
        let changes: Vec<_> = there.iter().map(|flag| (*flag, Effect::Gone)).collect();
        lock(&self.rig.stage.book).begin(&changes, Instant::now());
        self.fill();
        let stayed: Vec<_> = there.into_iter().filter(|flag| self.exists(*flag)).collect();
        lock(&self.rig.stage.book).confirm(&changes, Instant::now());
        self.rig.stage.log.say(format!("evicted, but for {stayed:?}"));
        for flag in stayed {
            lock(&self.rig.stage.book).flags[flag].take_back();
        }
        self.rig.evicting = true;
    }

    fn fill(&mut self) {
        let info = self.rig.writer.ask(&["INFO", "memory"]);
        let used =
            info.lines().find_map(|line| line.strip_prefix("used_memory:")?.trim().parse::<u64>().ok());
        let policy = if self.dice.bool() { "allkeys-lru" } else { "allkeys-random" };
        self.ask(&["CONFIG", "SET", "maxmemory-policy", policy]);
        self.ask(&["CONFIG", "SET", "maxmemory", &(used.unwrap_or(0) + MORE).to_string()]);
        for part in ["a", "b", "c", "d"] {
            // Before each command, the server makes room.
            self.ask(&["EVAL", FILL, "0", part]);
            self.ask(&["PING"]);
        }
        self.ask(&["CONFIG", "SET", "maxmemory", "0"]);
        self.ask(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
        self.ask(&["EVAL", EMPTY, "0"]);
    }

    fn exists(&mut self, flag: usize) -> bool {
        self.rig.writer.ask(&["EXISTS", &key(flag)]) == ":1"
    }

    /// Has every connection cut but the writer's.
    pub(super) fn cut(&mut self) {
        self.rig.stage.log.say("CLIENT KILL");
        self.ask(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    }

    pub(super) fn ask(&mut self, words: &[&str]) {
        self.rig.writer.ask(words);
    }
}
