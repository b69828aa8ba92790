//! TLS with real servers: one whose certificate nobody vouches for, and one that is trusted.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;

use handover_health::{HealthProbe, HttpProbe, PostgresProbe, ProbeClass, RedisProbe};
use handover_testing::{Certificate, Postgres, PostgresSettings, Redis};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{LONG, class_of, error_of};
use crate::server::{PLENTY, answer};

/// The addresses of those that the second half of a test is to ask, separated by spaces.
const TO_ASK: &str = "HANDOVER_TEST_TRUSTED";

/// A web server that answers every request with 200, over TLS.
async fn web(certificate: &Certificate) -> SocketAddr {
    let chain =
        CertificateDer::pem_file_iter(certificate.chain()).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(certificate.key()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
    let (acceptor, listener) =
        (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4_096]).await;
            let _ = stream.write_all(&answer(200, "", "")).await;
            let _ = stream.shutdown().await;
        }
    });
    addr
}

fn https(addr: SocketAddr) -> HttpProbe {
    HttpProbe::new(&format!("https://{addr}/")).unwrap()
}

fn rediss(addr: SocketAddr) -> RedisProbe {
    RedisProbe::connect(&format!("rediss://{addr}/")).unwrap()
}

fn with_tls() -> Option<Postgres> {
    Postgres::start_with(PostgresSettings { tls: true, ..PostgresSettings::default() })
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_no_tls_session() {
    let Some(certificate) = Certificate::make() else { return };
    let Some((_redis, redis)) = Redis::start_tls(&certificate) else { return };
    let probes: [Box<dyn HealthProbe>; 2] =
        [Box::new(https(web(&certificate).await)), Box::new(rediss(redis))];
    for probe in probes {
        let error = probe.check(PLENTY).await.expect_err("nobody vouches");
        assert_eq!(error.class(), ProbeClass::Tls, "{}", error.detail());
        assert!(error.detail().contains("invalid peer certificate"), "{}", error.detail());
    }
}

#[tokio::test]
async fn a_port_of_tls_that_is_asked_without_is_a_protocol_error() {
    let Some(certificate) = Certificate::make() else { return };
    let plain = HttpProbe::new(&format!("http://{}/", web(&certificate).await)).unwrap();
    assert_eq!(class_of(&plain, LONG).await, ProbeClass::Protocol);
}

#[tokio::test]
async fn postgres_is_verified_where_that_is_asked_for() {
    let Some(postgres) = with_tls() else { return };
    let verified = format!("{}?sslmode=verify-full", postgres.url());
    let error = error_of(&PostgresProbe::connect(&verified).unwrap(), LONG).await;
    assert_eq!(error.class(), ProbeClass::Tls, "{}", error.detail());
    let root = postgres.certificate().unwrap().chain();
    let trusted = format!("{verified}&sslrootcert={}", root.display());
    PostgresProbe::connect(&trusted).unwrap().check(PLENTY).await.unwrap();
}

#[tokio::test]
async fn one_whose_certificate_is_among_the_systems_roots_is_well() {
    let Some(certificate) = Certificate::make() else { return };
    let Some((_redis, redis)) = Redis::start_tls(&certificate) else { return };
    let addresses = format!("{} {redis}", web(&certificate).await);
    // What the roots are is read from the environment, which is a process's own.
    let mut second = Command::new(std::env::current_exe().unwrap());
    second.args(["--ignored", "--exact", "probes::tls::asks_those_it_was_told_of"]);
    second.env("SSL_CERT_FILE", certificate.chain()).env(TO_ASK, addresses);
    let output = tokio::task::spawn_blocking(move || second.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "the second half of the test above"]
async fn asks_those_it_was_told_of() {
    let Ok(addresses) = std::env::var(TO_ASK) else { return };
    let (web, redis) = addresses.split_once(' ').unwrap();
    https(web.parse().unwrap()).check(PLENTY).await.unwrap();
    rediss(redis.parse().unwrap()).check(PLENTY).await.unwrap();
}
