//! The program that serves the stand-in.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use handover_traffic::control::Token;
use handover_traffic::vercel::{VercelClient, VercelOptions};

fn started(words: &[&str]) -> Child {
    let program = env!("CARGO_BIN_EXE_handover-testkit");
    let mut command = Command::new(program);
    command.arg("vercel").args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[tokio::test]
async fn it_says_where_it_listens_and_what_it_has_and_ends_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "of-a-file\n").unwrap();
    let mut all = Vec::new();
    for name in ["INT", "TERM"] {
        let file = token.to_str().unwrap();
        let words = ["--project", "shop", "--team", "us", "--token-file", file, "--stages", "5,50"];
        let mut child = started(&words);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines.next().unwrap().unwrap().replace("vercel stand-in at ", "");
        all.push(lines.next().unwrap().unwrap());
        let options = VercelOptions::new("shop", Token::from_file(&token).unwrap()).with_base(base);
        let client = VercelClient::new(options.with_team("us")).unwrap();
        assert_eq!(client.project().await.unwrap().production().unwrap().id, "dpl_00000001");
        assert_eq!(client.rolling_config().await.unwrap().unwrap().stages.unwrap().len(), 3);
        signal(&child, name);
        assert!(child.wait().unwrap().success(), "{name}");
    }
    all.dedup();
    insta::assert_snapshot!(all.join("\n"), @"project shop: dpl_00000001 (r1) has production at http://shop.example, dpl_00000002 (r2) is staged");
}

#[test]
fn a_token_file_that_is_missing_ends_it_with_its_name() {
    let mut child = started(&["--token-file", "/nowhere/token"]);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    insta::assert_snapshot!(said.trim(), @"error: could not read /nowhere/token: No such file or directory (os error 2)");
}
