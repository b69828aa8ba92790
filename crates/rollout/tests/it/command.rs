//! Releases that a command starts: real shells, and a real port that answers or does not.

use std::net::SocketAddr;
use std::time::Duration;

use handover_core::{BySlot, Slot};
use handover_edge::ReleaseStore;
use handover_rollout::hosted::{CommandHost, CommandSpec, Condition, Host as _, Seat};
use handover_rollout::local::LocalHooks;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::sim::{release, run_id};

async fn answering(status: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

fn host(folder: &TempDir, launch: &str, address: SocketAddr) -> CommandHost {
    let spec = CommandSpec {
        launch: launch.to_owned(),
        stop: Some("echo $SLOT $RELEASE >> stopped; test ! -e refuse".to_owned()),
        folder: folder.path().to_owned(),
        releases: ReleaseStore::new(folder.path()),
        limit: Duration::from_secs(20),
        addresses: BySlot { blue: address, green: address },
        path: "/health".to_owned(),
        interval: Duration::ZERO,
        timeout: Duration::from_secs(5),
        rise: 2,
        fall: 2,
    };
    CommandHost::new(spec, LocalHooks::new(folder.path()))
}

fn seat() -> Seat {
    Seat { release: release("v2"), run: run_id("run-2") }
}

async fn launched(host: &CommandHost) -> Condition {
    host.launch(Slot::Green, &release("v2"), &run_id("run-2")).await.unwrap();
    host.look(Slot::Green, &seat()).await.unwrap()
}

#[tokio::test]
async fn a_release_is_launched_once_and_ready_after_good_answers_in_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let launch = "echo $SLOT $RELEASE $PORT ${RELEASE_DIR:-not frozen} >> launched";
    let address = answering("200 OK").await;
    let host = host(&folder, launch, address);
    assert_eq!(host.look(Slot::Green, &seat()).await.unwrap(), Condition::Gone, "nothing was launched yet");
    assert!(matches!(launched(&host).await, Condition::Starting { .. }));
    assert!(matches!(launched(&host).await, Condition::Ready { .. }));
    let launched = std::fs::read_to_string(folder.path().join("launched")).unwrap();
    assert_eq!(launched, format!("green v2 {} not frozen\n", address.port()));
}

#[tokio::test]
async fn a_launch_command_that_fails_is_told_with_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "echo no such unit >&2; exit 5", answering("200 OK").await);
    let Condition::Failed { cause, log } = launched(&host).await else { panic!("it failed") };
    insta::assert_snapshot!(format!("{cause}: {}", log.join("/")), @"the launch command ended with code 5: no such unit");
}

#[tokio::test]
async fn a_release_that_answers_503_is_on_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "true", answering("503 Not Yet").await);
    let Condition::Starting { summary } = launched(&host).await else { panic!("it is not ready") };
    insta::assert_snapshot!(summary, @"answered 503");
}

#[tokio::test]
async fn a_stop_command_gets_its_slot_and_its_failure_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, "true", answering("200 OK").await);
    host.stop(Slot::Green, &seat()).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("stopped")).unwrap(), "green v2\n");
    std::fs::write(folder.path().join("refuse"), "").unwrap();
    insta::assert_snapshot!(host.stop(Slot::Green, &seat()).await.unwrap_err(), @"the stop command ended with code 1:");
}
