//! Probes of this machine.

use std::process::{Child, Command};
use std::time::Duration;

use handover_health::{CommandProbe, DiskProbe, HealthProbe as _, MemoryProbe, ProbeClass, ProcessProbe};

use super::{LONG, SHORT, class_of, error_of, well_again};
use crate::server::PLENTY;

fn sh(script: &str) -> CommandProbe {
    CommandProbe::new("sh", ["-c", script])
}

/// Ends with the test.
struct Sleeping(Child);

impl Sleeping {
    fn start() -> Self {
        Self(Command::new("sleep").arg("600").spawn().unwrap())
    }

    fn end(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits until the processes whose numbers are in the files of a folder are gone.
async fn all_gone(folder: &std::path::Path, count: usize) {
    let pids = || -> Vec<String> {
        let files =
            folder.read_dir().unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        files.filter(|pid| pid.ends_with('\n')).collect()
    };
    let gone = async {
        while pids().len() < count || pids().iter().any(|pid| alive(pid)) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PLENTY, gone).await.expect("all are gone");
}

#[tokio::test]
async fn a_disk_with_enough_left_is_well_and_says_how_much_is_used() {
    let measured = DiskProbe::new("/").min_free_percent(0).check(PLENTY).await.unwrap().measured.unwrap();
    assert!(measured.value <= 100 && measured.unit == "percent", "{measured:?}");
}

#[tokio::test]
async fn a_disk_with_too_little_left_is_exhausted() {
    let full = DiskProbe::new("/").min_free_percent(0).min_free_bytes(u64::MAX);
    assert_eq!(class_of(&full, LONG).await, ProbeClass::Exhausted);
    assert_eq!(class_of(&DiskProbe::new("/").min_free_percent(101), LONG).await, ProbeClass::Exhausted);
}

#[tokio::test]
async fn a_path_that_is_not_there_fails_and_is_in_the_detail_only() {
    let probe = DiskProbe::new("/no/such/secret");
    let error = error_of(&probe, LONG).await;
    assert_eq!(error.class(), ProbeClass::Other);
    assert!(error.detail().contains("/no/such/secret"));
    assert!(!format!("{probe:?}{error:?}{error}").contains("secret"));
}

#[tokio::test]
async fn memory_in_use_is_measured_and_judged() {
    let measured = MemoryProbe::new().max_used_percent(100).check(PLENTY).await.unwrap().measured.unwrap();
    assert!((1..=100).contains(&measured.value) && measured.unit == "percent", "{measured:?}");
    assert_eq!(class_of(&MemoryProbe::new().max_used_percent(0), LONG).await, ProbeClass::Exhausted);
}

#[tokio::test]
async fn a_process_that_ends_fails_even_as_a_zombie() {
    let mut process = Sleeping::start();
    let probe = ProcessProbe::pid(process.0.id());
    probe.check(PLENTY).await.unwrap();
    process.0.kill().unwrap();
    while alive(&process.0.id().to_string()) {
        tokio::task::yield_now().await;
    }
    let error = error_of(&probe, LONG).await;
    assert_eq!(error.detail().replace(&process.0.id().to_string(), "PID"), "process PID has ended");
    process.end();
    let error = error_of(&probe, LONG).await;
    assert_eq!(error.class(), ProbeClass::Failed);
    assert_eq!(error.detail().replace(&process.0.id().to_string(), "PID"), "process PID is not there");
}

#[tokio::test]
async fn a_file_names_the_process_and_may_name_another_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let probe = ProcessProbe::pid_file(&file);
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Failed);
    let (mut old, new) = (Sleeping::start(), Sleeping::start());
    std::fs::write(&file, format!("{}\n", old.0.id())).unwrap();
    probe.check(PLENTY).await.unwrap();
    old.end();
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Failed);
    std::fs::write(&file, new.0.id().to_string()).unwrap();
    probe.check(PLENTY).await.unwrap();
    std::fs::write(&file, "none").unwrap();
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Failed);
}

#[tokio::test]
async fn a_program_is_well_when_it_ends_with_0() {
    sh("exit 0").check(PLENTY).await.unwrap();
    // One that closes what it says early, and one that says much.
    sh("exec >&- 2>&-; sleep 0.1").check(PLENTY).await.unwrap();
    sh("yes | head -c 1000000").check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn a_program_that_fails_has_its_words_in_the_detail_up_to_a_limit() {
    let error = error_of(&sh("echo s3cret; echo really >&2; exit 3"), LONG).await;
    assert_eq!(error.class(), ProbeClass::Failed);
    assert_eq!(error.detail(), "exit status: 3: s3cret\nreally");
    assert!(!format!("{error}{error:?}").contains("s3cret"));
    let error = error_of(&sh("yes | head -c 1000000; exit 3"), LONG).await;
    assert!(error.detail().len() < 5_000);
    let error = error_of(&sh("kill -9 $$"), LONG).await;
    assert_eq!(error.detail(), "signal: 9 (SIGKILL): ");
}

#[tokio::test]
async fn a_program_that_is_not_there_fails() {
    let probe = CommandProbe::new("/no/such/program", ["--password=s3cret"]);
    assert_eq!(class_of(&probe, LONG).await, ProbeClass::Failed);
    assert_eq!(format!("{probe:?}"), "CommandProbe { .. }");
}

#[tokio::test]
async fn at_the_deadline_a_program_is_killed_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let script =
        format!("cd {}; sh -c 'echo $$ > a; sleep 600' & echo $$ > b; sleep 600", folder.path().display());
    assert_eq!(class_of(&sh(&script), SHORT).await, ProbeClass::Timeout);
    all_gone(folder.path(), 2).await;
}

#[tokio::test]
async fn dropped_a_check_kills_its_program() {
    let folder = tempfile::tempdir().unwrap();
    let probe = sh(&format!("echo $$ > {}/a; sleep 600", folder.path().display()));
    let begun = async {
        while !std::fs::read_to_string(folder.path().join("a")).is_ok_and(|pid| pid.ends_with('\n')) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = probe.check(PLENTY) => panic!("it does not end by itself"),
        () = begun => {}
    }
    all_gone(folder.path(), 1).await;
}

#[tokio::test]
async fn what_a_program_leaves_running_is_killed_and_does_not_hold_up_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "cd {}; sh -c 'echo $$ > a; sleep 600' & until [ -s a ]; do sleep 0.01; done",
        folder.path().display()
    );
    sh(&script).check(PLENTY).await.unwrap();
    all_gone(folder.path(), 1).await;
}

#[tokio::test]
async fn a_program_that_hides_from_its_group_holds_up_nothing() {
    let begun = tokio::time::Instant::now();
    let probe = sh("setsid sleep 2 & exit 3");
    assert_eq!(class_of(&probe, Duration::from_mins(1)).await, ProbeClass::Failed);
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_lot_of_checks_leave_no_zombie() {
    for _ in 0..20 {
        class_of(&sh("sleep 600"), Duration::from_millis(5)).await;
    }
    well_again(&sh("! ps -o stat= --ppid $PPID | grep -q Z")).await;
}
