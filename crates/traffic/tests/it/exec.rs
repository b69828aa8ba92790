//! A switcher program: the Python one keeps every promise, and a bad one cannot do harm.

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{Fence, OpId, Slot};
use handover_traffic::exec::{Exec, Program};
use handover_traffic::logbook::{Logbook, WithLogbook};
use handover_traffic::testkit::{OpenRequest, Opened, Subject, schedules};
use handover_traffic::{
    Change, Drained, Expected, Observed, Revision, Route, Split, SwitchError, TrafficSwitcher,
};
use tempfile::TempDir;

mod python {
    handover_traffic::conformance_tests!(super::Router::start().await);
}

#[cfg(feature = "standins")]
mod swift {
    handover_traffic::conformance_tests!(super::Router::swift().await);
}

mod without_a_memory {
    handover_traffic::conformance_tests!(super::forgetful().await);
}

/// The example; these rigs are also built into a program of another package, so it is looked for from there up.
fn switcher() -> PathBuf {
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    above.find_map(|folder| folder.join("examples/exec_switcher/switcher.py").canonicalize().ok()).unwrap()
}

/// Passes a call on and loses the answer to a change.
const DEAF: &str = r#"said=$(cat); answer=$(printf %s "$said" | "$0" "$@")
case "$said" in *'"apply"'*) ;; *) printf %s "$answer" ;; esac"#;

/// The example with its interpreter, as words.
fn python() -> Vec<OsString> {
    vec![interpreter().into(), "-IS".into(), switcher().into()]
}

/// The same as a program of this package's: beside whatever runs this, where that is of another package.
#[cfg(feature = "standins")]
fn swift() -> Vec<OsString> {
    let beside = || std::env::current_exe().unwrap().with_file_name("handover-testkit");
    let program = option_env!("CARGO_BIN_EXE_handover-testkit").map_or_else(beside, PathBuf::from);
    vec![program.into(), "switcher".into()]
}

fn program(words: impl IntoIterator<Item = OsString>) -> Program {
    let mut words = words.into_iter();
    words.by_ref().take(1).map(Program::new).next().map(|first| words.fold(first, Program::with_arg)).unwrap()
}

/// The interpreter itself: what stands for it in the path may be a script of some manager of versions, and each of the
/// thousands of calls here would pay for it.
fn interpreter() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let asked =
            std::process::Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        String::from_utf8(asked.unwrap().stdout).unwrap().trim().to_owned()
    })
}

/// The example's router, and its users: one file per request.
pub(crate) struct Router {
    exec: Exec,
    deaf: Exec,
    folder: TempDir,
    /// Whether the program can be told to fail.
    fails: bool,
}

impl Router {
    /// Moved by the example.
    pub(crate) async fn start() -> Self {
        Self::moved_by(python(), false).await
    }

    /// Moved by a program that starts in a millisecond or two, and can be made to fail.
    #[cfg(feature = "standins")]
    pub(crate) async fn swift() -> Self {
        Self::moved_by(swift(), true).await
    }

    async fn moved_by(mut words: Vec<OsString>, fails: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("others"), "theirs").unwrap();
        words.push(folder.path().into());
        let deaf = ["sh", "-c", DEAF].map(OsString::from).into_iter().chain(words.clone());
        let deaf = Exec::connect(program(deaf)).await.unwrap();
        let exec = Exec::connect(program(words)).await.unwrap();
        Self { exec, deaf, folder, fails }
    }

    pub(crate) fn exec(&self) -> Exec {
        self.exec.clone()
    }

    fn mishap(&self) -> PathBuf {
        self.folder.path().join("mishap")
    }

    fn state(&self) -> serde_json::Value {
        let text = fs::read(self.folder.path().join("state.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

/// A request in flight: its file is gone with it.
struct InFlight(PathBuf);

impl Drop for InFlight {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[async_trait]
impl Subject for Router {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.exec
    }

    async fn open_request(&self) -> Opened {
        let green = self.state()["route"]["split"].as_u64().unwrap_or(0);
        let slot = if green * 2 > u64::from(Split::WHOLE) { Slot::Green } else { Slot::Blue };
        let folder = self.folder.path().join("in-flight").join(slot.to_string());
        fs::create_dir_all(&folder).unwrap();
        let file = tempfile::NamedTempFile::new_in(folder).unwrap().into_temp_path().keep().unwrap();
        Opened::At(OpenRequest::new(slot, InFlight(file)))
    }

    async fn unanswered(&self) -> Option<Arc<dyn TrafficSwitcher>> {
        Some(Arc::new(self.deaf.clone()))
    }

    async fn sent(&self) -> Option<u64> {
        Some(self.state()["asked"].as_u64().unwrap_or(0))
    }

    async fn foreign(&self) -> Option<String> {
        fs::read_to_string(self.folder.path().join("others")).ok()
    }

    async fn strike(&self, number: u64) -> Option<String> {
        if !self.fails {
            return None;
        }
        let word = ["before", "after", "half", "html"][usize::try_from(number % 4).unwrap()];
        fs::write(self.mishap(), word).unwrap();
        Some(format!("`{word}`"))
    }

    async fn calm(&self) {
        let _ = fs::remove_file(self.mishap());
    }
}

/// The shortest program there is: it keeps a number, and knows nothing else.
const FORGETFUL: &str = r#"
import json, os, sys
request, path = json.load(sys.stdin), sys.argv[1]
if request["call"] == "capabilities":
    ok = {"weights": {"kind": "any", "step": 1}, "atomic": True, "read_back": True}
elif request["call"] == "drain":
    ok = {"drained": "assumed", "waited": {"secs": 0, "nanos": 0}}
else:
    if request["call"] == "apply":
        with open(path + ".new", "w") as file:
            file.write(str(request["change"]["route"]["split"]))
        os.rename(path + ".new", path)
    split = int(open(path).read()) if os.path.exists(path) else 0
    ok = {"route": {"split": split, "mode": "serve"}}
print(json.dumps({"ok": ok}))
"#;

async fn forgetful() -> WithLogbook<Exec> {
    // The folder outlives the test's process by nobody: it is in the system's own temporary folder.
    let folder = tempfile::tempdir().unwrap().keep();
    let program = Program::new(interpreter())
        .with_arg("-IS")
        .with_arg("-c")
        .with_arg(FORGETFUL)
        .with_arg(folder.join("split"));
    Exec::connect(program).await.unwrap().with_logbook(Logbook::in_file(folder.join("logbook.json")))
}

#[tokio::test]
async fn the_python_switcher_is_sound_under_fault_schedules() {
    let verdict = schedules(&Router::start().await, 0..3).await;
    assert!(verdict.is_sound(), "{verdict}");
}

#[tokio::test]
async fn two_who_ask_at_once_get_one_yes_and_one_conflict() {
    let router = Router::start().await;
    let ask = |op: &str| Change { expected: Expected::Revision(Revision::new(0)), ..to_green(op) };
    let (ours, theirs) = (ask("ours"), ask("theirs"));
    let (a, b) = tokio::join!(router.exec.apply(&ours), router.exec.apply(&theirs));
    let kinds = [kind(&a), kind(&b)];
    assert!(kinds == ["ok", "conflict"] || kinds == ["conflict", "ok"], "{kinds:?}");
}

fn to_green(op: &str) -> Change {
    let (route, op) = (Route::serve(Split::ALL_GREEN), OpId::new(op));
    Change { route, expected: Expected::Any, op, fence: Fence::ZERO }
}

fn kind<T>(answer: &Result<T, SwitchError>) -> &'static str {
    answer.as_ref().err().map_or("ok", SwitchError::kind)
}

/// Says what it can, and answers everything else as `then` has it.
async fn bad(then: &str) -> Exec {
    bad_program(then, |program| program).await
}

async fn bad_program(then: &str, with: impl FnOnce(Program) -> Program) -> Exec {
    let script = format!(
        r#"read -r said; case "$said" in
        *'"capabilities"'*) echo '{{"ok": {{"weights": {{"kind": "any", "step": 1}}}}}}' ;;
        *) {then} ;;
        esac"#
    );
    let program = Program::new("sh").with_arg("-c").with_arg(script);
    Exec::connect(with(program.with_timeout(Duration::from_secs(10)))).await.unwrap()
}

fn whole(error: &SwitchError) -> String {
    match error.source() {
        Some(because) => format!("{error}: {because}"),
        None => error.to_string(),
    }
}

#[tokio::test]
async fn what_is_no_answer_is_unknown_after_a_change_and_nobody_there_after_a_look() {
    let scripts = [
        ("exit 0", "it is silent"),
        ("echo 'cannot reach the balancer' >&2; exit 3", "it dies"),
        ("kill -9 $$", "it is killed"),
        ("echo '<html>502</html>'", "HTML"),
        (r#"printf '{"ok": {"route"'"#, "truncated"),
        (r#"echo '{"handover": 7, "ok": {}}'"#, "another version"),
        (r#"echo '{"ok": {"route": {"split": 10000, "mode": "serve"}}}'; exit 1"#, "ok, and a failure"),
        ("head -c 2000000 /dev/zero", "a flood"),
    ];
    let mut said = String::new();
    for (script, what) in scripts {
        let exec = bad(script).await;
        let (change, look) = (exec.apply(&to_green("shift")).await, exec.observe().await);
        assert_eq!((kind(&change), kind(&look)), ("unconfirmed", "unreachable"), "{what}");
        writeln!(said, "{what}\n  {}", whole(&look.unwrap_err())).unwrap();
    }
    insta::assert_snapshot!(said, @"
    it is silent
      the switcher program could not be reached: it did not answer; it ended with exit status: 0
    it dies
      the switcher program could not be reached: it did not answer; it ended with exit status: 3: cannot reach the balancer
    it is killed
      the switcher program could not be reached: it did not answer; it ended with signal: 9 (SIGKILL)
    HTML
      the switcher program could not be reached: its answer is not JSON: expected value at line 1 column 1; it ended with exit status: 0
    truncated
      the switcher program could not be reached: its answer is not JSON: EOF while parsing an object at line 1 column 15; it ended with exit status: 0
    another version
      the switcher program could not be reached: it answered in version 7 of the protocol, not 1; it ended with exit status: 0
    ok, and a failure
      the switcher program could not be reached: it said ok and failed; it ended with exit status: 1
    a flood
      the switcher program could not be reached: it was killed: its answer is longer than 1048576 bytes
    ");
}

#[tokio::test]
async fn one_that_hangs_is_killed_with_everything_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let exec = bad_program("sleep 600 & echo $! > pid; echo 'still waiting' >&2; wait", |program| {
        program.in_folder(folder.path()).with_timeout(Duration::from_millis(500))
    });
    let said = exec.await.apply(&to_green("shift")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Unconfirmed { .. }), "{said:?}");
    insta::assert_snapshot!(said.source().unwrap(), @"it was killed after 500ms: still waiting");
    is_gone(&folder.path().join("pid")).await;
}

#[tokio::test]
async fn one_whose_caller_gave_up_is_killed_too() {
    let folder = tempfile::tempdir().unwrap();
    let exec =
        bad_program("sleep 600 & echo $! > pid; wait", |program| program.in_folder(folder.path())).await;
    let pid = folder.path().join("pid");
    let change = to_green("shift");
    tokio::select! {
        answer = exec.apply(&change) => panic!("{answer:?}"),
        () = exists(&pid) => {}
    }
    is_gone(&pid).await;
}

async fn exists(pid: &Path) {
    while fs::read_to_string(pid).unwrap_or_default().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The process of this number ends within ten seconds; a zombie has ended.
async fn is_gone(pid: &Path) {
    let pid = fs::read_to_string(pid).unwrap();
    let status = format!("/proc/{}/stat", pid.trim());
    for _ in 0..2_000 {
        match fs::read_to_string(&status) {
            Ok(stat) if !stat.contains(") Z") => tokio::time::sleep(Duration::from_millis(5)).await,
            _ => return,
        }
    }
    panic!("{status} is still there");
}

#[tokio::test]
async fn one_that_is_not_there_was_sent_nothing() {
    let said = Exec::connect(Program::new("/nowhere/switcher")).await.unwrap_err();
    assert!(matches!(said, SwitchError::Unreachable { .. }), "{said:?}");
    insta::assert_snapshot!(whole(&said), @"the switcher program could not be reached: /nowhere/switcher could not be started: No such file or directory (os error 2)");
}

#[tokio::test]
async fn what_it_complains_of_reaches_the_caller_as_the_contracts_errors() {
    let complaints = [
        r#"{"kind": "conflict", "expected": 1, "found": 2}"#,
        r#"{"kind": "fenced", "seen": 9}"#,
        r#"{"kind": "unsupported", "message": "tenths only"}"#,
        r#"{"kind": "elsewhere", "found": "the maintenance page"}"#,
        r#"{"kind": "refused", "message": "the zone is locked"}"#,
        r#"{"kind": "throttled", "after": {"secs": 30, "nanos": 0}}"#,
        r#"{"kind": "unreachable", "message": "no route to host"}"#,
        r#"{"kind": "unconfirmed", "message": "the job is still running"}"#,
    ];
    let mut said = String::new();
    for complaint in complaints {
        let exec = bad(&format!("echo '{{\"error\": {complaint}}}'; exit 1")).await;
        let error = exec.apply(&to_green("shift")).await.unwrap_err();
        assert!(complaint.contains(error.kind()), "{complaint}: {error:?}");
        // How long it took is not the same each time.
        let line = whole(&error);
        let line = line.split(" within ").next().unwrap();
        writeln!(said, "{line}").unwrap();
    }
    insta::assert_snapshot!(said, @"
    traffic was at revision 2, not 1
    fence 0 is behind 9: somebody with a newer lease has acted
    the switcher program cannot express the split blue 0 % green 100 %
    the switcher program sends traffic neither to blue nor to green, but to the maintenance page
    the switcher program refused the change: the zone is locked
    the switcher program asks to wait 30s
    the switcher program could not be reached: no route to host
    the switcher program did not confirm
    ");
}

#[tokio::test]
async fn keys_it_does_not_know_are_tolerated() {
    let exec = bad(
        r#"echo '{"ok": {"route": {"split": 10000, "mode": "serve", "note": 1}, "zone": "a"}, "took": 3}'"#,
    );
    let Observed { route, revision, .. } = exec.await.observe().await.unwrap();
    assert_eq!((route, revision), (Route::serve(Split::ALL_GREEN), Revision::new(0)));
}

#[tokio::test]
async fn a_secret_in_a_programs_own_words_is_hidden_too() {
    let refusal = r#"printf '{"error":{"kind":"refused","message":"no, %s"}}' "$SWITCHER_TOKEN""#;
    let exec = bad_program(refusal, |program| program.with_env("SWITCHER_TOKEN", "hunter2-hunter2")).await;
    let said = exec.apply(&to_green("shift")).await.unwrap_err();
    insta::assert_snapshot!(said.source().unwrap(), @"no, [hidden]");
}

#[tokio::test]
async fn a_secret_is_handed_over_by_name_only_and_shown_nowhere() {
    let exec = bad_program(r#"echo "token is $SWITCHER_TOKEN" >&2"#, |program| {
        program.with_env("SWITCHER_TOKEN", "hunter2-hunter2")
    });
    let exec = exec.await;
    let said = exec.apply(&to_green("shift")).await.unwrap_err();
    insta::assert_snapshot!(said.source().unwrap(), @"it did not answer; it ended with exit status: 0: token is [hidden]");
    let debug = format!("{exec:?} {said:?}");
    assert!(debug.contains("SWITCHER_TOKEN") && !debug.contains("hunter2"), "{debug}");
}

#[tokio::test]
async fn a_drain_has_its_own_limit_on_top() {
    let router = Router::start().await;
    let Opened::At(open) = router.open_request().await else { panic!("nobody was let in") };
    router.exec.apply(&to_green("shift")).await.unwrap();
    let left = router.exec.drain(Slot::Blue, Duration::from_millis(50)).await.unwrap();
    assert_eq!(left, Drained::TimedOut { requests: 1, streams: 0, upgrades: 0 });
    drop(open);
    let clean = router.exec.drain(Slot::Blue, Duration::from_secs(5)).await.unwrap();
    assert!(matches!(clean, Drained::Clean { .. }), "{clean:?}");
}
