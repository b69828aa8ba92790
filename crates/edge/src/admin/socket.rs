use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::agent::AgentError;

/// What fits into a socket's address, with the zero at its end.
const LONGEST: usize = 107;

/// The admin socket's path in `dir`.
pub(crate) fn socket_path(dir: &Path) -> Result<PathBuf, AgentError> {
    let path = dir.join(crate::SOCKET_NAME);
    let length = path.as_os_str().as_bytes().len();
    if length > LONGEST {
        Err(AgentError::SocketPathTooLong { path, length, longest: LONGEST })
    } else {
        Ok(path)
    }
}

/// The admin socket; its file goes with it.
#[derive(Debug)]
pub(crate) struct AdminSocket {
    path: PathBuf,
    listener: UnixListener,
}

impl AdminSocket {
    /// Opens the socket, for the owner only. One that an earlier agent left is removed: the caller holds the lock, so
    /// nobody listens there.
    pub(crate) fn open(path: PathBuf) -> Result<Self, AgentError> {
        let failed = |source| AgentError::Socket { path: path.clone(), source };
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path).map_err(failed)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        Ok(Self { path, listener })
    }

    pub(super) fn listener(&self) -> &UnixListener {
        &self.listener
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Only this user and root. The folder's permissions say the same; this holds if somebody loosens them.
pub(super) fn may_use(stream: &UnixStream) -> bool {
    let own = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == own || peer.uid() == 0)
}
