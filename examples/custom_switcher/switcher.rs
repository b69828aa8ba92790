//! The backend: everything a switcher of your own has to say, for a balancer with a control port.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use handover_core::{BySlot, Fence, OpId, Slot};
use handover_traffic::{
    BoxError, Capabilities, Change, DrainSupport, Drained, Expected, InFlight, Observed, Revision, Route,
    Split, SwitchError, TrafficSwitcher, TrafficSwitcherExt, Weights,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// How the backend calls itself in errors.
const BACKEND: &str = "the balancer";
/// The balancer answers within a millisecond, or it is not there.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks at what is left.
const GLANCE: Duration = Duration::from_millis(5);

/// Moves traffic with the balancer's commands `show` and `set`.
#[derive(Debug)]
pub(crate) struct Balancer {
    control: SocketAddr,
}

impl Balancer {
    pub(crate) const fn at(control: SocketAddr) -> Self {
        Self { control }
    }

    async fn connect(&self) -> Result<TcpStream, SwitchError> {
        let connected = timeout(PATIENCE, TcpStream::connect(self.control)).await;
        connected.map_err(unreachable)?.map_err(unreachable)
    }
}

#[async_trait]
impl TrafficSwitcher for Balancer {
    fn capabilities(&self) -> Capabilities {
        let any = Capabilities::new(Weights::Any { step: 100 }).with_atomic().with_read_back();
        any.with_compare_and_set().with_fencing().with_drain(DrainSupport::Counted)
    }

    async fn observe(&self) -> Result<Observed, SwitchError> {
        let said = ask(&mut self.connect().await?, "show").await.map_err(unreachable)?;
        understood(&said).ok_or_else(|| unreachable(format!("`{said}` is no state")))
    }

    async fn apply(&self, change: &Change) -> Result<Observed, SwitchError> {
        self.check(BACKEND, &change.route)?;
        let Change { route, expected, op, fence } = change;
        let planned = match expected {
            Expected::Any => "any".to_owned(),
            Expected::Revision(revision) => revision.to_string(),
        };
        // Up to here nothing was sent; from here on, silence may be success.
        let mut control = self.connect().await?;
        let command = format!("set {} {planned} {fence} {op}", route.split.green_bps());
        let said = ask(&mut control, &command).await.map_err(unconfirmed)?;
        match said.split_once(' ') {
            Some(("stale", found)) => Err(conflict(*expected, found)),
            Some(("fenced", seen)) => Err(fenced(*fence, seen)),
            _ => understood(&said).ok_or_else(|| unconfirmed(format!("`{said}` is no state"))),
        }
    }

    async fn drain(&self, slot: Slot, limit: Duration) -> Result<Drained, SwitchError> {
        let begun = Instant::now();
        loop {
            let seen = self.observe().await?;
            if seen.route.split.bps(slot) > 0 {
                let source = format!("{slot} still has traffic").into();
                return Err(SwitchError::Refused { backend: BACKEND, source });
            }
            let left = seen.in_flight.map_or(0, |open| open[slot].total());
            if left == 0 {
                return Ok(Drained::Clean { waited: begun.elapsed() });
            }
            if begun.elapsed() >= limit {
                return Ok(Drained::TimedOut { requests: left, streams: 0, upgrades: 0 });
            }
            sleep(GLANCE).await;
        }
    }
}

/// One command, one line back.
async fn ask(control: &mut TcpStream, command: &str) -> Result<String, BoxError> {
    let talk = async {
        control.write_all(format!("{command}\n").as_bytes()).await?;
        let mut said = String::new();
        control.read_to_string(&mut said).await?;
        Ok::<_, BoxError>(said.trim_end().to_owned())
    };
    timeout(PATIENCE, talk).await?
}

/// `GREEN_BPS REVISION FENCE OPEN_BLUE OPEN_GREEN LAST_OP`
fn understood(said: &str) -> Option<Observed> {
    let mut words = said.splitn(6, ' ');
    let split = Split::from_green_bps(words.next()?.parse().ok()?).ok()?;
    let mut number = || words.next()?.parse::<u64>().ok();
    let (revision, fence) = (Revision::new(number()?), Fence::new(number()?));
    let [blue, green] = [number()?, number()?].map(|requests| InFlight { requests, ..InFlight::default() });
    let last_op = words.next().filter(|op| !op.is_empty()).map(OpId::new);
    let (route, in_flight) = (Route::serve(split), Some(BySlot { blue, green }));
    Some(Observed { route, revision, last_op, fence: Some(fence), in_flight, served: None, moving: false })
}

fn conflict(expected: Expected, found: &str) -> SwitchError {
    let found = Revision::new(found.parse().unwrap_or_default());
    let Expected::Revision(expected) = expected else { return unconfirmed("it was not asked to compare") };
    SwitchError::Conflict { expected, found }
}

fn fenced(offered: Fence, seen: &str) -> SwitchError {
    SwitchError::Fenced { offered, seen: Fence::new(seen.parse().unwrap_or_default()) }
}

fn unreachable(source: impl Into<BoxError>) -> SwitchError {
    SwitchError::Unreachable { backend: BACKEND, source: source.into() }
}

fn unconfirmed(source: impl Into<BoxError>) -> SwitchError {
    SwitchError::Unconfirmed { backend: BACKEND, after: PATIENCE, source: Some(source.into()) }
}
