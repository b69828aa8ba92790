#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]
mod agree;
mod record;
mod truth;
use std::path::PathBuf;
use handover_testing::Postgres;
type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let root = PathBuf::from(std::env::var("HANDOVER_SHARED")?).join("corpus/migrations");
    let server = Postgres::start().ok_or("no postgres")?;
    for project in std::env::args().skip(1) {
        let written = truth::read(&root.join(format!("{project}.truth.json")))?;
        let scripts: Vec<_> = written.iter().map(|file| record::Script { file: file.file.clone(), kind: file.kind.clone(), text: std::fs::read_to_string(root.join(&file.file)).unwrap(),
          statements: file.stmts.iter().map(|s| s.o0..s.o1).collect() }).collect();
        let seen = record::record(&server, &project, &scripts).await?;
        println!("== {project}");
        agree::print(&written, &seen);
    }
    Ok(())
}
