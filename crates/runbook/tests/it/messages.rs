//! What a person reads when something fails: what, because of what, and what to type next.

use std::time::Duration;

use handover_core::{Fence, Timestamp};
use handover_runbook::{Ending, EngineError, Held, JournalError, LeaseError};

use crate::support::{run_id, say};

#[test]
fn each_error_of_a_journal_says_what_and_what_next() {
    let (run, path) = (run_id(), || "journal.db".to_string());
    let all = [
        JournalError::Taken { run: run.clone(), seq: 4 },
        JournalError::Fenced { run: run.clone(), fence: Fence::new(2), last: Fence::new(3) },
        JournalError::Over { run: run.clone() },
        JournalError::Corrupt { run, seq: 4 },
        JournalError::Newer { found: 2, known: 1 },
        JournalError::Closed { path: path(), source: "permission denied".into() },
        JournalError::Unreadable { path: path(), source: "it was cut off".into() },
        JournalError::Full { path: path(), source: "disk full".into() },
        JournalError::Busy { path: path(), source: "database is locked".into() },
        JournalError::Unavailable {
            attempted: "write to journal.db".into(),
            source: "input/output error".into(),
        },
    ];
    insta::assert_snapshot!(all.each_ref().map(say).join("\n\n"), @r#"
error: record 4 of run r1 has already been written by somebody else
hint: another driver runs this now; `handover status --watch` follows it

error: run r1 has been taken over: its last record has fence 3, this driver has 2
hint: another driver runs this now; `handover status --watch` follows it

error: run r1 is over
hint: `handover explain` says how it ended

error: record 4 of run r1 is not what was written: its hash does not match
hint: somebody edited it: put a backup in its place, or move it aside to begin a new one

error: the journal has format 2, this version knows up to 1
hint: use the version of handover that wrote it, or a newer one

error: could not open journal.db
  because: permission denied
hint: see whether its folder exists and whether this user may write there

error: journal.db cannot be read as a journal
  because: it was cut off
hint: put a backup in its place, or move it aside with `mv journal.db journal.db.broken`

error: no room left to write to journal.db
  because: disk full
hint: free some space, then `handover resume`; `handover traffic shift --stable --now` needs none

error: journal.db is held by another process
  because: database is locked
hint: see who holds it with `handover lease show`, then try again

error: could not write to journal.db
  because: input/output error
"#);
}

#[test]
fn each_error_of_a_lease_says_what_and_what_next() {
    let held = Held {
        holder: "deploy of v2 by ana".into(),
        pid: 77,
        fence: Fence::new(3),
        since: Timestamp::now(),
        ttl: Duration::from_secs(15),
        left: Duration::from_secs(9),
    };
    let all = [
        LeaseError::Held(held),
        LeaseError::Lost { fence: Fence::new(3) },
        LeaseError::Unreachable { attempted: "renew", source: "connection refused".into() },
    ];
    insta::assert_snapshot!(all.each_ref().map(say).join("\n\n"), @r#"
error: the lease is held by deploy of v2 by ana (process 77, for 0 s, fence 3)
hint: wait for it to end, or take it over with `handover lease take-over`

error: the lease with fence 3 is no longer held
hint: `handover lease show` says who holds it now

error: could not renew the lease
  because: connection refused
"#);
}

#[test]
fn each_error_of_the_engine_says_what_and_what_next() {
    let run = run_id();
    let full = || JournalError::Full { path: "journal.db".into(), source: "disk full".into() };
    let all = [
        EngineError::Unsealed { run: run.clone() },
        EngineError::Program { run: run.clone(), because: "two steps are called `start`".into() },
        EngineError::Lease { run: run.clone(), source: LeaseError::Lost { fence: Fence::new(1) } },
        EngineError::LeaseLost { run: run.clone(), fence: Fence::new(3) },
        EngineError::Journal { run: run.clone(), source: full() },
        EngineError::Unrecorded {
            run,
            ending: Ending::TurnedBack { why: "it is bad".into() },
            source: full(),
        },
    ];
    insta::assert_snapshot!(all.each_ref().map(say).join("\n\n"), @r#"
error: run r1 was never sealed
hint: `handover history` lists the runs there are

error: the program does not fit run r1: two steps are called `start`
hint: resume it with the version of handover that began it

error: could not begin to drive run r1
  because: the lease with fence 1 is no longer held
hint: `handover lease show` says who holds it now

error: this driver of run r1 lost its lease (fence 3) and stopped
hint: `handover lease show` says who acts now

error: run r1 stands still because its journal failed
  because: no room left to write to journal.db
  because: disk full
hint: free some space, then `handover resume`; `handover traffic shift --stable --now` needs none

error: run r1 went back, but its journal could not be written
  because: no room left to write to journal.db
  because: disk full
hint: make room, then `handover abort`: it goes back again, which is harmless, and records it
"#);
}
