use std::fmt::Write as _;
use std::fs::Permissions;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Signal, getuid};
use tempfile::TempDir;

use crate::certificate::Certificate;
use crate::found::{found, skip};
use crate::process::Process;
use crate::wait::{free_port, until};

/// The log's line when it takes connections, as a primary and as a standby.
const READY: [&str; 2] = [
    "database system is ready to accept connections",
    "database system is ready to accept read-only connections",
];

/// How a [`Postgres`] is set up.
#[derive(Debug, Clone, Default)]
pub struct PostgresSettings {
    /// Asked of everybody where given; without it anybody may come in.
    pub password: Option<String>,
    /// Whether each statement goes to the log, to be counted by [`Postgres::statements`].
    pub log_statements: bool,
    /// The most connections at a time, none of them kept for the superuser; PostgreSQL's default where not given.
    pub max_connections: Option<u32>,
    /// Whether it speaks TLS as well, with the certificate of [`Postgres::certificate`].
    pub tls: bool,
}

/// A PostgreSQL server, empty, with the superuser `handover`.
///
/// It does not sync to disk, and runs as the system's user `postgres` where the test runs as root.
#[derive(Debug)]
pub struct Postgres {
    addr: SocketAddr,
    settings: PostgresSettings,
    program: PathBuf,
    owner: Option<Owner>,
    process: Option<Process>,
    certificate: Option<Certificate>,
    folder: TempDir,
}

/// Whom the server runs as.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Starts one that lets everybody in; none where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        Self::start_with(PostgresSettings::default())
    }

    /// Starts one set up like this; none where PostgreSQL is not installed.
    pub fn start_with(settings: PostgresSettings) -> Option<Self> {
        let (initdb, program) = (found("initdb")?, found("postgres")?);
        let owner = owner()?;
        let certificate = if settings.tls { Some(Certificate::make()?) } else { None };
        let folder = folder(owner);
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut postgres = Self { addr, settings, program, owner, process: None, certificate, folder };
        postgres.init(&initdb);
        // Another process may take the port before it is listened on.
        let started = (0..5).any(|_| {
            postgres.addr.set_port(free_port());
            postgres.launch();
            postgres.accepts()
        });
        assert!(started, "PostgreSQL does not start: {}", postgres.log());
        Some(postgres)
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
        let password = self.settings.password.as_deref().map(|password| format!(":{password}"));
        format!("postgres://handover{}@{addr}/postgres", password.unwrap_or_default())
    }

    /// What it shows of itself where it speaks TLS.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Kills it and all its processes (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Starts it again after [`kill`](Self::kill), on the same port with the same data, and waits until it is there.
    pub fn revive(&mut self) {
        self.launch();
        assert!(self.accepts(), "PostgreSQL does not start again: {}", self.log());
    }

    /// Kills it and starts it again; it says that it is starting up until [`release`](Self::release).
    ///
    /// It recovers from an archive that does not answer.
    pub fn restart_held(&mut self) {
        self.kill();
        std::fs::write(self.hold(), "").unwrap();
        self.own_file("recovery.signal");
        self.launch();
        until("PostgreSQL listens", || TcpStream::connect(self.addr).ok());
    }

    /// Lets a held start go on, and waits until it is through.
    pub fn release(&mut self) {
        std::fs::remove_file(self.hold()).unwrap();
        assert!(self.accepts(), "PostgreSQL does not get through its start: {}", self.log());
    }

    /// Kills it and starts it again as a standby, which it stays: it answers, and takes no writes.
    pub fn restart_as_standby(&mut self) {
        self.kill();
        self.own_file("standby.signal");
        self.revive();
    }

    /// Has all its processes stand still (SIGSTOP).
    pub fn freeze(&self) {
        self.process.iter().for_each(Process::freeze);
    }

    /// Lets all its processes go on (SIGCONT).
    pub fn thaw(&self) {
        self.process.iter().for_each(Process::thaw);
    }

    /// How many statements with `text` in them it has run so far. Wants `log_statements`.
    pub fn statements(&self, text: &str) -> usize {
        assert!(self.settings.log_statements, "statements are not logged");
        let log = self.log();
        let statements = log.lines().filter_map(|line| line.split_once("LOG:  ")?.1.split_once(": "));
        let run = |how: &str| how == "statement" || how.starts_with("execute ");
        statements.filter(|(how, statement)| run(how) && statement.contains(text)).count()
    }

    /// Everything it has said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.at("log")).unwrap_or_default()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// There while a held start is to be held.
    fn hold(&self) -> PathBuf {
        self.at("hold")
    }

    /// An empty file among the data.
    fn own_file(&self, name: &str) {
        let file = self.at("data").join(name);
        std::fs::write(&file, "").unwrap();
        own(&file, self.owner);
    }

    /// A file for the server's eyes only.
    fn own_copy(&self, from: &Path, name: &str) {
        let file = self.at("data").join(name);
        std::fs::copy(from, &file).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        own(&file, self.owner);
    }

    fn init(&self, initdb: &Path) {
        let mut command = self.command(initdb);
        command.arg("--pgdata").arg(self.at("data"));
        command.args([
            "--username=handover",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--auth-local=trust",
        ]);
        if let Some(password) = &self.settings.password {
            let file = self.at("password");
            std::fs::write(&file, password).unwrap();
            own(&file, self.owner);
            command.arg("--auth-host=scram-sha-256").arg("--pwfile").arg(file);
        } else {
            command.arg("--auth-host=trust");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::write(self.at("data/postgresql.conf"), self.configuration()).unwrap();
        if let Some(certificate) = &self.certificate {
            self.own_copy(&certificate.chain(), "server.crt");
            self.own_copy(&certificate.key(), "server.key");
        }
    }

    /// Shared memory is kept in files, so that none is left when it is killed.
    fn configuration(&self) -> String {
        let hold = self.hold();
        let mut text = format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nlc_messages = 'C'\n\
             fsync = off\nfull_page_writes = off\nsynchronous_commit = off\nshared_buffers = '16MB'\n\
             dynamic_shared_memory_type = mmap\nmax_wal_senders = 0\nsuperuser_reserved_connections = 0\n\
             restore_command = 'while [ -e {} ]; do sleep 0.02; done; false'\n",
            hold.display()
        );
        if self.settings.log_statements {
            text.push_str("log_statement = all\n");
        }
        if self.settings.tls {
            text.push_str("ssl = on\n");
        }
        if let Some(most) = self.settings.max_connections {
            writeln!(text, "max_connections = {most}").unwrap();
        }
        text
    }

    /// Starts the process; it listens some time later.
    fn launch(&mut self) {
        let mut command = self.command(&self.program);
        command.arg("-D").arg(self.at("data")).arg("-p").arg(self.addr.port().to_string());
        writeln_to(&self.at("log"), "launched");
        self.process = Some(Process::start(&mut command, &self.at("log")));
    }

    /// Waits until it takes connections or has given up; whether it takes them.
    fn accepts(&mut self) -> bool {
        until("PostgreSQL accepts connections, or has given up", || {
            let log = self.log();
            let since = log.rsplit("launched").next().unwrap_or_default();
            let ready = READY.iter().any(|line| since.contains(line));
            (ready || self.process.as_mut().is_none_or(Process::ended)).then_some(ready)
        })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
        command
    }

    /// Takes away what the system keeps for a server that was killed: a few bytes that said whose the data is.
    fn forget_shared_memory(&self) {
        let lock = std::fs::read_to_string(self.at("data/postmaster.pid")).unwrap_or_default();
        if let Some(id) = lock.lines().nth(6).and_then(|line| line.split_whitespace().last()) {
            let _ = Command::new("ipcrm").args(["-m", id]).stderr(Stdio::null()).status();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end(Signal::QUIT);
        }
        self.forget_shared_memory();
    }
}

fn writeln_to(file: &Path, line: &str) {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}

/// Whom to run it as: it refuses to run as root. None where root has nobody else.
#[expect(clippy::option_option, reason = "nobody else is needed, or nobody else is there")]
fn owner() -> Option<Option<Owner>> {
    if !getuid().is_root() {
        return Some(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let owner = users.lines().find_map(|line| {
        let fields: Vec<_> = line.split(':').collect();
        let ["postgres", _, uid, gid, ..] = fields[..] else { return None };
        Some(Owner { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    });
    if owner.is_none() {
        skip("PostgreSQL does not run as root, and there is no user postgres");
    }
    owner.map(Some)
}

/// A folder that its owner can reach, whatever the test's own temporary folder is.
fn folder(owner: Option<Owner>) -> TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("handover-postgres-");
    let folder = if owner.is_some() { builder.tempdir_in("/tmp") } else { builder.tempdir() };
    let folder = folder.unwrap();
    own(folder.path(), owner);
    folder
}

fn own(path: &Path, owner: Option<Owner>) {
    if let Some(owner) = owner {
        chown(path, Some(owner.uid), Some(owner.gid)).unwrap();
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;
    use crate::wait::within;

    /// What the server says first to a client that begins a session: `R` for a question of authentication, or an error.
    fn greeting(postgres: &Postgres) -> Option<String> {
        let mut stream = TcpStream::connect(postgres.addr()).ok()?;
        stream.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
        let words = b"user\0handover\0database\0postgres\0\0";
        let length = u32::try_from(words.len() + 8).unwrap();
        stream.write_all(&[&length.to_be_bytes()[..], &196_608_u32.to_be_bytes(), words].concat()).ok()?;
        let mut said = vec![0; 1_024];
        let read = stream.read(&mut said).ok()?;
        Some(String::from_utf8_lossy(&said[..read]).into_owned())
    }

    fn lets_in(postgres: &Postgres) -> bool {
        greeting(postgres).is_some_and(|said| said.starts_with('R'))
    }

    #[test]
    fn it_is_killed_revived_frozen_and_thawed_on_the_same_port() {
        let Some(mut postgres) = Postgres::start() else { return };
        let addr = postgres.addr();
        assert!(lets_in(&postgres));
        postgres.kill();
        assert!(TcpStream::connect(addr).is_err());
        postgres.revive();
        assert!(lets_in(&postgres) && postgres.addr() == addr);
        postgres.freeze();
        assert_eq!(greeting(&postgres), None);
        postgres.thaw();
        assert!(within(crate::wait::LIMIT, || lets_in(&postgres).then_some(())).is_some());
    }

    #[test]
    fn held_it_is_starting_up_and_released_it_is_up() {
        let Some(mut postgres) = Postgres::start() else { return };
        postgres.restart_held();
        assert!(greeting(&postgres).is_some_and(|said| said.contains("57P03")));
        postgres.release();
        assert!(lets_in(&postgres));
    }

    #[test]
    fn it_leaves_no_process_folder_or_shared_memory() {
        let Some(mut postgres) = Postgres::start() else { return };
        let (addr, folder) = (postgres.addr(), postgres.folder.path().to_owned());
        postgres.restart_held();
        drop(postgres);
        assert!(TcpStream::connect(addr).is_err() && !folder.exists());
    }
}
