use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::{Started, found, free_port, get, until};

/// A HAProxy before two servers, `blue` and `green` of the backend `app`, half and half.
pub(crate) struct Haproxy {
    pub(crate) addr: SocketAddr,
    /// Its Runtime API.
    pub(crate) socket: PathBuf,
    program: PathBuf,
    folder: TempDir,
    process: Started,
}

impl Haproxy {
    /// Logs to `log` by this format; none where HAProxy is not installed.
    pub(crate) fn start(log: SocketAddr, log_format: &str, servers: [SocketAddr; 2]) -> Option<Self> {
        let program = found("haproxy")?;
        let started = (0..5).find_map(|_| Self::once(&program, log, log_format, servers));
        assert!(started.is_some(), "HAProxy does not start");
        started
    }

    fn once(
        program: &PathBuf,
        log: SocketAddr,
        log_format: &str,
        [blue, green]: [SocketAddr; 2],
    ) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let config = format!(
            "global\n  log {log} len 1024 format raw local0 info\n  stats socket {} mode 600 level admin\n\
             defaults\n  mode http\n  log global\n  log-format '{log_format}'\n  option abortonclose\n\
             \x20 timeout connect 5s\n  timeout client 60s\n  timeout server 300ms\n  timeout queue 5s\n\
             frontend web\n  bind {addr}\n  monitor-uri /haproxy\n\
             \x20 http-request set-var(txn.handover_skip) str(1) if {{ path_beg /probe }}\n\
             \x20 use_backend api if {{ path_beg /api }}\n  default_backend app\n\
             backend app\n  retries 0\n\
             \x20 server blue {blue} weight 100\n  server green {green} weight 100\n\
             backend api\n  http-request return status 200\n",
            socket.display()
        );
        std::fs::write(folder.path().join("haproxy.cfg"), config).unwrap();
        let process = Self::run(program, &folder);
        let mut started = Self { addr, socket, program: program.clone(), folder, process };
        started.is_ready().then_some(started)
    }

    fn run(program: &PathBuf, folder: &TempDir) -> Started {
        let mut command = Command::new(program);
        Started::new(command.arg("-db").arg("-f").arg(folder.path().join("haproxy.cfg")), folder.path())
    }

    fn is_ready(&mut self) -> bool {
        until("HAProxy is ready, or has given up", || {
            let ready = get(self.addr, "/haproxy").is_ok_and(|(status, _)| status == 200);
            (ready || self.process.ended()).then_some(ready)
        })
    }

    /// Ends the process and starts another one in its place.
    pub(crate) fn replace(&mut self) {
        self.process.kill();
        self.process = Self::run(&self.program, &self.folder);
        assert!(self.is_ready());
    }

    /// Ends the process.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Gives a command to the Runtime API.
    pub(crate) fn command(&self, command: &str) -> String {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        writeln!(stream, "{command}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

/// A UDP port that nobody listens on now.
pub(crate) fn free_udp_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
