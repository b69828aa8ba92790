//! The stand-in as a program.

use std::process::Stdio;

use handover_traffic::railway::{Railway, RailwayOptions};
use handover_traffic::testkit::standin::railway::{ENVIRONMENT, PROJECT, PROJECT_TOKEN, SERVICE};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::token;

#[tokio::test]
async fn it_says_where_it_listens_serves_and_ends_when_it_is_told_to() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handover-testkit"));
    command.args(["railway", "--listen", "127.0.0.1:0", "--second", "4", "--quota", "50"]);
    let mut program = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let base = loop {
        let line = lines.next_line().await.unwrap().unwrap();
        if let Some(base) = line.trim().strip_prefix("graphql") {
            break base.trim().to_owned();
        }
    };
    let options = RailwayOptions::new(PROJECT, ENVIRONMENT, SERVICE, token(PROJECT_TOKEN)).with_base(base);
    let services = Railway::new(options).unwrap().services().await.unwrap();
    assert_eq!(services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>(), ["shop", "mail"]);
    let id = program.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert_eq!(program.wait().await.unwrap().code(), Some(0));
}
