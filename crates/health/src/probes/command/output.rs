use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The most of what a program says that is kept.
const CAP: usize = 4 * 1_024;

/// Reads to the end; keeps the beginning in `kept`. The rest is read as well, since a program that nobody reads waits.
pub(super) async fn read(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut piece = vec![0; 4 * 1_024];
    while let Ok(read @ 1..) = stream.read(&mut piece).await {
        let room = CAP.saturating_sub(kept.len());
        kept.extend_from_slice(&piece[..read.min(room)]);
    }
}

/// What was kept, as text.
pub(super) fn text(kept: &[u8]) -> String {
    String::from_utf8_lossy(kept).trim().to_owned()
}
