use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use super::*;
use crate::commands::fixtures;

/// A state folder with the folder of one process in it.
struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn instance(&self, place: &str, release: &str, log: &str) -> PathBuf {
        let folder = self.dir.path().join("slots").join(place);
        fs::create_dir_all(&folder).unwrap();
        let config = serde_json::json!({ "env": [["PORT", "1"], ["RELEASE", release]], "log": "log" });
        fs::write(folder.join("shim.json"), config.to_string()).unwrap();
        fs::write(folder.join("log"), log).unwrap();
        folder.join("log")
    }

    fn chosen(&self, release: Option<&str>, status: Option<&AgentStatus>) -> Result<Vec<String>, Failure> {
        let release = release.map(|id| id.parse().unwrap());
        let sources = choose(self.dir.path(), release.as_ref(), status)?;
        let name = |source: &Source| format!("{}/{}/{}", source.slot, source.run, source.index);
        Ok(sources.iter().map(name).collect())
    }
}

fn append(log: &PathBuf, text: &str) {
    OpenOptions::new().append(true).create(true).open(log).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn the_processes_that_have_traffic_are_chosen_and_a_release_by_its_name() {
    let bench = Bench::new();
    let run = fixtures::plan().run;
    bench.instance("blue/old/0", "v41", "");
    bench.instance(&format!("blue/{run}/0"), "v41", "");
    bench.instance(&format!("green/{run}/0"), "v42", "");
    bench.instance(&format!("green/{run}/1"), "v42", "");
    fs::create_dir_all(bench.dir.path().join("slots/green/strange/x")).unwrap();
    let status = fixtures::status();
    let serving = [format!("blue/{run}/0"), format!("green/{run}/0"), format!("green/{run}/1")];
    assert_eq!(bench.chosen(None, Some(&status)).unwrap(), serving);
    assert_eq!(bench.chosen(Some("v42"), None).unwrap(), serving[1..]);
    insta::assert_snapshot!(bench.chosen(Some("v9"), None).unwrap_err(), @"
    error: could not show logs
      because: release v9 has no log here

    hint: `handover status` shows what runs and what ran last
    ");
    insta::assert_snapshot!(Bench::new().chosen(None, None).unwrap_err(), @"
    error: could not show logs
      because: no release has run yet

    hint: `handover deploy` launches one
    ");
}

#[test]
fn the_last_lines_reach_back_into_the_file_moved_aside() {
    let bench = Bench::new();
    let log = bench.instance("blue/run/0", "v1", "three\nfo");
    fs::write(log.with_extension("1"), "one\ntwo\n").unwrap();
    assert_eq!(Tail::open(&log, 2).read(false), ["two", "three"]);
    assert_eq!(Tail::open(&log, 50).read(true), ["one", "two", "three", "fo"]);
    assert_eq!(Tail::open(&log, 0).read(false), [""; 0]);
}

#[test]
fn a_long_log_is_read_from_its_end_only_as_far_as_needed() {
    let bench = Bench::new();
    let lines: Vec<String> = (0..50_000).map(|n| format!("line {n}")).collect();
    let text = lines.join("\n") + "\n";
    let log = bench.instance("blue/run/0", "v1", &text);
    assert_eq!(Tail::open(&log, 2).read(false), ["line 49998", "line 49999"]);
    let many = Tail::open(&log, 40_000).read(false);
    assert_eq!((many.len(), many[0].as_str()), (40_000, "line 10000"));
}

#[test]
fn following_loses_no_line_when_the_log_is_moved_aside() {
    let bench = Bench::new();
    let log = bench.instance("blue/run/0", "v1", "before\n");
    let mut tail = Tail::open(&log, 0);
    assert_eq!(tail.read(false), [""; 0]);
    append(&log, "one\ntw");
    assert_eq!(tail.read(false), ["one"]);
    append(&log, "o\nthree\n");
    fs::rename(&log, log.with_extension("1")).unwrap();
    assert_eq!(tail.read(false), ["two", "three"], "the new file is not there yet");
    append(&log, "four\n");
    assert_eq!(tail.read(false), ["four"]);
}

#[test]
fn a_log_that_is_not_there_yet_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let mut tail = Tail::open(&log, 5);
    assert_eq!(tail.read(false), [""; 0]);
    append(&log, "first \u{fffd}\n");
    assert_eq!(tail.read(false), ["first \u{fffd}"]);
}

#[test]
fn lines_name_their_process_only_where_there_are_several() {
    let bench = Bench::new();
    bench.instance("blue/run/3", "v1", "");
    let source = &sources::all(bench.dir.path())[0];
    let prefixes =
        [(false, false), (true, false), (true, true)].map(|(several, mixed)| source.prefix(several, mixed));
    assert_eq!(prefixes, ["", "3 | ", "v1/3 | "]);
}
