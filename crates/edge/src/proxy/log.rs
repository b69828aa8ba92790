//! The access log: one JSON object per request, written by a thread of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use handover_core::{Slot, Timestamp};
use http::{Method, Uri};
use serde::Serialize;

use super::instance::Release;
use super::options::{AccessLogOptions, OptionsError};

/// What is known about a request when it is over.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) time: Timestamp,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) status: u16,
    pub(super) to: Option<(Slot, Arc<Release>)>,
    pub(super) error: Option<&'static str>,
    pub(super) bytes: u64,
    pub(super) took: Duration,
    pub(super) held: Duration,
    pub(super) retried: bool,
    pub(super) pinned: bool,
    pub(super) client: IpAddr,
}

/// The form of a line; names are part of the format.
#[derive(Serialize)]
struct Line<'a> {
    time: Timestamp,
    method: &'a str,
    path: &'a str,
    status: u16,
    slot: Option<Slot>,
    release: Option<&'a str>,
    error: Option<&'a str>,
    bytes: u64,
    ms: f64,
    held_ms: f64,
    retried: bool,
    pinned: bool,
    client: IpAddr,
}

/// A log that never makes a request wait: where there is no room, a line is dropped and counted.
#[derive(Debug)]
pub(super) struct AccessLog {
    entries: Option<SyncSender<Entry>>,
    writer: Option<JoinHandle<()>>,
    dropped: Arc<AtomicU64>,
}

/// Lines waiting to be written; about a second at full speed.
const ROOM: usize = 16_384;

impl AccessLog {
    pub(super) fn open(options: &AccessLogOptions) -> Result<Self, OptionsError> {
        let failed = |source| OptionsError::AccessLog { path: options.path.clone(), source };
        let file = Rotated::open(options.path.clone(), options.cap).map_err(failed)?;
        let (entries, queue) = sync_channel(ROOM);
        let dropped = Arc::new(AtomicU64::new(0));
        let lost = dropped.clone();
        let writer = std::thread::Builder::new()
            .name("access-log".into())
            .spawn(move || write_all(file, &queue, &lost))
            .map_err(failed)?;
        Ok(Self { entries: Some(entries), writer: Some(writer), dropped })
    }

    pub(super) fn write(&self, entry: Entry) {
        let sent = self.entries.as_ref().is_some_and(|entries| entries.try_send(entry).is_ok());
        if !sent {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

impl Drop for AccessLog {
    /// Waits until what is queued is written.
    fn drop(&mut self) {
        self.entries = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so; there is nothing left to save.
            let _ = writer.join();
        }
    }
}

fn write_all(mut file: Rotated, queue: &Receiver<Entry>, lost: &AtomicU64) {
    while let Ok(first) = queue.recv() {
        let mut next = Ok(first);
        while let Ok(entry) = next {
            if file.write(&entry).is_err() {
                lost.fetch_add(1, Ordering::Relaxed);
            }
            next = queue.try_recv();
        }
        if file.out.flush().is_err() {
            lost.fetch_add(1, Ordering::Relaxed);
        }
        if next.is_err_and(|end| end == TryRecvError::Disconnected) {
            return;
        }
    }
}

/// A file that makes room for itself; one former file is kept.
#[derive(Debug)]
struct Rotated {
    path: PathBuf,
    cap: u64,
    length: u64,
    out: BufWriter<File>,
}

impl Rotated {
    fn open(path: PathBuf, cap: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let length = file.metadata()?.len();
        Ok(Self { path, cap, length, out: BufWriter::with_capacity(64 * 1024, file) })
    }

    fn write(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line::of(entry))?;
        line.push(b'\n');
        if self.length > 0 && self.length + line.len() as u64 > self.cap {
            self.rotate()?;
        }
        self.length += line.len() as u64;
        self.out.write_all(&line)
    }

    fn rotate(&mut self) -> io::Result<()> {
        self.out.flush()?;
        let mut former = self.path.clone().into_os_string();
        former.push(".1");
        std::fs::rename(&self.path, former)?;
        *self = Self::open(self.path.clone(), self.cap)?;
        Ok(())
    }
}

impl<'a> Line<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            time: entry.time,
            method: entry.method.as_str(),
            path: entry.uri.path(),
            status: entry.status,
            slot: entry.to.as_ref().map(|(slot, _)| *slot),
            release: entry.to.as_ref().map(|(_, release)| release.id.as_str()),
            error: entry.error,
            bytes: entry.bytes,
            ms: millis(entry.took),
            held_ms: millis(entry.held),
            retried: entry.retried,
            pinned: entry.pinned,
            client: entry.client,
        }
    }
}

/// Milliseconds to the nearest microsecond, which is as much as a reader can use.
#[expect(clippy::cast_precision_loss, reason = "a request of 2^53 microseconds lasts 285 years")]
fn millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &'static str) -> Entry {
        Entry {
            time: Timestamp::from_unix_millis(1_795_000_000_000),
            method: Method::GET,
            uri: Uri::from_static(path),
            status: 200,
            to: Some((Slot::Green, Arc::new(Release::new("v2".parse().unwrap())))),
            error: None,
            bytes: 12,
            took: Duration::from_micros(1_500),
            held: Duration::ZERO,
            retried: false,
            pinned: false,
            client: [127, 0, 0, 1].into(),
        }
    }

    #[test]
    fn a_line_says_everything_but_the_query() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        let log = AccessLog::open(&AccessLogOptions::new(&path)).unwrap();
        log.write(entry("/a?token=secret"));
        drop(log);
        insta::assert_snapshot!(std::fs::read_to_string(&path).unwrap(), @r#"{"time":1795000000000,"method":"GET","path":"/a","status":200,"slot":"green","release":"v2","error":null,"bytes":12,"ms":1.5,"held_ms":0.0,"retried":false,"pinned":false,"client":"127.0.0.1"}"#);
    }

    #[test]
    fn a_full_file_becomes_the_former_one_and_no_line_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        let log = AccessLog::open(&AccessLogOptions::new(&path).with_cap(1_000)).unwrap();
        for _ in 0..7 {
            log.write(entry("/a"));
        }
        assert_eq!(log.dropped(), 0);
        drop(log);
        for file in ["access.log", "access.log.1"] {
            let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
            assert!(!text.is_empty() && text.len() <= 1_000);
            assert!(text.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
        }
    }
}
