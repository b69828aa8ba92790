use std::time::Duration;

use handover_health::page::{Endpoint, Format};
use handover_health::{
    CheckReport, CheckStatus, Health, PostgresProbe, ProbeClass, RedisProbe, Snapshot, State,
};
use handover_testing::{Fault, FaultProxy, Postgres, Redis};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{FALL, RISE, check};

/// Only a broken test meets it.
const LIMIT: Duration = Duration::from_mins(1);

/// A server behind a proxy, watched.
struct Watch {
    health: Health,
    name: &'static str,
    /// Liveness, in every snapshot there was.
    lived: tokio::task::JoinHandle<bool>,
}

impl Watch {
    async fn of(health: Health, name: &'static str) -> Self {
        assert_eq!(health.settled(LIMIT).await, State::Ready);
        let lived = tokio::spawn(lives(health.clone()));
        Self { health, name, lived }
    }

    fn check(&self, snapshot: &Snapshot) -> CheckReport {
        snapshot.report().checks.iter().find(|check| &*check.name == self.name).unwrap().clone()
    }

    /// Waits for the check's status; how many checks that took.
    async fn becomes(&self, status: CheckStatus) -> (u64, CheckReport) {
        let before = self.check(&self.health.snapshot()).asked;
        let mut published = self.health.published();
        let seen = async {
            loop {
                let check = self.check(&self.health.snapshot());
                if check.status == status {
                    return check;
                }
                published.changed().await.unwrap();
            }
        };
        let check = timeout(LIMIT, seen).await.unwrap_or_else(|_| panic!("never {status:?}"));
        (check.asked - before, check)
    }

    /// It shows within its falls, beside the check that was under way when it began; then it is mended, and that shows
    /// within its rises.
    async fn falls_as(&self, class: ProbeClass, mended: impl Future<Output = ()>) {
        let (asked, check) = self.becomes(CheckStatus::Error).await;
        assert!(asked <= u64::from(FALL) + 1, "seen after {asked} checks");
        assert_eq!(check.class(), Some(class));
        assert_eq!(self.health.snapshot().page(Endpoint::Ready, Format::Strategy).status, 503);
        mended.await;
        let (asked, _) = self.becomes(CheckStatus::Ok).await;
        // While a server starts it is asked, too.
        assert!(asked >= u64::from(RISE), "{asked}");
        assert_eq!(self.health.snapshot().page(Endpoint::Ready, Format::Strategy).status, 200);
    }

    async fn end(self) {
        drop(self.health);
        self.lived.abort();
        assert!(self.lived.await.unwrap_or(true), "liveness failed");
    }
}

/// Whether liveness was 200 in each snapshot up to now; ends with the first that is not.
async fn lives(health: Health) -> bool {
    let mut published = health.published();
    loop {
        if health.snapshot().page(Endpoint::Live, Format::Strategy).status != 200 {
            return false;
        }
        if published.changed().await.is_err() {
            return true;
        }
    }
}

/// Through the proxy: each way in which a network fails.
async fn cut(watch: &Watch, proxy: &FaultProxy) {
    let faults = [
        (Fault::Reset, ProbeClass::Reset),
        (Fault::BlackHole, ProbeClass::Timeout),
        (Fault::Refuse, ProbeClass::Refused),
        (Fault::Slow(LIMIT), ProbeClass::Timeout),
    ];
    for (fault, class) in faults {
        proxy.set(fault).await;
        watch.falls_as(class, proxy.set(Fault::Pass)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_is_killed_frozen_or_cut_off_is_seen_and_comes_back() {
    let Some(mut postgres) = spawn_blocking(Postgres::start).await.unwrap() else { return };
    let proxy = FaultProxy::start(postgres.addr()).await;
    let probe = PostgresProbe::connect(&postgres.url_at(proxy.addr())).unwrap();
    let health = Health::builder("shop", "2.0.0").check(check("database", probe)).start().unwrap();
    let watch = Watch::of(health, "database").await;
    cut(&watch, &proxy).await;
    postgres.freeze();
    watch.falls_as(ProbeClass::Timeout, async { postgres.thaw() }).await;
    // The proxy takes the connection and finds nobody behind it.
    postgres.kill();
    watch.falls_as(ProbeClass::Reset, async { tokio::task::block_in_place(|| postgres.revive()) }).await;
    watch.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_killed_frozen_or_cut_off_is_seen_and_comes_back() {
    let Some(mut redis) = spawn_blocking(Redis::start).await.unwrap() else { return };
    let proxy = FaultProxy::start(redis.addr()).await;
    let probe = RedisProbe::connect(&redis.url_at(proxy.addr())).unwrap();
    let health = Health::builder("shop", "2.0.0").check(check("redis", probe)).start().unwrap();
    let watch = Watch::of(health, "redis").await;
    cut(&watch, &proxy).await;
    redis.freeze();
    watch.falls_as(ProbeClass::Timeout, async { redis.thaw() }).await;
    redis.kill();
    watch.falls_as(ProbeClass::Reset, async { tokio::task::block_in_place(|| redis.revive()) }).await;
    watch.end().await;
}
