use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::counts::Counted;
use crate::storm::ask;

/// How long a load balancer waits for a health answer.
const BALANCER: Duration = Duration::from_secs(3);
/// So often it is asked, once the dependencies hang.
const ASKED: usize = 20;
/// What a check a second with a timeout of a second and two falls needs to see that, and a second more.
const SEEN: Duration = Duration::from_secs(4);

/// What is answered while both dependencies are stopped with SIGSTOP.
#[derive(Debug, Default)]
pub(crate) struct Frozen {
    /// Each answer, in time.
    pub(crate) times: Vec<Duration>,
    pub(crate) status: Option<u16>,
    pub(crate) unanswered: usize,
}

pub(crate) async fn answers(addr: SocketAddr, servers: &Counted<'_>) -> Frozen {
    servers.postgres.freeze();
    servers.redis.freeze();
    sleep(SEEN).await;
    let mut seen = Frozen::default();
    for _ in 0..ASKED {
        match timeout(BALANCER, ask(addr, &mut None)).await {
            Ok((Some(status), time)) => {
                seen.status = Some(status);
                seen.times.push(time);
            }
            Ok((None, _)) | Err(_) => seen.unanswered += 1,
        }
    }
    servers.redis.thaw();
    servers.postgres.thaw();
    seen.times.sort_unstable();
    seen
}
