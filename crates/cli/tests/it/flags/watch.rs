//! Each change as it arrives.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};

use handover_testing::{Redis, until};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{Place, filters};
use crate::handover::handover;

/// A command that watches, whose lines are read as they come.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(place: &Place, args: &[&str]) -> Self {
        let mut command = handover(place.dir.path());
        command.args(["flags", "watch", "--store", &place.store]).args(args).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    /// The next line with this in it.
    fn line_with(&mut self, part: &str) -> String {
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "it ended before it said {part:?}");
            if line.contains(part) {
                return line;
            }
        }
    }

    fn interrupt(&mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        self.ended()
    }

    fn ended(&mut self) -> Option<i32> {
        until("the command ends", || self.child.try_wait().unwrap()).code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn changes_are_told_with_who_made_them_and_how_long_they_took() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    let mut watching = Watching::start(&place, &[]);
    let mut told = watching.line();
    redis.command(&["SET", "feature:x", "false"]);
    told += &watching.line();
    place.ann(&["enable", "x", "--reason", "it is over"]);
    told += &watching.line();
    redis.command(&["SET", "feature:x", "yes\u{1b}[2J"]);
    told += &watching.line();
    place.ann(&["rules", "x", "--percentage", "10"]);
    told += &watching.line();
    redis.command(&["DEL", "feature:x"]);
    told += &watching.line();
    redis.command(&["RPUSH", "feature:x", "true"]);
    told += &watching.line();
    redis.command(&["SET", "feature-segment:paying", r#"{"when":[]}"#]);
    told += &watching.line();
    insta::assert_snapshot!(told, @r"
    TIME  watching 1 flag in redis://HOST/0, pushed
    TIME  x  on → off  outside handover  after at most T
    TIME  x  off → on  by ann: it is over  after T
    TIME  x  on → MALFORMED `yes\u{1b}[2J`  outside handover  after at most T
    TIME  x rules  none → 10 %  by ann  after T
    TIME  x  MALFORMED `yes\u{1b}[2J` → not set  lapsed, or outside handover  after at most T
    TIME  x  not set → UNREADABLE (a list, not a string)  outside handover  after at most T
    TIME  segment paying  not there → everybody  outside handover  after at most T
    ");
    assert_eq!(watching.interrupt(), Some(0));
}

#[test]
fn a_change_made_outside_is_in_the_audit_once_a_watch_has_seen_it() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    place.ann(&["enable", "x", "--create"]);
    let mut watching = Watching::start(&place, &["-n", "1"]);
    watching.line();
    redis.command(&["SET", "feature:x", "false"]);
    assert!(watching.line().contains("outside handover  after at most "));
    assert_eq!(watching.ended(), Some(0));
    let mut watching = Watching::start(&place, &[]);
    watching.line();
    let audit = until("it is in the audit", || {
        Some(place.look(&["audit"])).filter(|audit| audit.contains("outside handover"))
    });
    insta::assert_snapshot!(audit, @"
    WHEN                  WHAT  CHANGE        BY                WHY  RUN
    DATE  x     on → off      outside handover  -    -
    DATE  x     not set → on  ann               -    -
    ");
}

#[test]
fn programs_get_an_object_a_line() {
    let Some(redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    let mut watching = Watching::start(&place, &["--json"]);
    let mut told = watching.line();
    place.ann(&["enable", "x", "--create", "--reason", "launch"]);
    told += &watching.line();
    redis.command(&["SET", "feature:x", "false"]);
    let outside = watching.line();
    let outside: Value = serde_json::from_str(&outside).unwrap();
    assert!(outside["delay_at_most_ms"].is_u64() && outside["delay_ms"].is_null(), "{outside}");
    insta::assert_snapshot!(told, @r#"
    {"version":1,"at":0,"event":"watching","store":"redis://HOST/0","flags":0,"delivery":{"by":"push"}}
    {"version":1,"at":0,"event":"changed","key":"feature:x","before":null,"after":{"text":"true"},"by":{"at_ms":0,"key":"feature:x","after":{"text":"true"},"actor":"ann","reason":"launch","revision":1},"delay_ms":0}
    "#);
}

#[test]
fn only_the_named_flags_and_their_segments_are_told() {
    let Some(redis) = Redis::start() else { return };
    let place = Place::of(&redis);
    redis.command(&["SET", "feature-rules:x", r#"{"rules":[{"segments":["paying"]}]}"#]);
    let mut watching = Watching::start(&place, &["x"]);
    watching.line();
    redis.command(&["SET", "feature:y", "true"]);
    redis.command(&["SET", "feature-segment:other", r#"{"when":[]}"#]);
    redis.command(&["SET", "feature-segment:paying", r#"{"when":[]}"#]);
    assert!(watching.line().contains("segment paying  not there → everybody"));
    redis.command(&["SET", "feature:x", "true"]);
    assert!(watching.line().contains("x  not set → on"));
}

#[test]
fn a_server_that_goes_and_comes_back_is_told_and_what_changed_meanwhile() {
    let Some(mut redis) = Redis::start() else { return };
    let (place, _filters) = (Place::of(&redis), filters());
    redis.command(&["SET", "feature:x", "true"]);
    redis.save();
    redis.command(&["SET", "feature:x", "false"]);
    let mut watching = Watching::start(&place, &[]);
    let mut told = watching.line();
    redis.kill();
    let lost = watching.line_with("LOST");
    assert!(!lost.contains("false"), "{lost}");
    redis.revive();
    told += &watching.line_with("heard again");
    told += &watching.line_with("off → on");
    insta::assert_snapshot!(told, @"
    TIME  watching 1 flag in redis://HOST/0, pushed
    TIME  heard again after T: 1 flag
    TIME  x  off → on  outside handover  after at most T
    ");
    redis.kill();
    watching.line_with("LOST");
    assert_eq!(watching.interrupt(), Some(4));
}

#[test]
fn it_ends_when_nobody_reads_any_more() {
    let Some(redis) = Redis::start() else { return };
    let place = Place::of(&redis);
    let mut watching = Watching::start(&place, &[]);
    watching.line();
    let mut nobody = std::process::Command::new("true").stdout(Stdio::piped()).spawn().unwrap();
    watching.lines = BufReader::new(nobody.stdout.take().unwrap());
    nobody.wait().unwrap();
    assert_eq!(watching.ended(), Some(0));
}

#[test]
fn an_editor_is_seen_in_a_file() {
    let (place, _filters) = (Place::file(), filters());
    place.ann(&["enable", "x", "--create"]);
    let mut watching = Watching::start(&place, &[]);
    watching.line();
    let file = place.dir.path().join("flags.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("true", "false")).unwrap();
    let mut told = watching.line_with("→");
    place.ann(&["enable", "x", "--reason", "it is over"]);
    told += &watching.line_with("→");
    insta::assert_snapshot!(told, @"
    TIME  x  on → off  outside handover  after at most T
    TIME  x  off → on  by ann: it is over  after T
    ");
}

#[test]
fn a_server_that_was_never_there_is_waited_for() {
    let place = Place::at(&format!("redis://127.0.0.1:{}/", handover_testing::free_port()));
    let mut watching = Watching::start(&place, &[]);
    assert!(watching.line().contains("LOST: "));
    assert_eq!(watching.interrupt(), Some(4));
}
