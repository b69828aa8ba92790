//! What answers behind every engine: as little work as an HTTP/1.1 server can have.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The same for every request, health checks included.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 3\r\n\r\nok\n";

/// Longer heads than the engines send are not answered.
const MOST: usize = 16 * 1024;

/// Serves until it is killed, where the agent that launched it wants it.
pub(crate) async fn serve() -> Result<(), String> {
    let port = std::env::var("PORT").map_err(|_| "the agent names no port in $PORT")?;
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await.map_err(|why| why.to_string())?;
    loop {
        let (stream, _) = listener.accept().await.map_err(|why| why.to_string())?;
        tokio::spawn(answer(stream));
    }
}

/// Until the other side goes, in whatever way.
async fn answer(mut stream: TcpStream) {
    let (mut head, mut room) = (Vec::with_capacity(MOST), [0; MOST]);
    let _ = stream.set_nodelay(true);
    while let Ok(read @ 1..) = stream.read(&mut room).await {
        head.extend_from_slice(&room[..read]);
        // Nobody here sends a body, nor the next request before the answer.
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            if stream.write_all(ANSWER).await.is_err() {
                return;
            }
        } else if head.len() > MOST {
            return;
        }
    }
}
