//! The kit on a real server behind a network that can be cut, once for each way of hearing of changes.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use handover_flags::testkit::Subject;
use handover_flags::{FlagStore, MemoryStore};
use handover_testing::{Fault, FaultProxy};

use super::*;

const PASSWORD: &str = "s3cret-of-redis";

/// Stores that reach a server by way of a proxy; where Redis is not installed, one that always passes.
struct Cut {
    real: Option<(Redis, FaultProxy)>,
    user: &'static str,
    instead: MemoryStore,
}

impl Cut {
    async fn start(user: &'static str) -> Self {
        let redis = Redis::start_with(&[
            "notify-keyspace-events K$gxe",
            &format!("user pushed on >{PASSWORD} ~feature* &* +@all"),
            &format!("user notified on >{PASSWORD} ~feature* &* +@all -client|tracking"),
            &format!(
                "user polled on >{PASSWORD} ~feature* &* +@all -client|tracking -psubscribe -@scripting"
            ),
        ]);
        let real = match redis {
            Some(redis) => {
                let proxy = FaultProxy::start(redis.addr()).await;
                Some((redis, proxy))
            }
            None => None,
        };
        Self { real, user, instead: MemoryStore::new() }
    }

    async fn set(&self, fault: Fault) -> bool {
        let Some((_, proxy)) = &self.real else { return false };
        proxy.set(fault).await;
        true
    }
}

fn at(login: &str, addr: SocketAddr) -> RedisStore {
    store(&format!("redis://{login}:{PASSWORD}@{addr}/")).with_poll(Duration::from_millis(50))
}

#[async_trait]
impl Subject for Cut {
    fn store(&self) -> Arc<dyn FlagStore> {
        match &self.real {
            Some((_, proxy)) => Arc::new(at(self.user, proxy.addr())),
            None => Arc::new(self.instead.clone()),
        }
    }

    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        let (Some((redis, _)), key) = (&self.real, key.to_string()) else { return false };
        let Some(bytes) = bytes else {
            redis.command(&["DEL", &key]);
            return true;
        };
        // The connection of the test speaks UTF-8 only; a script can say any byte.
        let mut script = "return redis.call('SET', KEYS[1], '".to_owned();
        for byte in bytes {
            write!(script, "\\{byte:03}").unwrap();
        }
        script.push_str("')");
        redis.command(&["EVAL", &script, "1", &key]) == "+OK"
    }

    async fn cut(&self) -> bool {
        self.set(Fault::Refuse).await
    }

    async fn heal(&self) {
        self.set(Fault::Pass).await;
    }

    fn secrets(&self) -> Vec<String> {
        vec![PASSWORD.to_owned()]
    }

    fn failing(&self) -> Vec<Arc<dyn FlagStore>> {
        let nobody = ([127, 0, 0, 1], handover_testing::free_port()).into();
        let there = self.real.as_ref().map(|(redis, _)| at("nobody", redis.addr()));
        let failing = [Some(at("pushed", nobody)), there];
        failing.into_iter().flatten().map(|store| Arc::new(store) as Arc<dyn FlagStore>).collect()
    }
}

mod pushed {
    handover_flags::conformance_tests!(super::Cut::start("pushed").await);
}

mod notified {
    handover_flags::conformance_tests!(super::Cut::start("notified").await);
}

mod polled_and_without_scripts {
    handover_flags::conformance_tests!(super::Cut::start("polled").await);
}
