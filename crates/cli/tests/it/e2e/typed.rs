use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::wait::until;

/// A command that was typed and may still run; what it says goes to files, so that nothing it starts can hold it up.
pub(super) struct Typed {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

/// How a command ended.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Typed {
    /// Starts `command`; `base` names the two files.
    pub(super) fn start(mut command: Command, base: &str) -> Self {
        let (out, err) = (PathBuf::from(format!("{base}.out")), PathBuf::from(format!("{base}.err")));
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let child = command.stdin(Stdio::null()).spawn().unwrap();
        Self { child, out, err }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far on standard output.
    pub(super) fn so_far(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// The same of standard error.
    pub(super) fn complaints(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    #[track_caller]
    pub(super) fn wait(mut self) -> Ran {
        let status = until("a command ends", || self.child.try_wait().unwrap());
        let err = fs::read_to_string(&self.err).unwrap();
        Ran { code: status.code(), out: self.so_far(), err }
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ran {
    /// Asserts the exit code, showing everything that was said otherwise.
    #[track_caller]
    pub(super) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// The last line of `--json`: the result.
    #[track_caller]
    pub(super) fn result(&self) -> Value {
        let last = self.out.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok());
        let result = last.filter(|line| line.get("event").is_none());
        result.unwrap_or_else(|| panic!("no result: {:?}\n{}\n{}", self.code, self.out, self.err))
    }

    /// The bodies of the run's records, from a deployment that was followed with `--json`.
    pub(super) fn records(&self) -> Vec<Value> {
        let lines = self.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let records = lines.filter(|line| line["event"] == "record");
        records.map(|line| line["record"]["body"].clone()).collect()
    }

    /// The steps that were completed, in order.
    pub(super) fn steps(&self) -> Vec<String> {
        let done = self.records().into_iter().filter(|b| b["kind"] == "verified" || b["kind"] == "proceeded");
        done.map(|body| body["step"].as_str().unwrap().to_owned()).collect()
    }
}
