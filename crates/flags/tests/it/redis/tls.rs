//! TLS with a real server: one whose certificate nobody vouches for, one that is trusted, and the wrong port for each.

use std::process::Command;

use handover_testing::Certificate;

use super::*;

/// The address that the second half of a test is to ask.
const TO_ASK: &str = "HANDOVER_TEST_TRUSTED";

async fn refusal(url: &str) -> String {
    let call = store(url).load().await.unwrap_err().in_full();
    let mut told = Told::new(store(url).watch());
    told.until("that it is lost", |told| told.lost.is_some()).await;
    assert_eq!(told.lost.as_deref(), Some(call.as_str()));
    call
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let Some(certificate) = Certificate::make() else { return };
    let Some((_redis, addr)) = Redis::start_tls(&certificate) else { return };
    let said = refusal(&format!("rediss://:s3cret@{addr}/")).await;
    let beginning = format!("rediss://{addr}/0 could not be reached: TLS: invalid peer certificate: ");
    assert!(said.starts_with(&beginning), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_port_is_said_to_be_that() {
    let Some(certificate) = Certificate::make() else { return };
    let Some((redis, addr)) = Redis::start_tls(&certificate) else { return };
    let said = refusal(&format!("redis://:s3cret@{addr}/")).await;
    insta::assert_snapshot!(said.replace(&addr.to_string(), "HOST"), @"redis://HOST/0 could not be reached: Connection reset by peer (os error 104), before it said anything (a port that speaks TLS wants rediss://)");
    let said = refusal(&format!("rediss://:s3cret@{}/", redis.addr())).await;
    insta::assert_snapshot!(said.replace(&redis.addr().to_string(), "HOST"), @"rediss://HOST/0 could not be reached: TLS: no answer; a port that does not speak it wants redis://");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whose_certificate_is_among_the_systems_roots_is_watched_and_changed() {
    let Some(certificate) = Certificate::make() else { return };
    let Some((_redis, addr)) = Redis::start_tls(&certificate) else { return };
    // What the roots are is read from the environment, which is a process's own.
    let mut second = Command::new(std::env::current_exe().unwrap());
    second.args(["--ignored", "--exact", "redis::tls::asks_the_one_it_was_told_of"]);
    second.env("SSL_CERT_FILE", certificate.chain()).env(TO_ASK, format!("rediss://{addr}/"));
    let output = tokio::task::spawn_blocking(move || second.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the second half of the test above"]
async fn asks_the_one_it_was_told_of() {
    let Ok(url) = std::env::var(TO_ASK) else { return };
    let mut told = watching_at(&url).await;
    store(&url).put(&gate("x"), "true", &me()).await.unwrap();
    told.until_is(&gate("x"), on().as_ref()).await;
    assert_eq!(told.delivery, Some(handover_flags::Delivery::Push));
}
