//! The balancer itself, which in real life is somebody else's: users come to one port, commands to another.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use handover_core::Slot;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A balancer on ports of its own. A user is told which release answers, and stays until it hangs up.
#[derive(Debug)]
pub(crate) struct Router {
    pub(crate) control: SocketAddr,
    /// A control port that does as told, and whose answers are lost.
    pub(crate) mute: SocketAddr,
    public: SocketAddr,
}

#[derive(Debug, Default)]
struct State {
    green_bps: u16,
    revision: u64,
    fence: u64,
    open: [u64; 2],
    done: HashSet<String>,
    last_op: String,
    owed: u16,
}

type Shared = Arc<Mutex<State>>;

impl Router {
    pub(crate) async fn start() -> io::Result<Self> {
        let state = Shared::default();
        let [public, control, mute] = [listen().await?, listen().await?, listen().await?];
        let addresses = [public.local_addr()?, control.local_addr()?, mute.local_addr()?];
        let (users, commands, unheard) = (state.clone(), state.clone(), state);
        serve(public, move |user| answer_user(user, users.clone()));
        serve(control, move |asked| answer_command(asked, commands.clone(), false));
        serve(mute, move |asked| answer_command(asked, unheard.clone(), true));
        let [public, control, mute] = addresses;
        Ok(Self { control, mute, public })
    }

    /// A user comes, and is told which release it got; dropping the connection ends the request.
    pub(crate) async fn visit(&self) -> Result<(Slot, TcpStream), String> {
        let mut user = TcpStream::connect(self.public).await.map_err(|e| e.to_string())?;
        let release = user.read_u8().await.map_err(|e| e.to_string())?;
        Ok((if release == b'g' { Slot::Green } else { Slot::Blue }, user))
    }
}

async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await
}

/// Answers everybody who comes, until the runtime ends.
fn serve<F>(listener: TcpListener, answer: impl Fn(TcpStream) -> F + Send + 'static)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
}

async fn answer_user(mut user: TcpStream, state: Shared) -> io::Result<()> {
    let green = lock(&state).admit();
    let told = user.write_u8(if green { b'g' } else { b'b' }).await;
    let mut rest = Vec::new();
    let _ = user.read_to_end(&mut rest).await;
    lock(&state).open[usize::from(green)] -= 1;
    told
}

async fn answer_command(control: TcpStream, state: Shared, lose: bool) -> io::Result<()> {
    let (mut control, mut line) = (BufReader::new(control), String::new());
    control.read_line(&mut line).await?;
    let said = lock(&state).obey(line.trim_end());
    if lose {
        // The connection stays open, and nothing comes.
        control.read_line(&mut line).await?;
        return Ok(());
    }
    control.write_all(format!("{said}\n").as_bytes()).await
}

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Lets a user in; says whether green has it. Shares come out exact over time.
    fn admit(&mut self) -> bool {
        self.owed += self.green_bps;
        let green = self.owed >= 10_000;
        self.owed %= 10_000;
        self.open[usize::from(green)] += 1;
        green
    }

    /// `show`, or `set GREEN_BPS REVISION|any FENCE OPERATION`.
    fn obey(&mut self, command: &str) -> String {
        let mut words = command.splitn(5, ' ');
        match (words.next(), words.next(), words.next(), words.next(), words.next()) {
            (Some("show"), ..) => self.to_string(),
            (Some("set"), Some(bps), Some(planned), Some(fence), Some(op)) => {
                self.set(bps.parse().ok(), planned, fence.parse().ok(), op)
            }
            _ => "what?".into(),
        }
    }

    fn set(&mut self, bps: Option<u16>, planned: &str, fence: Option<u64>, op: &str) -> String {
        let (Some(bps), Some(fence)) = (bps, fence) else { return "what?".into() };
        if fence < self.fence {
            return format!("fenced {}", self.fence);
        }
        if !self.done.contains(op) {
            if planned != "any" && planned != self.revision.to_string() {
                return format!("stale {}", self.revision);
            }
            (self.green_bps, self.revision) = (bps, self.revision + 1);
            self.done.insert(op.to_owned());
            op.clone_into(&mut self.last_op);
        }
        self.fence = fence;
        self.to_string()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { green_bps, revision, fence, open: [blue, green], last_op, .. } = self;
        write!(f, "{green_bps} {revision} {fence} {blue} {green} {last_op}")
    }
}
