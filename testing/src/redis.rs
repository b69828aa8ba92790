use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::certificate::Certificate;
use crate::found::found;
use crate::process::Process;
use crate::wait::{free_port, until};

/// No command takes longer than this.
const LIMIT: Duration = Duration::from_secs(20);
/// So many keys that loading them takes long enough, at a millisecond each.
const FILL: &str = "for i = 1, 100000 do redis.call('SET', i, i) end";
/// Loads a key in a millisecond, and answers every few of them.
const HELD: [&str; 2] = ["key-load-delay 1000", "loading-process-events-interval-bytes 1024"];

/// A Redis server, empty. Nothing is kept on disk but what [`save`](Self::save) writes.
#[derive(Debug)]
pub struct Redis {
    addr: SocketAddr,
    settings: Vec<String>,
    password: Option<String>,
    program: PathBuf,
    process: Option<Process>,
    folder: TempDir,
}

impl Redis {
    /// Starts one that lets everybody in; none where Redis is not installed.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// Starts one with these lines in its configuration: `requirepass s3cret`, `maxclients 2`. None where Redis is not
    /// installed.
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let mut redis = Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            settings: settings.iter().map(ToString::to_string).collect(),
            password: settings.iter().find_map(|line| line.strip_prefix("requirepass ").map(str::to_owned)),
            program: found("redis-server")?,
            process: None,
            folder: tempfile::Builder::new().prefix("handover-redis-").tempdir().unwrap(),
        };
        // Another process may take the port before it is listened on.
        let started = (0..5).any(|_| {
            redis.addr.set_port(free_port());
            redis.launch(&[]);
            redis.answers()
        });
        assert!(started, "Redis does not start: {}", redis.log());
        Some(redis)
    }

    /// Starts one that speaks TLS with this certificate on a second port; where that is. None where Redis is not installed.
    pub fn start_tls(certificate: &Certificate) -> Option<(Self, SocketAddr)> {
        let (chain, key) = (certificate.chain(), certificate.key());
        let port = free_port();
        let redis = Self::start_with(&[
            &format!("tls-port {port}"),
            &format!("tls-cert-file {}", chain.display()),
            &format!("tls-key-file {}", key.display()),
            &format!("tls-ca-cert-file {}", chain.display()),
            "tls-auth-clients no",
        ])?;
        Some((redis, SocketAddr::from(([127, 0, 0, 1], port))))
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How a client reaches it, password included.
    pub fn url(&self) -> String {
        self.url_at(self.addr)
    }

    /// How a client reaches it by way of another address: a proxy's.
    pub fn url_at(&self, addr: SocketAddr) -> String {
        let password = self.password.as_deref().map(|password| format!(":{password}@"));
        format!("redis://{}{addr}/", password.unwrap_or_default())
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts it again after [`kill`](Self::kill), on the same port with what was saved, and waits until it is there.
    pub fn revive(&mut self) {
        self.launch(&[]);
        assert!(self.answers(), "Redis does not start again: {}", self.log());
    }

    /// Kills it and starts it again; it says that it is loading until [`release`](Self::release), for a minute at most.
    pub fn restart_held(&mut self) {
        self.command(&["EVAL", FILL, "0"]);
        self.save();
        self.kill();
        self.launch(&HELD);
        until("Redis is loading", || self.try_command(&["PING"]).filter(|said| said.starts_with("-LOADING")));
    }

    /// Lets a held start go on, and waits until it is through; it is empty then.
    pub fn release(&mut self) {
        assert_eq!(self.command(&["CONFIG", "SET", "key-load-delay", "0"]), "+OK");
        assert!(self.answers(), "Redis does not get through its start: {}", self.log());
        assert_eq!(self.command(&["FLUSHALL"]), "+OK");
    }

    /// Has all its processes stand still (SIGSTOP).
    pub fn freeze(&self) {
        self.process.iter().for_each(Process::freeze);
    }

    /// Lets all its processes go on (SIGCONT).
    pub fn thaw(&self) {
        self.process.iter().for_each(Process::thaw);
    }

    /// How many commands of this name it has been sent so far, by its own count.
    pub fn calls(&self, command: &str) -> u64 {
        let stats = self.command(&["INFO", "commandstats"]);
        let key = format!("cmdstat_{}:calls=", command.to_lowercase());
        let count = stats.lines().find_map(|line| line.strip_prefix(&key)?.split(',').next()?.parse().ok());
        count.unwrap_or(0)
    }

    /// Writes everything to disk, for the next start to load.
    pub fn save(&self) {
        assert_eq!(self.command(&["SAVE"]), "+OK");
    }

    /// Runs a command on a connection of its own: what it answers, as it is on the wire; of a text the text.
    ///
    /// # Panics
    ///
    /// It does not answer.
    pub fn command(&self, words: &[&str]) -> String {
        self.try_command(words).unwrap()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn launch(&mut self, more: &[&str]) {
        let mut lines =
            vec![format!("port {}", self.addr.port()), format!("dir {}", self.folder.path().display())];
        lines.extend(["bind 127.0.0.1", "save \"\"", "appendonly no"].map(str::to_owned));
        lines.extend(self.settings.iter().cloned().chain(more.iter().map(ToString::to_string)));
        let file = self.folder.path().join("redis.conf");
        std::fs::write(&file, lines.join("\n")).unwrap();
        let log = self.folder.path().join("log");
        self.process = Some(Process::start(Command::new(&self.program).arg(file), &log));
    }

    /// Waits until it answers or has given up; whether it answers.
    fn answers(&mut self) -> bool {
        until("Redis answers, or has given up", || {
            let answers = self.try_command(&["PING"]).is_some_and(|said| said == "+PONG");
            (answers || self.process.as_mut().is_none_or(Process::ended)).then_some(answers)
        })
    }

    fn try_command(&self, words: &[&str]) -> Option<String> {
        let mut stream = TcpStream::connect(self.addr).ok()?;
        stream.set_read_timeout(Some(LIMIT)).ok()?;
        let mut lines = BufReader::new(stream.try_clone().ok()?);
        if let Some(password) = &self.password {
            exchange(&mut stream, &mut lines, &["AUTH", password])?;
        }
        exchange(&mut stream, &mut lines, words)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end(Signal::KILL);
        }
    }
}

fn exchange(stream: &mut TcpStream, lines: &mut BufReader<TcpStream>, words: &[&str]) -> Option<String> {
    let words = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len()));
    let words: Vec<_> = words.collect();
    write!(stream, "*{}\r\n{}", words.len(), words.concat()).ok()?;
    let mut line = String::new();
    lines.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let line = line.trim_end();
    // Nothing at all has the length -1.
    let length = line.strip_prefix('$').and_then(|length| length.parse::<usize>().ok());
    let Some(length) = length else { return Some(line.to_owned()) };
    let mut text = vec![0; length + 2];
    lines.read_exact(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_counts_commands_and_is_killed_and_revived_with_what_was_saved() {
        let Some(mut redis) = Redis::start_with(&["requirepass s3cret"]) else { return };
        assert_eq!(redis.command(&["SET", "key", "value"]), "+OK");
        redis.save();
        assert_eq!(redis.calls("set"), 1);
        redis.kill();
        assert!(redis.try_command(&["PING"]).is_none());
        redis.revive();
        assert_eq!((redis.command(&["GET", "key"]).as_str(), redis.calls("set")), ("value", 0));
    }

    #[test]
    fn held_it_is_loading_and_released_it_is_up() {
        let Some(mut redis) = Redis::start() else { return };
        redis.restart_held();
        assert!(redis.command(&["GET", "key"]).starts_with("-LOADING"));
        redis.release();
        assert_eq!(redis.command(&["PING"]), "+PONG");
    }

    #[test]
    fn frozen_it_takes_connections_and_says_nothing() {
        let Some(redis) = Redis::start() else { return };
        redis.freeze();
        let mut stream = TcpStream::connect(redis.addr()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        stream.write_all(b"PING\r\n").unwrap();
        assert!(stream.read(&mut [0; 8]).is_err());
        redis.thaw();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        assert_eq!(stream.read(&mut [0; 8]).unwrap(), 7);
    }
}
