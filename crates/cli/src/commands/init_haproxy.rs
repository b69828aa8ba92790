//! The HAProxy side of `handover init --backend haproxy`: a configuration, an empty state file and the pins' secrets.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use handover_core::{BySlot, ServiceName};
use handover_monitor::source::HAPROXY_LOG_FORMAT;
use handover_traffic::haproxy::{HaproxyConfig, HaproxyOptions, RuntimeSocket};

use crate::exit::Exit;
use crate::report::Failure;

/// The folder beside `handover.toml`.
pub(super) const FOLDER: &str = "haproxy";
/// Where HAProxy's log is counted.
pub(super) const LOG: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9514);

/// The files to write, with their text; secrets are readable to their owner alone.
pub(super) struct Files {
    folder: PathBuf,
    files: Vec<(String, String, u32)>,
}

impl Files {
    /// For a service whose users arrive at `listen`; its releases listen on the next two ports of this machine.
    pub(super) fn compose(
        folder: &Path,
        name: &ServiceName,
        listen: SocketAddr,
        health: &str,
    ) -> Result<Self, Failure> {
        let folder = folder.join(FOLDER);
        let servers = BySlot::from_fn(|slot| vec![slot.to_string()]);
        let socket = RuntimeSocket::Unix(folder.join("admin.sock"));
        let options = HaproxyOptions::new(socket, name.as_str(), servers);
        let options = options.map_err(|error| {
            Failure::new("could not make a configuration for HAProxy", Exit::Usage).because_of(&error)
        })?;
        let options = options.with_state_file(folder.join("state")).with_pin();
        let config =
            HaproxyConfig::new(listen, releases(listen).map(|_, at| vec![at])).with_health_path(health);
        let config = config.with_pins(&folder).with_log(LOG, HAPROXY_LOG_FORMAT);
        let mut files = vec![
            ("haproxy.cfg".to_owned(), config.text(&options), 0o644),
            ("state".to_owned(), "1\n".to_owned(), 0o644),
        ];
        for pin in ["pin-blue", "pin-green", "pin-probe"] {
            files.push((pin.to_owned(), format!("{}\n", secret()?), 0o600));
        }
        Ok(Self { folder, files })
    }

    /// Writes them; a file that is there is kept unless `force` says otherwise.
    ///
    /// # Errors
    ///
    /// Which file could not be written.
    pub(super) fn write(&self, force: bool) -> Result<(), Failure> {
        std::fs::create_dir_all(&self.folder).map_err(|error| not_written(&self.folder, &error))?;
        for (name, text, mode) in &self.files {
            let path = self.folder.join(name);
            write(&path, text, *mode, force).map_err(|error| not_written(&path, &error))?;
        }
        Ok(())
    }

    /// The configuration's text.
    pub(super) fn config(&self) -> &str {
        self.files.first().map_or("", |(_, text, _)| text)
    }

    /// Where the configuration is.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join("haproxy.cfg")
    }
}

/// The next two ports, on the loopback interface.
fn releases(listen: SocketAddr) -> BySlot<SocketAddr> {
    let port = |more: u16| listen.port().checked_add(more).unwrap_or(more);
    let local = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    BySlot { blue: local(port(1)), green: local(port(2)) }
}

/// 128 bits from the system's own source.
fn secret() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    let source = Path::new("/dev/urandom");
    let read = std::fs::File::open(source).and_then(|mut file| io::Read::read_exact(&mut file, &mut bytes));
    read.map_err(|error| Failure::new("could not make a secret", Exit::Refused).because_of(&error))?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

fn write(path: &Path, text: &str, mode: u32, force: bool) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).mode(mode);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("could not write {}", path.display()), Exit::Refused);
    if error.kind() == io::ErrorKind::AlreadyExists {
        return failure.because("it exists already").hint("`handover init --force` overwrites it");
    }
    failure.because_of(error).hint("`handover init --dry-run` shows what would be written")
}
