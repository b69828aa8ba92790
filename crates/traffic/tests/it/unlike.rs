//! Two backends that have nothing in common, as one: a real HAProxy and a program.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use handover_traffic::testkit::{Opened, Subject, Weighed};
use handover_traffic::{Composite, TrafficSwitcher};

use super::exec::Router;
use super::haproxy::subject::OnHaproxy;

/// Users come to each in turn, and each can be struck.
pub(crate) struct Unlike {
    composite: Composite,
    haproxy: OnHaproxy,
    router: Router,
    users: AtomicUsize,
}

impl Unlike {
    /// None where HAProxy is not installed.
    pub(crate) async fn start() -> Option<Self> {
        let (haproxy, router) = (OnHaproxy::start().await, Router::swift().await);
        let composite = Composite::of(haproxy.handle()?).and(Arc::new(router.exec()));
        Some(Self { composite, haproxy, router, users: AtomicUsize::new(0) })
    }
}

#[async_trait]
impl Subject for Unlike {
    fn switcher(&self) -> &dyn TrafficSwitcher {
        &self.composite
    }

    fn members(&self) -> usize {
        2
    }

    async fn open_request(&self) -> Opened {
        match self.users.fetch_add(1, Ordering::Relaxed) % 2 {
            0 => self.haproxy.open_request().await,
            _ => self.router.open_request().await,
        }
    }

    async fn foreign(&self) -> Option<String> {
        Some(self.haproxy.foreign().await? + &self.router.foreign().await?)
    }

    async fn weighed(&self) -> Option<Weighed> {
        self.haproxy.weighed().await
    }

    async fn strike(&self, number: u64) -> Option<String> {
        let struck = if number.is_multiple_of(2) {
            self.haproxy.strike(number / 2)
        } else {
            self.router.strike(number / 2)
        };
        struck.await
    }

    async fn calm(&self) {
        self.haproxy.calm().await;
        self.router.calm().await;
    }
}
