use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Somebody else's API, which works or does not, and counts its calls.
pub(super) struct Api {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    broken: AtomicBool,
    over: AtomicBool,
    calls: AtomicU32,
}

impl Api {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (addr, shared) = (listener.local_addr().unwrap(), Arc::new(Shared::default()));
        let serving = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.over.load(Ordering::SeqCst) {
                    return;
                }
                let _ = answer(&stream, &serving);
            }
        });
        Self { addr, shared }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/v1/models", self.addr)
    }

    pub(super) fn breaks(&self) {
        self.shared.broken.store(true, Ordering::SeqCst);
    }

    pub(super) fn calls(&self) -> u32 {
        self.shared.calls.load(Ordering::SeqCst)
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.addr);
    }
}

fn answer(mut stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    shared.calls.fetch_add(1, Ordering::SeqCst);
    let status = if shared.broken.load(Ordering::SeqCst) { "502 Bad Gateway" } else { "200 OK" };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}")
}
