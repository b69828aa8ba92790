use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

/// How many connections may wait to be taken.
const WAITING: u32 = 1_024;

/// What a [`FaultProxy`] does to connections, new ones and those that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: bytes pass.
    Pass,
    /// They are reset (RST).
    Reset,
    /// They are taken, and what is sent is swallowed: nothing ever comes back. One that lost bytes is reset when the fault is
    /// over.
    BlackHole,
    /// The port is closed, as that of a process that ended; who is connected is reset.
    Refuse,
    /// Each piece is passed on so much later.
    Slow(Duration),
}

/// A proxy for TCP on loopback that breaks connections as told. It stops, and closes all, when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    addr: SocketAddr,
    orders: mpsc::Sender<(Fault, oneshot::Sender<()>)>,
    taken: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// Passes everything on to `target`, to begin with. Wants a tokio runtime, which has to live as long.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (orders, ordered) = mpsc::channel(1);
        let taken = Arc::new(AtomicU64::new(0));
        let proxy = Proxy {
            addr,
            target,
            listener: Some(listener),
            kept: None,
            fault: watch::Sender::new(Fault::Pass),
            taken: taken.clone(),
            open: JoinSet::new(),
        };
        Self { addr, orders, taken, task: tokio::spawn(proxy.run(ordered)) }
    }

    /// Where clients connect to, whatever the fault.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// From when this returns, connections meet this fault.
    pub async fn set(&self, fault: Fault) {
        let (done, is_done) = oneshot::channel();
        self.orders.send((fault, done)).await.unwrap();
        is_done.await.unwrap();
    }

    /// How many connections it has taken so far.
    pub fn connections(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Proxy {
    addr: SocketAddr,
    target: SocketAddr,
    listener: Option<TcpListener>,
    /// The port while it is closed: bound and not listening, so that nobody else takes it.
    kept: Option<TcpSocket>,
    fault: watch::Sender<Fault>,
    taken: Arc<AtomicU64>,
    open: JoinSet<()>,
}

impl Proxy {
    async fn run(mut self, mut orders: mpsc::Receiver<(Fault, oneshot::Sender<()>)>) {
        loop {
            tokio::select! {
                client = accept(self.listener.as_ref()) => self.take(client),
                Some((fault, done)) = orders.recv() => {
                    self.turn(fault).await;
                    let _ = done.send(());
                }
                Some(_) = self.open.join_next() => {}
            }
        }
    }

    fn take(&mut self, client: TcpStream) {
        self.taken.fetch_add(1, Ordering::Relaxed);
        let _ = client.set_nodelay(true);
        let connection = Connection { client, upstream: None, lost: AtomicU32::new(0) };
        self.open.spawn(connection.run(self.target, self.fault.subscribe()));
    }

    async fn turn(&mut self, fault: Fault) {
        self.fault.send_replace(fault);
        if fault == Fault::Refuse {
            self.listener = None;
            if self.kept.is_none() {
                self.kept = Some(kept(self.addr).await);
            }
        } else if let Some(kept) = self.kept.take() {
            self.listener = Some(kept.listen(WAITING).unwrap());
        }
        if matches!(fault, Fault::Refuse | Fault::Reset) {
            while self.open.join_next().await.is_some() {}
        }
    }
}

fn bound(addr: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

/// A process that is being started holds whatever was open for a moment, also a port that was just closed.
async fn kept(addr: SocketAddr) -> TcpSocket {
    for _ in 0..1_000 {
        if let Ok(socket) = bound(addr) {
            return socket;
        }
        sleep(Duration::from_millis(1)).await;
    }
    bound(addr).unwrap()
}

async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    match listener {
        Some(listener) => listener.accept().await.unwrap().0,
        None => std::future::pending().await,
    }
}

struct Connection {
    client: TcpStream,
    upstream: Option<TcpStream>,
    /// How many pieces were swallowed or are in hand: unless there are none, the rest makes no sense later.
    lost: AtomicU32,
}

/// Whether a connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    Reset,
    Close,
}

impl Connection {
    async fn run(mut self, target: SocketAddr, mut faults: watch::Receiver<Fault>) {
        let mut next = Next::GoOn;
        while next == Next::GoOn {
            let fault = *faults.borrow_and_update();
            next = match fault {
                Fault::Reset | Fault::Refuse => Next::Reset,
                Fault::BlackHole => self.swallow(&mut faults).await,
                Fault::Pass => self.pass(target, Duration::ZERO, &mut faults).await,
                Fault::Slow(late) => self.pass(target, late, &mut faults).await,
            };
        }
        if next == Next::Reset {
            let _ = self.client.set_zero_linger();
        }
    }

    /// Until the client leaves or the fault changes.
    async fn swallow(&mut self, faults: &mut watch::Receiver<Fault>) -> Next {
        let mut bytes = vec![0; 16 * 1_024];
        loop {
            let read = tokio::select! {
                read = self.client.read(&mut bytes) => read,
                changed = faults.changed() => return go_on(changed.is_ok()),
            };
            self.lost.fetch_add(1, Ordering::Relaxed);
            if !read.is_ok_and(|read| read > 0) {
                return Next::Close;
            }
        }
    }

    /// Until both sides have closed, one has broken, or the fault changes.
    async fn pass(
        &mut self,
        target: SocketAddr,
        late: Duration,
        faults: &mut watch::Receiver<Fault>,
    ) -> Next {
        if self.lost() {
            return Next::Reset;
        }
        tokio::select! {
            next = self.copy(target, late) => next,
            changed = faults.changed() => go_on(changed.is_ok()),
        }
    }

    async fn copy(&mut self, target: SocketAddr, late: Duration) -> Next {
        if self.upstream.is_none() {
            sleep(late).await;
            self.upstream = TcpStream::connect(target).await.ok();
        }
        let Some(upstream) = &mut self.upstream else { return Next::Reset };
        let _ = upstream.set_nodelay(true);
        let ((from, to), (back, forth)) = (self.client.split(), upstream.split());
        let (asked, answered) = (pump(from, forth, late, &self.lost), pump(back, to, late, &self.lost));
        match tokio::try_join!(asked, answered) {
            Ok(_) => Next::Close,
            Err(_) => Next::Reset,
        }
    }

    fn lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed) > 0
    }
}

/// Passes on all that comes; pieces in hand count as lost until they are.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    late: Duration,
    lost: &AtomicU32,
) -> std::io::Result<()> {
    let mut bytes = vec![0; 16 * 1_024];
    loop {
        let read = from.read(&mut bytes).await?;
        lost.fetch_add(1, Ordering::Relaxed);
        sleep(late).await;
        if read == 0 {
            to.shutdown().await?;
        } else {
            to.write_all(&bytes[..read]).await?;
        }
        lost.fetch_sub(1, Ordering::Relaxed);
        if read == 0 {
            return Ok(());
        }
    }
}

fn go_on(still_ordered: bool) -> Next {
    if still_ordered { Next::GoOn } else { Next::Close }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use tokio::time::timeout;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(50);

    /// A server that says everything again, and a proxy before it.
    async fn echo() -> FaultProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        FaultProxy::start(addr).await
    }

    async fn connected(proxy: &FaultProxy) -> TcpStream {
        TcpStream::connect(proxy.addr()).await.unwrap()
    }

    async fn said(stream: &mut TcpStream) -> Result<[u8; 4], Error> {
        let mut said = [0; 4];
        stream.write_all(b"ping").await?;
        stream.read_exact(&mut said).await?;
        Ok(said)
    }

    fn kind<T>(outcome: Result<T, Error>) -> Option<ErrorKind> {
        outcome.err().map(|error| error.kind())
    }

    #[tokio::test]
    async fn bytes_pass_and_connections_are_counted() {
        let proxy = echo().await;
        for taken in 1..=3 {
            assert_eq!(&said(&mut connected(&proxy).await).await.unwrap(), b"ping");
            assert_eq!(proxy.connections(), taken);
        }
    }

    #[tokio::test]
    async fn one_side_may_close_before_the_other() {
        let proxy = echo().await;
        let mut stream = connected(&proxy).await;
        stream.write_all(b"last words").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "last words");
    }

    #[tokio::test]
    async fn a_reset_meets_open_connections_and_new_ones() {
        let proxy = echo().await;
        let mut open = connected(&proxy).await;
        said(&mut open).await.unwrap();
        proxy.set(Fault::Reset).await;
        assert_eq!(kind(open.read_u8().await), Some(ErrorKind::ConnectionReset));
        assert_eq!(kind(connected(&proxy).await.read_u8().await), Some(ErrorKind::ConnectionReset));
    }

    #[tokio::test]
    async fn a_black_hole_takes_bytes_and_gives_none() {
        let proxy = echo().await;
        let mut open = connected(&proxy).await;
        said(&mut open).await.unwrap();
        proxy.set(Fault::BlackHole).await;
        assert!(timeout(MOMENT, said(&mut open)).await.is_err());
        assert!(timeout(MOMENT, said(&mut connected(&proxy).await)).await.is_err());
        proxy.set(Fault::Pass).await;
        assert_eq!(kind(open.read_u8().await), Some(ErrorKind::ConnectionReset));
    }

    #[tokio::test]
    async fn a_connection_that_lost_nothing_in_a_black_hole_goes_on() {
        let proxy = echo().await;
        let mut open = connected(&proxy).await;
        said(&mut open).await.unwrap();
        proxy.set(Fault::BlackHole).await;
        proxy.set(Fault::Pass).await;
        said(&mut open).await.unwrap();
    }

    #[tokio::test]
    async fn a_closed_port_refuses_and_opens_again_at_the_same_place() {
        let proxy = echo().await;
        let mut open = connected(&proxy).await;
        said(&mut open).await.unwrap();
        proxy.set(Fault::Refuse).await;
        assert_eq!(kind(open.read_u8().await), Some(ErrorKind::ConnectionReset));
        assert_eq!(kind(TcpStream::connect(proxy.addr()).await), Some(ErrorKind::ConnectionRefused));
        proxy.set(Fault::Pass).await;
        said(&mut connected(&proxy).await).await.unwrap();
    }

    #[tokio::test]
    async fn slow_bytes_come_later_and_come() {
        let proxy = echo().await;
        let mut open = connected(&proxy).await;
        proxy.set(Fault::Slow(MOMENT)).await;
        let begun = tokio::time::Instant::now();
        said(&mut open).await.unwrap();
        assert!(begun.elapsed() >= 2 * MOMENT);
    }

    #[tokio::test]
    async fn an_open_server_that_is_not_there_is_a_reset() {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let proxy = FaultProxy::start(nobody).await;
        assert_eq!(kind(connected(&proxy).await.read_u8().await), Some(ErrorKind::ConnectionReset));
    }

    #[tokio::test]
    async fn dropped_it_listens_no_more_and_its_connections_are_closed() {
        let proxy = echo().await;
        let (addr, mut open) = (proxy.addr(), connected(&proxy).await);
        said(&mut open).await.unwrap();
        drop(proxy);
        assert_ne!(open.read_u8().await.ok(), Some(b'p'));
        assert_eq!(kind(TcpStream::connect(addr).await), Some(ErrorKind::ConnectionRefused));
    }
}
