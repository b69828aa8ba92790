//! All that a schedule needs, set up once for many.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use handover_testing::{FaultProxy, Redis};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::runtime::Handle;

use super::bend::Bend;
use super::log::lock;
use super::process::{Begin, Process};
use super::readers::{Readers, Stage};
use super::writer::Writer;

/// How a rig is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// That of the store under test.
    pub(crate) heartbeat: Duration,
    /// How long anything is waited for that must come.
    pub(crate) guard: Duration,
    /// How the store is made wrong, for the test of the judge.
    pub(crate) bend: Bend,
}

/// A server, a proxy before it, the flags of one process behind that, and who reads them.
#[derive(Debug)]
pub(crate) struct Rig {
    pub(super) settings: Settings,
    pub(super) runtime: Handle,
    pub(super) writer: Writer,
    pub(super) stage: Arc<Stage>,
    pub(super) readers: Readers,
    pub(super) proxy: FaultProxy,
    pub(super) redis: Redis,
    /// How many processes there were.
    pub(super) processes: u64,
    /// The server's process.
    pid: Option<Pid>,
    /// Whether the server has thrown out keys since its start.
    pub(super) evicting: bool,
    /// How many schedules there were.
    pub(super) schedules: u64,
    folder: TempDir,
}

impl Rig {
    /// Sets it up, with nothing in the server yet; none where Redis is not installed. Not from within a runtime.
    pub(crate) fn start(runtime: &Handle, settings: Settings) -> Option<Self> {
        let redis = Redis::start()?;
        let stage = Arc::new(Stage::new());
        let mut rig = Self {
            settings,
            runtime: runtime.clone(),
            writer: Writer::new(redis.addr()),
            readers: Readers::come(&stage),
            proxy: runtime.block_on(FaultProxy::start(redis.addr())),
            redis,
            stage,
            processes: 0,
            pid: None,
            evicting: false,
            schedules: 0,
            folder: tempfile::tempdir().unwrap(),
        };
        rig.learn_pid();
        rig.begin_process(settings.guard);
        Some(rig)
    }

    /// Starts a process, which waits so long for the store. It has a copy of the file that the last one left.
    pub(super) fn begin_process(&mut self, wait: Duration) -> Arc<Process> {
        let last = self.file();
        self.processes += 1;
        let file = self.file();
        // The first has none.
        let _ = std::fs::copy(&last, &file);
        let url = self.redis.url_at(self.proxy.addr());
        let Settings { heartbeat, bend, .. } = self.settings;
        let begin = Begin { url: &url, heartbeat, file: &file, wait, bend };
        let process = Arc::new(Process::start(&self.runtime, &self.stage.log, self.processes, begin));
        *lock(&self.stage.process) = Some(Arc::clone(&process));
        let _ = std::fs::remove_file(&last);
        process
    }

    /// Ends the process, once nobody reads.
    pub(super) fn end_process(&mut self) {
        let process = lock(&self.stage.process).take();
        while process.as_ref().is_some_and(|process| Arc::strong_count(process) > 1) {
            std::thread::yield_now();
        }
    }

    /// Which process the server is: it is signalled at once, without a look at all others.
    pub(super) fn learn_pid(&mut self) {
        let info = self.writer.ask(&["INFO", "server"]);
        let pid = info.lines().find_map(|line| line.strip_prefix("process_id:")?.trim().parse().ok());
        self.pid = pid.and_then(Pid::from_raw);
    }

    pub(super) fn signal(&self, signal: Signal) {
        kill_process(self.pid.unwrap(), signal).unwrap();
    }

    /// Where the process keeps its last known values.
    pub(super) fn file(&self) -> PathBuf {
        self.folder.path().join(format!("{}.lkg", self.processes))
    }

    /// Where the server keeps what it saves.
    pub(super) fn dump(&mut self) -> PathBuf {
        self.writer.send(&["CONFIG", "GET", "dir"]);
        // An array of two texts.
        let answers = [self.writer.answer(), self.writer.answer(), self.writer.answer()];
        PathBuf::from(&answers[2]).join("dump.rdb")
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.end_process();
    }
}
