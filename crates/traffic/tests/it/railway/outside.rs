//! Railway's own command-line client on the stand-in, where it is installed: a debug build, named by
//! `HANDOVER_RAILWAY_CLI`.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use handover_traffic::testkit::standin::railway::{PROJECT_TOKEN, RailwayStandIn, SERVICE};
use tokio::process::Command;

use super::{skipped, standin};

/// What is asked of it, and a word that its answer must have.
const CASES: [(&[&str], &[&str]); 7] = [
    (&["status"], &["shop", "production"]),
    (&["status", "--json"], &["\"shop\"", "prj-shop"]),
    (&["service", "list"], &["shop", "mail"]),
    (&["deployment", "list", "--service", "shop", "--json"], &["dep-1", "SUCCESS"]),
    (&["domain", "list", "--service", "shop", "--json"], &["shop.example.com"]),
    (&["variable", "list", "--service", "shop", "--json"], &["DATABASE_URL"]),
    (&["deployment", "list", "--service", "mail", "--json"], &["dep-2"]),
];

async fn run(client: &PathBuf, standin: &RailwayStandIn, home: &std::path::Path, words: &[&str]) -> Output {
    let mut command = Command::new(client);
    command.args(words).env_clear().env("HOME", home).env("RAILWAY_BACKBOARD_URL", standin.base());
    command.env("RAILWAY_TOKEN", PROJECT_TOKEN).env("NO_COLOR", "1").env("DO_NOT_TRACK", "1");
    command.env("RAILWAY_NO_TELEMETRY", "1").env("CI", "1").current_dir(home).stdin(Stdio::null());
    command.output().await.unwrap()
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "which commands ran is worth knowing")]
async fn railways_own_client_works_on_the_stand_in() {
    let Some(client) = std::env::var_os("HANDOVER_RAILWAY_CLI").map(PathBuf::from) else {
        return skipped("HANDOVER_RAILWAY_CLI names no client of Railway's");
    };
    let (standin, home) = (standin().await, tempfile::tempdir().unwrap());
    for (words, wanted) in CASES {
        let output = run(&client, &standin, home.path(), words).await;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "railway {}: {out}{err}", words.join(" "));
        for word in wanted {
            assert!(out.contains(word), "railway {} does not say {word}: {out}{err}", words.join(" "));
        }
        println!("railway {}: ok, {} bytes", words.join(" "), out.len());
    }
    redeploys(&client, &standin, home.path()).await;
    println!("railway redeploy: ok, one deployment more; {} requests in all", standin.requests());
    assert!(standin.requests() > 10, "it really asked ours: {}", standin.requests());
}

/// An order by their client is an order to ours.
async fn redeploys(client: &PathBuf, standin: &RailwayStandIn, home: &std::path::Path) {
    let before = standin.deployments(SERVICE).len();
    let output = run(client, standin, home, &["redeploy", "--service", "shop", "--yes", "--json"]).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "railway redeploy: {said}");
    assert_eq!(standin.deployments(SERVICE).len(), before + 1);
}
