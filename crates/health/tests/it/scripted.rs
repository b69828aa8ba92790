//! A dependency that behaves as a test tells it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{HealthProbe, Healthy, ProbeClass, ProbeError};
use tokio::time::sleep;

/// How it answers from now on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    Well,
    Fails(ProbeClass),
    Hangs,
    Panics,
    Takes(Duration),
}

/// Counts how often it was asked.
#[derive(Debug)]
pub(crate) struct Dependency {
    asked: AtomicU64,
    behaviour: Mutex<Behaviour>,
}

impl Dependency {
    pub(crate) fn that(behaviour: Behaviour) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { asked: AtomicU64::new(0), behaviour: Mutex::new(behaviour) })
    }

    pub(crate) fn now(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl HealthProbe for Dependency {
    async fn check(&self, _deadline: Duration) -> Result<Healthy, ProbeError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let behaviour = *self.behaviour.lock().unwrap();
        match behaviour {
            Behaviour::Well => Ok(Healthy::after(Duration::from_millis(1))),
            Behaviour::Fails(class) => Err(ProbeError::new(class, "postgres://shop:hunter2@10.1.2.3")),
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::Panics => panic!("postgres://shop:hunter2@10.1.2.3"),
            Behaviour::Takes(time) => {
                sleep(time).await;
                Ok(Healthy::after(time))
            }
        }
    }
}
