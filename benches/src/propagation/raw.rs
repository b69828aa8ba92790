use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::Failed;

/// A connection as plain as can be, that knows nothing of flags.
pub(crate) struct Raw(TcpStream);

impl Raw {
    pub(crate) fn connect(addr: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    pub(crate) fn set(&mut self, key: &str, value: &str) -> Result<(), Failed> {
        write!(self.0, "SET {key} {value}\r\n")?;
        let mut answer = [0; 5];
        self.0.read_exact(&mut answer)?;
        if &answer == b"+OK\r\n" { Ok(()) } else { Err("Redis did not take the SET".into()) }
    }
}
