//! What a long-lived process needs before it serves: a folder for itself alone, and a port.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use crate::files;
use crate::supervise::owner;

/// The state folder `dir`, made where it is missing, for its owner alone.
pub(crate) fn state_dir(dir: &Path) -> io::Result<PathBuf> {
    files::create_private_folder(dir)?;
    let dir = dir.canonicalize()?;
    files::make_private(&dir)?;
    Ok(dir)
}

/// An address that cannot be listened on.
#[derive(Debug)]
pub(crate) struct Taken {
    /// Who listens there, where it could be found out.
    pub(crate) by: Option<String>,
    pub(crate) source: io::Error,
}

/// Listens on an address.
pub(crate) async fn listen(addr: SocketAddr) -> Result<TcpListener, Taken> {
    TcpListener::bind(addr).await.map_err(|source| {
        let by = owner::who_listens(addr.port()).filter(|_| source.kind() == io::ErrorKind::AddrInUse);
        Taken { by, source }
    })
}
