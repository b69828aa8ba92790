//! A connection straight to the server, past all that is broken.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer takes longer.
const LIMIT: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(super) struct Writer {
    addr: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Writer {
    pub(super) const fn new(addr: SocketAddr) -> Self {
        Self { addr, stream: None }
    }

    /// The server is another than before.
    pub(super) fn forget(&mut self) {
        self.stream = None;
    }

    /// Sends a command, and returns the answer.
    pub(super) fn ask(&mut self, words: &[&str]) -> String {
        self.send(words);
        self.answer()
    }

    pub(super) fn send(&mut self, words: &[&str]) {
        let addr = self.addr;
        let stream = self.stream.get_or_insert_with(|| connect(addr));
        let lines: Vec<_> = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect();
        let lines = lines.concat();
        stream.get_mut().write_all(format!("*{}\r\n{lines}", words.len()).as_bytes()).unwrap();
    }

    /// The text of a text; anything else as it is on the wire.
    pub(super) fn answer(&mut self) -> String {
        let stream = self.stream.as_mut().unwrap();
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let line = line.trim_end();
        assert!(!line.is_empty() && !line.starts_with('-'), "Redis answers the writer `{line}`");
        // Nothing at all has the length -1.
        let Some(length) = line.strip_prefix('$').and_then(|length| length.parse::<usize>().ok()) else {
            return line.to_owned();
        };
        let mut text = vec![0; length + 2];
        stream.read_exact(&mut text).unwrap();
        String::from_utf8_lossy(&text[..length]).into_owned()
    }
}

fn connect(addr: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    BufReader::new(stream)
}
