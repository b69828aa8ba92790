//! A release that says which one it is, in answers that go on as long as the user stays.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves at `$PORT` as the release `$RELEASE`, until it is killed.
pub(crate) async fn serve() -> Result<(), String> {
    let wanted = |name| std::env::var(name).map_err(|_| format!("the agent names no ${name}"));
    let (port, release) = (wanted("PORT")?, wanted("RELEASE")?);
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await.map_err(|why| why.to_string())?;
    loop {
        let (stream, _) = listener.accept().await.map_err(|why| why.to_string())?;
        tokio::spawn(answer(stream, release.clone()));
    }
}

/// One request a connection: `/stream` is answered with the release's name and no end, all else with its name.
async fn answer(mut stream: TcpStream, release: String) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let (length, endless) = (release.len(), head.starts_with(b"GET /stream "));
    let length = if endless { length + 1 } else { length };
    let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{release}");
    stream.write_all(answer.as_bytes()).await?;
    if endless {
        // The last byte never comes; the user leaves instead.
        stream.read_u8().await?;
    }
    Ok(())
}
