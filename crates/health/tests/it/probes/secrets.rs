//! What is planted in addresses, statements, tokens and arguments shows up nowhere but in a failure's detail.

use handover_health::{
    CommandProbe, DiskProbe, DnsProbe, HealthProbe, HttpProbe, PostgresProbe, ProbeError, ProcessProbe,
    RedisProbe, TcpProbe,
};
use handover_testing::{Postgres, PostgresSettings, Redis};

use super::LONG;
use crate::log::Log;
use crate::server::{PLENTY, Server, nobody};

/// Part of everything that is planted.
const PLANTED: &str = "s3cret";

/// Those that cannot be well, each with something planted.
async fn failing() -> Vec<Box<dyn HealthProbe>> {
    let (broken, nobody) = (Server::answering(500, "", "s3cret").await, nobody().await);
    let web = |host: &str| HttpProbe::new(&format!("http://ann:s3cret@{host}/s3cret?key=s3cret")).unwrap();
    vec![
        Box::new(web(&broken.addr.to_string()).with_bearer("s3cret").unwrap()),
        Box::new(web(&nobody.to_string()).with_header("x-key", "s3cret").unwrap()),
        Box::new(web("s3cret.invalid")),
        Box::new(PostgresProbe::connect(&format!("postgres://s3cret:s3cret@{nobody}/s3cret")).unwrap()),
        Box::new(PostgresProbe::connect("postgres://s3cret:s3cret@s3cret.invalid/s3cret").unwrap()),
        Box::new(RedisProbe::connect(&format!("redis://s3cret:s3cret@{nobody}/")).unwrap()),
        Box::new(RedisProbe::connect("rediss://s3cret:s3cret@s3cret.invalid/").unwrap()),
        Box::new(TcpProbe::new("s3cret.invalid:1").unwrap()),
        Box::new(DnsProbe::new("s3cret.invalid")),
        Box::new(DiskProbe::new("/s3cret")),
        Box::new(ProcessProbe::pid_file("/s3cret")),
        Box::new(CommandProbe::new("/s3cret", ["s3cret"])),
        Box::new(CommandProbe::new("sh", ["-c", "echo s3cret; exit 1"])),
    ]
}

/// Those that real servers turn away, with what these say about it.
fn turned_away(postgres: &Postgres, redis: &Redis) -> Vec<Box<dyn HealthProbe>> {
    let known = postgres.url();
    let wrong = known.replace("right", "s3cret");
    vec![
        Box::new(PostgresProbe::connect(&wrong).unwrap()),
        Box::new(PostgresProbe::connect(&known.replace("/postgres", "/s3cret")).unwrap()),
        Box::new(PostgresProbe::connect(&known).unwrap().with_query("SELECT s3cret")),
        Box::new(RedisProbe::connect(&format!("redis://:s3cret@{}/", redis.addr())).unwrap()),
    ]
}

fn shown(probe: &dyn HealthProbe, error: &ProbeError) -> String {
    format!("{probe:?} {probe:#?} {error} {error:?} {error:#?} {}", error.class())
}

#[tokio::test]
async fn nothing_planted_is_printed_or_logged() {
    let password = Some("right".to_owned());
    let Some(postgres) = Postgres::start_with(PostgresSettings { password, ..PostgresSettings::default() })
    else {
        return;
    };
    let Some(redis) = Redis::start_with(&["requirepass right"]) else { return };
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::INFO);
    let _logging = tracing::subscriber::set_default(subscriber.finish());
    tracing::info!("it is logged");
    for probe in failing().await.into_iter().chain(turned_away(&postgres, &redis)) {
        let error = probe.check(LONG).await.expect_err("not well");
        let shown = shown(&*probe, &error);
        assert!(!shown.contains(PLANTED), "{shown}");
    }
    // One that takes so long that sqlx would have a word about it.
    let slow = PostgresProbe::connect(&postgres.url()).unwrap().with_query("SELECT pg_sleep(1.1), 's3cret'");
    slow.check(PLENTY).await.unwrap();
    let log = log.text();
    assert!(log.contains("it is logged") && !log.contains(PLANTED), "{log}");
}
