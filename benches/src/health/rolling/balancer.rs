use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use handover_core::Slot;
use handover_edge::proxy::{Proxy, ProxyOptions, Targets};
use handover_health::{InstanceProbe, Schedule, Standing, Watched};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Failed;

const PATIENCE: Duration = Duration::from_mins(1);

/// The edge, and a probe a second of each replica that tells it where to send requests.
pub(crate) struct Balancer {
    pub(crate) addr: SocketAddr,
    replicas: Arc<Vec<(SocketAddr, Watched)>>,
    _tasks: JoinSet<()>,
}

impl Balancer {
    pub(crate) async fn before(replicas: impl Iterator<Item = SocketAddr>) -> Result<Self, Failed> {
        let proxy = Proxy::new(ProxyOptions::default())?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let replicas = Arc::new(replicas.map(watched).collect::<Result<Vec<_>, _>>()?);
        let mut tasks = JoinSet::new();
        for (_, watched) in replicas.iter() {
            let (mut status, proxy, replicas) = (watched.subscribe(), proxy.clone(), replicas.clone());
            tasks.spawn(async move {
                while status.changed().await.is_ok() {
                    aim(&proxy, &replicas);
                }
            });
        }
        tasks.spawn(async move { drop(proxy.serve(listener, std::future::pending::<()>()).await) });
        Ok(Self { addr, replicas, _tasks: tasks })
    }

    /// Waits until a replica gets requests.
    pub(crate) async fn ready(&self, replica: SocketAddr) -> Result<(), Failed> {
        let watched = self.replicas.iter().find(|(addr, _)| *addr == replica).ok_or("no such replica")?;
        let mut status = watched.1.subscribe();
        let up = status.wait_for(|status| status.standing == Standing::Up);
        timeout(PATIENCE, up).await.map_err(|_| "a replica does not become ready")??;
        Ok(())
    }
}

fn watched(addr: SocketAddr) -> Result<(SocketAddr, Watched), Failed> {
    let probe = InstanceProbe::new(addr, "/health/ready")?;
    let schedule = Schedule::default().with_period(Duration::from_secs(1)).with_rise_fall(1, 2);
    Ok((addr, Watched::spawn(Arc::new(probe), schedule)))
}

/// Those that are up get the requests.
fn aim(proxy: &Proxy, replicas: &[(SocketAddr, Watched)]) {
    let up = replicas.iter().filter(|(_, watched)| watched.status().standing == Standing::Up);
    let instances = up.map(|(addr, _)| (*addr).into()).collect();
    if let Ok(release) = "v1".parse() {
        proxy.set_targets(Slot::Blue, Some(Targets { release, instances, pin: String::new() }));
    }
}
