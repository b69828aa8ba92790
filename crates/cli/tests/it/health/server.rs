//! A server on a port of its own that answers as a test wants.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// Deals with a connection and notes what was asked; answers whether it is to be kept open until the server ends.
type Deals = dyn Fn(&mut TcpStream, &Mutex<Vec<String>>) -> bool + Send + Sync;

/// Ends with the test.
pub(crate) struct Server {
    addr: SocketAddr,
    over: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers a request with this head so; without an answer the connection stays open.
    pub(crate) fn new(answers: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self::start(move |stream, asked| {
            let head = head(stream);
            let answer = answers(&head);
            asked.lock().unwrap().push(head);
            // Who has had enough hangs up.
            let _ = answer.iter().try_for_each(|answer| stream.write_all(answer));
            answer.is_none()
        })
    }

    fn start(deals: impl Fn(&mut TcpStream, &Mutex<Vec<String>>) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let (ended, heard) = (Arc::clone(&over), Arc::clone(&asked));
        let thread = std::thread::spawn(move || serve(&listener, &ended, &heard, &deals));
        Self { addr, over, asked, thread: Some(thread) }
    }

    /// Says this to whoever connects, without listening.
    pub(crate) fn shouting(words: &'static [u8]) -> Self {
        Self::start(move |stream, _| {
            let _ = stream.write_all(words);
            true
        })
    }

    /// Answers everything with this.
    pub(crate) fn saying(status: u16, body: &'static str) -> Self {
        Self::new(move |_| Some(answer(status, "text/plain", body)))
    }

    /// Answers each path with its own status, media type and body, and others with 404.
    pub(crate) fn with(pages: &[(&'static str, u16, &'static str, &'static str)]) -> Self {
        let pages = pages.to_vec();
        Self::new(move |head| {
            let path = head.split(' ').nth(1).unwrap_or_default();
            let page = pages.iter().find(|page| page.0 == path);
            let (_, status, media, body) = page.copied().unwrap_or(("", 404, "text/plain", "nothing here"));
            Some(answer(status, media, body))
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.addr.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// The heads of all requests so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.addr);
        let _ = self.thread.take().unwrap().join();
    }
}

fn serve(listener: &TcpListener, over: &AtomicBool, asked: &Mutex<Vec<String>>, deals: &Deals) {
    let mut open = Vec::new();
    for mut stream in listener.incoming().flatten() {
        if over.load(Ordering::SeqCst) {
            return;
        }
        if deals(&mut stream, asked) {
            open.push(stream);
        }
    }
}

fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut piece) = (Vec::new(), [0; 1_024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(read) if read > 0 => head.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

pub(crate) fn answer(status: u16, media: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: {media}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

/// A port that nobody listens on.
pub(crate) fn nobody() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
