use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// A small router that does what the folder of `examples/exec_switcher` says: each request goes to blue's or green's
/// release by the split there, and its answer names the slot.
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
            let turn = Arc::new(AtomicU64::new(0));
            for client in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let (folder, turn) = (folder.clone(), Arc::clone(&turn));
                // A user who leaves in the middle is the user's business.
                std::thread::spawn(move || drop(pass(client, &folder, slots, &turn)));
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
pub(super) fn green(folder: &std::path::Path) -> u64 {
    let text = fs::read(folder.join("state.json")).unwrap_or_default();
    let state: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    state["route"]["split"].as_u64().unwrap_or(0)
}

fn pass(
    mut client: TcpStream,
    folder: &std::path::Path,
    slots: [SocketAddr; 2],
    turn: &AtomicU64,
) -> std::io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(30)))?;
    let head = head(&mut client)?;
    // A stride without a divisor in common with 10,000 spreads a share out.
    let place = turn.fetch_add(1, Ordering::Relaxed) * 3_719 % 10_000;
    let (name, to) = if place < green(folder) { ("green", slots[1]) } else { ("blue", slots[0]) };
    let mut answer = Vec::new();
    if let Ok(mut release) = TcpStream::connect(to) {
        release.write_all(with_line(&head, "connection: close").as_bytes())?;
        release.read_to_end(&mut answer)?;
    }
    if answer.is_empty() {
        answer = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec();
    }
    let text = String::from_utf8_lossy(&answer);
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
