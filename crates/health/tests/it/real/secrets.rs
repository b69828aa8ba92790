use std::time::Duration;

use handover_health::page::{Endpoint, Format};
use handover_health::{
    Check, CheckStatus, Health, HealthService, HttpProbe, PostgresProbe, ProbeError, RedisProbe, SmokeAccess,
    SmokeFlow, probe_fn,
};
use handover_testing::{Postgres, PostgresSettings, Redis};
use http::Request;
use http_body_util::BodyExt as _;
use tokio::task::spawn_blocking;
use tower_service::Service as _;

use crate::log::Log;
use crate::server::Server;

/// In some error of each dependency.
const SECRETS: [&str; 8] = [
    "hunter2-of-postgres",
    "hunter2-of-redis",
    "hunter2-of-the-api",
    "hunter2-of-a-probe",
    "hunter2-in-a-panic",
    "127.0.0.1",
    "SELECT secret",
    "pg_no_such_table",
];

fn clean(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {what}: {text}");
    }
}

fn quick(check: Check) -> Check {
    check.fall(1).timeout(Duration::from_secs(5))
}

/// Every kind of dependency, each with an error that holds secrets.
fn failing(postgres: &Postgres, redis: &Redis, api: &Server) -> Health {
    let wrong = |url: String, secret: &str| url.replace("right-password", secret);
    let database = PostgresProbe::connect(&wrong(postgres.url(), "hunter2-of-postgres")).unwrap();
    let query = PostgresProbe::connect(&postgres.url()).unwrap();
    let query = query.with_query("SELECT secret FROM pg_no_such_table");
    let cache = RedisProbe::connect(&wrong(redis.url(), "hunter2-of-redis")).unwrap();
    let openai = HttpProbe::new(&format!("http://{}/v1/models", api.addr)).unwrap();
    let openai = openai.with_bearer("hunter2-of-the-api").unwrap();
    let own = probe_fn(|| async { Err(ProbeError::other("SELECT secret: hunter2-of-a-probe")) });
    let panics = probe_fn(|| async { panic!("hunter2-in-a-panic") });
    for shown in [format!("{database:?}"), format!("{query:?}"), format!("{cache:?}"), format!("{openai:?}")]
    {
        clean("a probe's Debug", &shown);
    }
    Health::builder("shop", "2.0.0")
        .check(quick(Check::new("database", database)))
        .check(quick(Check::new("query", query)))
        .check(quick(Check::new("redis", cache)))
        .check(quick(Check::new("openai", openai)))
        .check(quick(Check::new("own", own)))
        .check(quick(Check::new("panics", panics)))
        .start()
        .unwrap()
}

async fn all_failed(health: &Health) {
    let mut published = health.published();
    let bad = |health: &Health| health.report().checks.iter().all(|check| check.status == CheckStatus::Error);
    while !bad(health) {
        published.changed().await.unwrap();
    }
}

#[tokio::test]
async fn no_secret_of_a_failing_dependency_is_in_a_body_a_log_or_a_debug() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(log.clone());
    // For the whole process: what the other tests log must be clean as well, and a subscriber of one thread may hear nothing.
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let settings =
        PostgresSettings { password: Some("right-password".into()), ..PostgresSettings::default() };
    let postgres = spawn_blocking(|| Postgres::start_with(settings)).await.unwrap();
    let redis = spawn_blocking(|| Redis::start_with(&["requirepass right-password"])).await.unwrap();
    let (Some(postgres), Some(redis)) = (postgres, redis) else { return };
    let api = Server::answering(500, "", "Bearer hunter2-of-the-api is not known").await;
    let health = failing(&postgres, &redis, &api);
    all_failed(&health).await;
    for endpoint in [Endpoint::Health, Endpoint::Ready, Endpoint::Live, Endpoint::Startup] {
        for format in [Format::Strategy, Format::HealthJson, Format::MicroProfile, Format::Text] {
            let page = health.snapshot().page(endpoint, format).clone();
            clean("a body", &String::from_utf8_lossy(&page.body));
        }
    }
    // The details would have them: so they were there to be told.
    let details = health.snapshot().page(Endpoint::Ready, Format::Details).body.to_vec();
    let details = String::from_utf8(details).unwrap();
    assert!(
        ["hunter2-of-the-api", "hunter2-of-a-probe", "pg_no_such_table"]
            .iter()
            .all(|said| details.contains(said)),
        "{details}"
    );
    clean("a report's Debug", &format!("{:?}", health.report().checks));
    clean("the handle's Debug", &format!("{health:?}"));
    clean("a smoke test", &smoke(&health).await);
    let logged = log.text();
    assert!(logged.contains("openai") && logged.contains("status_5xx"), "{logged}");
    clean("the log", &logged);
}

async fn smoke(health: &Health) -> String {
    let flow = SmokeFlow::new().step("create", Duration::from_secs(1), |_| async {
        Err(ProbeError::other("SELECT secret: hunter2-of-a-probe"))
    });
    let mut service = HealthService::new(health).with_smoke(flow, SmokeAccess::Post);
    let answer = service.call(Request::post("/smoke-test").body(()).unwrap()).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}
