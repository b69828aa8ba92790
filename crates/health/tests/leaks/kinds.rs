use std::net::SocketAddr;
use std::sync::Arc;

use handover_health::{
    CommandProbe, DiskProbe, DnsProbe, HealthProbe, HttpProbe, InstanceProbe, MemoryProbe, PostgresProbe,
    ProcessProbe, RedisProbe, TcpProbe,
};
use handover_testing::{Fault, FaultProxy, Postgres, Redis};
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;

type Kind = (String, Arc<dyn HealthProbe>);

/// Whom the probes ask in vain.
pub(crate) struct Surroundings {
    nobody: SocketAddr,
    hole: FaultProxy,
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

pub(crate) async fn surroundings() -> Surroundings {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let hole = FaultProxy::start(nobody).await;
    hole.set(Fault::BlackHole).await;
    let (postgres, redis) = (Postgres::start(), Redis::start());
    postgres.iter().for_each(Postgres::freeze);
    redis.iter().for_each(Redis::freeze);
    Surroundings { nobody, hole, postgres, redis }
}

pub(crate) fn all(there: &Surroundings) -> Vec<Kind> {
    let mut kinds = of_the_machine();
    kinds.push(kind("TCP, refused", TcpProbe::from(there.nobody)));
    for (how, addr) in [("refused", there.nobody), ("black hole", there.hole.addr())] {
        kinds.extend(of_the_web(how, addr));
        kinds.extend(of_postgres(how, &format!("postgres://user@{addr}/")));
        kinds.push(of_redis(how, &format!("redis://{addr}/")));
    }
    kinds.extend(there.postgres.iter().flat_map(|server| of_postgres("frozen", &server.url())));
    kinds.extend(there.redis.iter().map(|server| of_redis("frozen", &server.url())));
    kinds
}

fn kind(name: &str, probe: impl HealthProbe) -> Kind {
    (name.to_owned(), Arc::new(probe))
}

fn of_the_machine() -> Vec<Kind> {
    vec![
        kind("disk", DiskProbe::new("/no/such/path")),
        kind("memory", MemoryProbe::new().max_used_percent(0)),
        kind("process", ProcessProbe::pid(u32::MAX)),
        kind("DNS", DnsProbe::new("nobody.invalid")),
        kind("command, failed", CommandProbe::new("false", [""; 0])),
        kind("command, hanging", CommandProbe::new("sh", ["-c", "sleep 600 & sleep 600"])),
    ]
}

fn of_the_web(how: &str, addr: SocketAddr) -> Vec<Kind> {
    vec![
        kind(&format!("HTTP, {how}"), HttpProbe::new(&format!("http://{addr}/")).unwrap()),
        kind(&format!("HTTPS, {how}"), HttpProbe::new(&format!("https://{addr}/")).unwrap()),
        kind(&format!("instance, {how}"), InstanceProbe::new(addr, "/").unwrap()),
    ]
}

fn of_postgres(how: &str, url: &str) -> Vec<Kind> {
    let pool = PgPoolOptions::new().max_connections(5).connect_lazy(url).unwrap();
    vec![
        kind(&format!("PostgreSQL, {how}"), PostgresProbe::connect(url).unwrap()),
        kind(&format!("PostgreSQL by a pool, {how}"), PostgresProbe::pool(pool)),
    ]
}

fn of_redis(how: &str, url: &str) -> Kind {
    kind(&format!("Redis, {how}"), RedisProbe::connect(url).unwrap())
}
