use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A small router that does what the folder of `examples/exec_switcher` says: each request goes to blue's or green's
/// release by the split there, and its answer names the slot. It counts what it passed on, for a Prometheus.
pub(super) struct Router {
    address: SocketAddr,
    gone: Arc<AtomicBool>,
}

impl Router {
    /// In front of these two addresses.
    pub(super) fn start(folder: PathBuf, slots: [SocketAddr; 2]) -> Self {
        fs::create_dir_all(folder.join("in-flight/blue")).unwrap();
        fs::create_dir_all(folder.join("in-flight/green")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, gone) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let over = Arc::clone(&gone);
        std::thread::spawn(move || {
            let counts = Arc::new(Counts::default());
            for client in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let (folder, counts) = (folder.clone(), Arc::clone(&counts));
                // A user who leaves in the middle is the user's business.
                std::thread::spawn(move || drop(pass(client, &folder, slots, &counts)));
            }
        });
        Self { address, gone }
    }

    pub(super) const fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
    }
}

/// Green's share in basis points.
pub(super) fn green(folder: &Path) -> u64 {
    let text = fs::read(folder.join("state.json")).unwrap_or_default();
    let state: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    state["route"]["split"].as_u64().unwrap_or(0)
}

/// Of blue and green: requests, failed ones, and those within half a second.
#[derive(Default)]
struct Counts {
    turn: AtomicU64,
    slots: [[AtomicU64; 3]; 2],
}

impl Counts {
    fn add(&self, slot: usize, failed: bool, quick: bool) {
        for (count, more) in self.slots[slot].iter().zip([true, failed, quick]) {
            count.fetch_add(u64::from(more), Ordering::Relaxed);
        }
    }

    fn text(&self) -> String {
        let of = |slot: usize, name: &str| {
            let [all, failed, quick] = [0, 1, 2].map(|at| self.slots[slot][at].load(Ordering::Relaxed));
            format!(
                "requests_total{{slot=\"{name}\"}} {all}\nerrors_total{{slot=\"{name}\"}} {failed}\n\
                 seconds_bucket{{slot=\"{name}\",le=\"0.5\"}} {quick}\nseconds_bucket{{slot=\"{name}\",le=\"+Inf\"}} {all}\n"
            )
        };
        of(0, "blue") + &of(1, "green")
    }
}

fn pass(
    mut client: TcpStream,
    folder: &Path,
    slots: [SocketAddr; 2],
    counts: &Counts,
) -> std::io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(30)))?;
    let (head, begun) = (head(&mut client)?, Instant::now());
    if head.starts_with("GET /metrics ") {
        let text = counts.text();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            text.len()
        );
        return client.write_all((head + &text).as_bytes());
    }
    // A stride without a divisor in common with 10,000 spreads a share out.
    let place = counts.turn.fetch_add(1, Ordering::Relaxed) * 3_719 % 10_000;
    let slot = usize::from(place < green(folder));
    let mut answer = Vec::new();
    if let Ok(mut release) = TcpStream::connect(slots[slot]) {
        release.write_all(with_line(&head, "connection: close").as_bytes())?;
        release.read_to_end(&mut answer)?;
    }
    if answer.is_empty() {
        answer = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec();
    }
    let text = String::from_utf8_lossy(&answer);
    counts.add(slot, text.starts_with("HTTP/1.1 5"), begun.elapsed() < Duration::from_millis(500));
    let name = ["blue", "green"][slot];
    client.write_all(with_line(&text, &format!("handover-slot: {name}")).as_bytes())
}

fn head(client: &mut TcpStream) -> std::io::Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// The same with one more line after the first.
fn with_line(text: &str, line: &str) -> String {
    let (first, rest) = text.split_once("\r\n").unwrap_or((text, ""));
    format!("{first}\r\n{line}\r\n{rest}")
}
