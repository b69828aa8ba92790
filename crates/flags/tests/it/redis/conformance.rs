//! The kit on a real server behind a network that can be cut, once for each way of hearing of changes.

use std::sync::Arc;

use async_trait::async_trait;
use handover_flags::FlagStore;
use handover_flags::testkit::Subject;
use handover_testing::{Fault, FaultProxy};

use super::*;

const PASSWORD: &str = "s3cret-of-redis";

/// A server, and stores that reach it by way of a proxy.
struct Cut {
    redis: Redis,
    proxy: FaultProxy,
    user: &'static str,
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
        let redis = redis.expect("the kit on Redis wants a redis-server");
        let proxy = FaultProxy::start(redis.addr()).await;
        Self { redis, proxy, user }
    }

    fn at(&self, login: &str, addr: std::net::SocketAddr) -> RedisStore {
        store(&format!("redis://{login}@{addr}/")).with_poll(Duration::from_millis(50))
    }
}

#[async_trait]
impl Subject for Cut {
    fn store(&self) -> Arc<dyn FlagStore> {
        Arc::new(self.at(&format!("{}:{PASSWORD}", self.user), self.proxy.addr()))
    }

    async fn write_past(&self, key: &Key, bytes: Option<&[u8]>) -> bool {
        let key = key.to_string();
        let Some(bytes) = bytes else {
            self.redis.command(&["DEL", &key]);
            return true;
        };
        // The connection of the test speaks UTF-8 only; a script can say any byte.
        let text: String = bytes.iter().map(|byte| format!("\\{byte:03}")).collect();
        let said =
            self.redis.command(&["EVAL", &format!("return redis.call('SET', KEYS[1], '{text}')"), "1", &key]);
        said == "+OK"
    }

    async fn cut(&self) -> bool {
        self.proxy.set(Fault::Refuse).await;
        true
    }

    async fn heal(&self) {
        self.proxy.set(Fault::Pass).await;
    }

    fn secrets(&self) -> Vec<String> {
        vec![PASSWORD.to_owned()]
    }

    fn failing(&self) -> Vec<Arc<dyn FlagStore>> {
        let nobody = ([127, 0, 0, 1], handover_testing::free_port()).into();
        vec![
            Arc::new(self.at(&format!("nobody:{PASSWORD}"), self.redis.addr())),
            Arc::new(self.at(&format!("pushed:{PASSWORD}"), nobody)),
        ]
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
