use std::path::Path;
use std::process::{Command, Stdio};

use handover_testing::found;
use parse_dockerfile::{HealthcheckArguments, Instruction};

use super::super::server::{Server, nobody};
use super::super::shop;
use super::{object, written};

#[test]
fn the_golden_file() {
    let dir = shop();
    let (out, err) = written(dir.path(), &["docker"]);
    insta::assert_snapshot!(out, @r#"
    # Health of shop, written by `handover health config docker` from handover.toml.
    # Swarm replaces a container that is unhealthy: so this asks no dependency, seldom and with patience.
    # curl must be in the image; Alpine and BusyBox have wget instead: `--with wget`.
    HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=6 \
      CMD curl -gfsS -o /dev/null -m 5 "http://127.0.0.1:${PORT:-8080}/health/live" || exit 1
    "#);
    insta::assert_snapshot!(err, @"note: a Dockerfile cannot say how long a container may take to stop: `docker run --stop-timeout 45` (strategy.drain and release.grace), or Docker kills it after 10s");
    let typed = ["docker", "--ask", "ready", "--with", "wget", "--port", "3000"];
    insta::assert_snapshot!(written(dir.path(), &typed).0, @r#"
    # Health of shop, written by `handover health config docker` from handover.toml.
    # It asks what the service depends on: nothing that replaces an unhealthy container may go by it.
    # wget must be in the image, GNU's or BusyBox's (Alpine has that).
    HEALTHCHECK --interval=2s --timeout=2s --start-period=90s --retries=3 \
      CMD wget -q -T 2 -t 1 -O /dev/null "http://127.0.0.1:3000/health/ready" || exit 1
    "#);
    let typed = ["docker", "--with", "handover", "--live", "/it's?live&{x}"];
    insta::assert_snapshot!(written(dir.path(), &typed).0, @r#"
    # Health of shop, written by `handover health config docker` from handover.toml.
    # Swarm replaces a container that is unhealthy: so this asks no dependency, seldom and with patience.
    # handover must be in the image, on its PATH: it needs neither curl nor wget.
    HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=6 \
      CMD handover health check --timeout 5s "http://127.0.0.1:${PORT:-8080}"'/it'\''s?live&{x}' || exit 1
    "#);
}

#[test]
fn a_parser_of_dockerfiles_finds_one_healthcheck_with_its_options() {
    let dir = shop();
    let (out, _) = written(dir.path(), &["docker"]);
    let text = format!("FROM alpine:3\n{out}CMD [\"./server\"]\n");
    let file = parse_dockerfile::parse(&text).unwrap();
    let checks: Vec<_> = file
        .instructions
        .iter()
        .filter_map(|instruction| match instruction {
            Instruction::Healthcheck(check) => Some(check),
            _ => None,
        })
        .collect();
    let [check] = checks[..] else { panic!("{text}") };
    let options: Vec<_> = check
        .options
        .iter()
        .map(|flag| (flag.name.value.as_ref(), flag.value.as_ref().unwrap().value.as_ref()))
        .collect();
    assert_eq!(options, [("interval", "10s"), ("timeout", "5s"), ("start-period", "90s"), ("retries", "6")]);
    assert!(matches!(check.arguments, HealthcheckArguments::Cmd { .. }));
}

/// What Docker would run in the container, with the container's port in its environment.
fn code(command: &str, port: u16) -> Option<i32> {
    let mut shell = Command::new("sh");
    let programs = Path::new(env!("CARGO_BIN_EXE_handover")).parent().unwrap().display();
    shell.args(["-c", command]).env_clear().env("PATH", format!("{programs}:/usr/bin:/bin"));
    shell.env("PORT", port.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().unwrap().code()
}

#[test]
fn what_is_run_in_the_container_ends_with_0_or_1_as_docker_knows_them() {
    let dir = shop();
    let (well, unwell) = (Server::saying(200, "ok"), Server::saying(503, "no"));
    for with in ["curl", "wget", "handover"] {
        // Not every machine has them all.
        if with != "handover" && found(with).is_none() {
            continue;
        }
        for path in ["/health/live", "/it's?live&{x}"] {
            let made = object(dir.path(), &["docker", "--with", with, "--live", path]);
            let command = made["config"]["command"].as_str().unwrap();
            assert_eq!(code(command, well.port()), Some(0), "{command}");
            assert_eq!(code(command, unwell.port()), Some(1), "{command}");
            assert_eq!(code(command, nobody()), Some(1), "{command}");
        }
    }
}
