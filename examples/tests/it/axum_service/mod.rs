//! The service as its operator has it: a process, a real PostgreSQL, a real Redis, and an API of somebody else's.

mod api;
mod flags;
mod life;
mod outage;
mod process;
mod smoke;

use std::time::Duration;

use handover_testing::{Postgres, PostgresSettings, Redis};

use self::api::Api;
use self::process::Service;

/// The database's password, which nobody may see.
const PASSWORD: &str = "hunter2-of-the-database";
/// From one check to the next; each may take as long.
const PERIOD: Duration = Duration::from_millis(200);
/// What the checks of the database and of Redis fall after.
const FALL: u32 = 2;

/// Everything that the service needs.
struct World {
    postgres: Postgres,
    redis: Redis,
    api: Api,
}

impl World {
    /// None where a server's program is not installed.
    fn start() -> Option<Self> {
        let settings = PostgresSettings { password: Some(PASSWORD.into()), ..PostgresSettings::default() };
        Some(Self { postgres: Postgres::start_with(settings)?, redis: Redis::start()?, api: Api::start() })
    }

    fn service(&self) -> Service {
        self.service_with(&[])
    }

    /// With these variables too.
    fn service_with(&self, more: &[(&str, &str)]) -> Service {
        let (database, redis, api) = (self.postgres.url(), self.redis.url(), self.api.url());
        let period = PERIOD.as_millis().to_string();
        let all = [
            ("DATABASE_URL", database.as_str()),
            ("REDIS_URL", &redis),
            ("API_URL", &api),
            ("API_TOKEN", "sk-token-of-the-api"),
            ("CHECK_PERIOD_MS", &period),
        ];
        Service::start(&[&all, more].concat())
    }

    /// Once it is ready.
    fn ready(&self) -> Service {
        let service = self.service();
        service.becomes("/health/ready", 200);
        service
    }
}
