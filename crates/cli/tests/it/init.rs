use std::fs;

use tempfile::tempdir;

use crate::handover::run;

#[test]
fn init_writes_settings_and_does_not_overwrite_them() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["init", "--name", "shop", "--artifact", "dist"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r"
    wrote DIR/handover.toml
    next: `handover doctor` looks whether everything is there, `handover deploy` releases
    ");
    let file = dir.path().join("handover.toml");
    fs::write(&file, "mine").unwrap();
    let (code, out, err) = run(dir.path(), &["init", "--name", "shop"]);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @r"
    error: could not write DIR/handover.toml
      because: it exists already

    hint: `handover init --force` overwrites it
    ");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let (code, ..) = run(dir.path(), &["init", "--name", "shop", "--force"]);
    assert_eq!(code, 0);
    assert!(fs::read_to_string(&file).unwrap().contains("archive = \"git\""));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_dry_run_shows_the_file_and_writes_nothing() {
    let dir = tempdir().unwrap();
    let command = r#"./it's "quoted" {{name}} \ $PORT"#;
    let args = [
        "init",
        "--dry-run",
        "--name",
        "shop",
        "--strategy",
        "blue-green",
        "--command",
        command,
        "--artifact",
        "a\"b",
    ];
    let (code, out, err) = run(dir.path(), &args);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("kind = \"blue-green\""), "{out}");
    assert!(out.contains(command), "{out}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn arguments_that_make_no_settings_are_refused_before_anything_is_written() {
    let dir = tempdir().unwrap();
    let (code, _, err) = run(dir.path(), &["init", "--name", "shop", "--artifact", ""]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r"
    error: could not make settings of these arguments
      because: DIR/handover.toml:9: release.artifact: is empty
    ");
    let (code, _, err) = run(dir.path(), &["init", "--name", "Shop"]);
    assert_eq!(code, 2);
    assert!(
        err.starts_with("error: invalid value 'Shop' for '--name <NAME>': service name `Shop` may hold"),
        "{err}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_in_the_way_is_named() {
    let dir = tempdir().unwrap();
    let (code, _, err) = run(dir.path(), &["init", "--name", "shop", "--config", "absent/handover.toml"]);
    assert_eq!(code, 3);
    insta::assert_snapshot!(err, @r"
    error: could not write DIR/absent/handover.toml
      because: No such file or directory (os error 2)

    hint: `handover init --dry-run` shows what would be written
    ");
}

#[test]
fn init_answers_programs_with_an_object() {
    let dir = tempdir().unwrap();
    let (code, out, _) = run(dir.path(), &["init", "--json", "--dry-run", "--name", "shop"]);
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &object["version"], &object["written"]), (0, &1.into(), &false.into()));
}

#[test]
fn the_schema_is_printed_as_it_is_published() {
    let dir = tempdir().unwrap();
    let (code, out, _) = run(dir.path(), &["init", "--schema"]);
    assert_eq!(code, 0);
    assert_eq!(out, include_str!("../../../../handover.schema.json"));
}

#[test]
fn init_writes_settings_for_every_backend_that_its_own_parser_takes() {
    for backend in ["edge", "haproxy", "railway", "vercel", "exec", "composite", "remote-edge"] {
        let dir = tempdir().unwrap();
        let (code, _, err) = run(dir.path(), &["init", "--backend", backend, "--name", "shop"]);
        assert_eq!((code, err.as_str()), (0, ""), "{backend}");
        let text = std::fs::read_to_string(dir.path().join("handover.toml")).unwrap();
        assert!(!text.contains("{{"), "{backend}: {text}");
    }
}

#[test]
fn init_for_railway_refuses_a_canary() {
    let dir = tempdir().unwrap();
    let (code, _, err) =
        run(dir.path(), &["init", "--backend", "railway", "--name", "shop", "--strategy", "canary"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(err, @r#"
    error: could not make settings of these arguments
      because: DIR/handover.toml:25: strategy.kind: Railway gives a release all of the traffic or none: set `kind = "blue-green"`
    "#);
}
