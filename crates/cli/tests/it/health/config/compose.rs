use serde_json::{Value, json};

use super::super::shop;
use super::{object, written};

#[test]
fn the_golden_file() {
    let dir = shop();
    let (out, err) = written(dir.path(), &["compose"]);
    insta::assert_snapshot!(out, @r#"
    # Health of shop, written by `handover health config compose` from handover.toml.
    # Beside your own file: docker compose -f compose.yaml -f THIS-FILE up
    services:
      shop:
        # `depends_on` with `condition: service_healthy` and proxies go by it; nothing may restart by it, since it
        # asks what the service depends on.
        # curl must be in the image; Alpine and BusyBox have wget instead: `--with wget`.
        healthcheck:
          test:
            - CMD-SHELL
            - "curl -gfsS -o /dev/null -m 2 \"http://127.0.0.1:$${PORT:-8080}/health/ready\" || exit 1"
          interval: 2s
          timeout: 2s
          start_period: 90s
          retries: 3
        # From SIGTERM to SIGKILL: 25s to finish requests (strategy.drain), 20s to stop (release.grace).
        stop_grace_period: 45s
    "#);
    assert_eq!(err, "");
    let typed = ["compose", "--ask", "live", "--with", "wget", "--port", "3000"];
    insta::assert_snapshot!(written(dir.path(), &typed).0, @r#"
    # Health of shop, written by `handover health config compose` from handover.toml.
    # Beside your own file: docker compose -f compose.yaml -f THIS-FILE up
    services:
      shop:
        # Whether the process itself works: what restarts by it restarts only what hangs.
        # wget must be in the image, GNU's or BusyBox's (Alpine has that).
        healthcheck:
          test:
            - CMD-SHELL
            - "wget -q -T 5 -t 1 -O /dev/null \"http://127.0.0.1:3000/health/live\" || exit 1"
          interval: 10s
          timeout: 5s
          start_period: 90s
          retries: 6
        # From SIGTERM to SIGKILL: 25s to finish requests (strategy.drain), 20s to stop (release.grace).
        stop_grace_period: 45s
    "#);
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(include_str!("compose.schema.json")).unwrap()).unwrap()
}

#[test]
fn the_compose_specs_schema_accepts_it() {
    let dir = shop();
    for more in [&[][..], &["--ask", "live", "--with", "handover"]] {
        let args = [&["compose"], more].concat();
        let read: Value = serde_yaml_ng::from_str(&written(dir.path(), &args).0).unwrap();
        let errors: Vec<_> = validator().iter_errors(&read).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(read, object(dir.path(), &args)["config"]);
    }
}

#[test]
fn what_compose_would_refuse_is_refused_by_the_check() {
    let config = object(shop().path(), &["compose"])["config"].clone();
    for (place, value) in [
        ("interval", json!(10)),
        ("retries", json!([3])),
        ("test", json!({"CMD": "x"})),
        ("intervall", json!("1s")),
    ] {
        let mut wrong = config.clone();
        wrong["services"]["shop"]["healthcheck"][place] = value;
        assert!(!validator().is_valid(&wrong), "{place}");
    }
}

/// Compose reads `$$` as a dollar that is the shell's.
#[test]
fn compose_leaves_the_port_to_the_containers_shell() {
    let config = object(shop().path(), &["compose"])["config"].clone();
    let test = config["services"]["shop"]["healthcheck"]["test"][1].as_str().unwrap();
    assert!(!test.replace("$$", "").contains('$'), "{test}");
    let docker = object(shop().path(), &["docker", "--ask", "ready"])["config"]["command"].clone();
    assert_eq!(test.replace("$$", "$"), docker.as_str().unwrap());
}
