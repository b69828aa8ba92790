use handover_testing::{Postgres, Redis};

/// The servers, which know how often they were asked.
pub(crate) struct Counted<'a> {
    pub(crate) postgres: &'a Postgres,
    pub(crate) redis: &'a Redis,
}

/// So often was each asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) postgres: u64,
    pub(crate) redis: u64,
}

impl Counted<'_> {
    pub(crate) fn calls(&self) -> Calls {
        let postgres = u64::try_from(self.postgres.statements("SELECT 1")).unwrap_or(u64::MAX);
        Calls { postgres, redis: self.redis.calls("ping") }
    }
}

impl Calls {
    pub(crate) fn since(self, before: Self) -> Self {
        let since = |now: u64, then: u64| now.saturating_sub(then);
        Self { postgres: since(self.postgres, before.postgres), redis: since(self.redis, before.redis) }
    }
}
