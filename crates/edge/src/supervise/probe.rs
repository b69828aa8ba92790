//! Asking an instance whether it is ready.

use std::net::SocketAddr;

use handover_health::{HealthProbe as _, InstanceProbe, ProbeError, RiseFall, Standing};

use crate::api::HealthSpec;

/// What an instance's answer comes to, with the ones before it.
#[derive(Debug)]
pub(super) enum Answer {
    /// It is ready.
    Ready,
    /// It answered well, but not often enough yet.
    NotYet,
    /// It is not ready; why its last probe failed.
    Unready(String),
    /// Its last probe failed, but not often enough yet.
    Trouble(String),
}

/// Asks one instance, and remembers how it answered.
#[derive(Debug)]
pub(super) struct Prober {
    probe: Result<InstanceProbe, String>,
    health: HealthSpec,
    standing: RiseFall,
}

impl Prober {
    pub(super) fn new(addr: SocketAddr, health: &HealthSpec) -> Self {
        let probe = InstanceProbe::new(addr, &health.path).map_err(|e| e.to_string());
        let standing = RiseFall::new(health.rise, health.fall);
        Self { probe, health: health.clone(), standing }
    }

    pub(super) async fn ask(&mut self) -> Answer {
        let probe = match &self.probe {
            Ok(probe) => probe,
            Err(why) => return Answer::Unready(why.clone()),
        };
        match probe.check(self.health.timeout).await {
            Ok(_) => match self.standing.good() {
                Standing::Up => Answer::Ready,
                Standing::Starting | Standing::Down => Answer::NotYet,
            },
            Err(error) => self.failed(&error),
        }
    }

    fn failed(&mut self, error: &ProbeError) -> Answer {
        let standing = if error.unready_now() { self.standing.unready_now() } else { self.standing.bad() };
        match standing {
            Standing::Down => Answer::Unready(error.to_string()),
            Standing::Starting | Standing::Up => Answer::Trouble(error.to_string()),
        }
    }
}

/// One question, for who must know now.
pub(super) async fn answers(addr: SocketAddr, health: &HealthSpec) -> bool {
    match InstanceProbe::new(addr, &health.path) {
        Ok(probe) => probe.check(health.timeout).await.is_ok(),
        Err(_) => false,
    }
}
