//! Whether a service is well, and how a platform is told to ask.

mod check;
mod config;
mod server;

use std::fs;

use tempfile::{TempDir, tempdir};

/// A folder with settings that end with `more`.
fn settings(more: &str) -> TempDir {
    let dir = tempdir().unwrap();
    let text = format!(
        "[service]\nname = \"shop\"\nlisten = \"0.0.0.0:8080\"\n[release]\nartifact = \"dist\"\ncommand = \"./server\"\ngrace = \"20s\"\n{more}"
    );
    fs::write(dir.path().join("handover.toml"), text).unwrap();
    dir
}

/// Settings of a service with the strategy's paths.
fn shop() -> TempDir {
    settings(
        "[health]\npath = \"/health/ready\"\ninterval = \"2s\"\ntimeout = \"1500ms\"\nrise = 2\nstart_limit = \"90s\"\n[strategy]\ndrain = \"25s\"\n",
    )
}
