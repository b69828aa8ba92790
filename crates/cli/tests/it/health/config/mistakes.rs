//! What cannot be told is asked for, before anything is written.

use std::fs;

use tempfile::tempdir;

use super::super::{settings, shop};
use crate::handover::run;

#[track_caller]
fn refused(dir: &tempfile::TempDir, args: &[&str], code: i32) -> String {
    let before = fs::read_dir(dir.path()).unwrap().count();
    let (found, out, err) = run(dir.path(), &[&["health", "config"], args].concat());
    assert_eq!((found, out.as_str()), (code, ""), "{err}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), before);
    err
}

#[test]
fn liveness_is_not_readiness() {
    let dir = settings("[health]\npath = \"/health/live\"\n");
    insta::assert_snapshot!(refused(&dir, &["kubernetes"], 2), @"
    error: could not tell liveness from readiness
      because: both would ask /health/live
      because: a dependency that is down would then restart every replica, instead of keeping requests away

    hint: name the path that asks no dependency with `--live`, or the one that does with `health.path` in handover.toml
    ");
    let dir = settings("[health]\npath = \"/health/live/?deep=1\"\n");
    assert!(refused(&dir, &["docker"], 2).contains("both would ask /health/live\n"));
    let dir = shop();
    for same in
        ["/health/ready", "/health/ready/", "/health/ready?live", "//health//ready", "/./health/./ready/."]
    {
        for platform in ["kubernetes", "docker"] {
            let err = refused(&dir, &[platform, "--live", same], 2);
            assert!(err.contains("both would ask /health/ready\n"), "{err}");
        }
        let err = refused(&dir, &["compose", "--ask", "live", "--live", same], 2);
        assert!(err.contains("both would ask /health/ready\n"), "{err}");
    }
}

#[test]
fn a_port_that_nobody_names_is_asked_for() {
    let dir = settings("").keep();
    let text = "[service]\nname = \"shop\"\npublic = \"https://shop.example.com/\"\n[traffic]\nbackend = \"vercel\"\n[vercel]\nproject = \"p\"\n[release]\nlauncher = \"vercel\"\n[strategy]\nkind = \"blue-green\"\n";
    fs::write(dir.join("handover.toml"), text).unwrap();
    let (code, _, err) = run(&dir, &["health", "config", "kubernetes"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @"
    error: could not tell which port the container listens on
      because: neither `--port` nor `[service] listen` in handover.toml names one

    hint: `handover health config kubernetes --port PORT`
    ");
    let (code, out, _) = run(&dir, &["health", "config", "docker"]);
    assert!(code == 0 && out.contains("\"http://127.0.0.1:$PORT/health/live\""), "{out}");
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn without_settings_there_is_nothing_to_go_by() {
    let dir = tempdir().unwrap();
    insta::assert_snapshot!(refused(&dir, &["railway"], 2), @"
    error: could not read the settings
      because: there is no handover.toml in DIR or above it

    hint: `handover init` writes one; `--config FILE` names one elsewhere
    ");
}

#[test]
fn a_file_that_is_there_is_overwritten_with_force_only() {
    let dir = shop();
    fs::write(dir.path().join("mine.yaml"), "mine").unwrap();
    for platform in ["kubernetes", "compose", "docker"] {
        let err = refused(&dir, &[platform, "--output", "mine.yaml"], 3);
        assert!(err.contains("because: it exists already"), "{err}");
    }
    insta::assert_snapshot!(refused(&dir, &["kubernetes", "--output", "mine.yaml"], 3), @"
    error: could not write DIR/mine.yaml
      because: it exists already

    hint: `--force` overwrites it
    ");
    assert_eq!(fs::read_to_string(dir.path().join("mine.yaml")).unwrap(), "mine");
    let (code, ..) = run(dir.path(), &["health", "config", "compose", "--output", "mine.yaml", "--force"]);
    assert_eq!(code, 0);
    assert!(fs::read_to_string(dir.path().join("mine.yaml")).unwrap().contains("healthcheck:"));
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = shop();
    let err = refused(&dir, &["railway", "--output", "absent/railway.json"], 3);
    insta::assert_snapshot!(err, @"
    error: could not write DIR/absent/railway.json
      because: No such file or directory (os error 2)

    hint: leave `--output` out to see what would be written
    ");
    insta::assert_snapshot!(refused(&dir, &["railway", "--output", "railway.toml"], 3), @"
    error: could not write DIR/railway.toml
      because: Railway would read it as TOML, and this is JSON

    hint: `--output railway.json`; Railway reads either
    ");
}

#[test]
fn what_means_nothing_to_a_platform_is_refused() {
    let dir = shop();
    for args in [
        &["railway", "--port", "1"][..],
        &["kubernetes", "--with", "curl"],
        &["docker", "--startup", "/x"],
        &["nomad"],
    ] {
        refused(&dir, args, 2);
    }
}
