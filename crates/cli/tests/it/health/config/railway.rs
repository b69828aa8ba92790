use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use handover_testing::skip;
use serde_json::{Value, json};

use super::super::{settings, shop};
use super::{object, written};
use crate::handover::run;

#[test]
fn the_golden_file() {
    let (out, err) = written(shop().path(), &["railway"]);
    insta::assert_snapshot!(out, @r#"
    {
      "$schema": "https://railway.com/railway.schema.json",
      "deploy": {
        "healthcheckPath": "/health/ready",
        "healthcheckTimeout": 90,
        "overlapSeconds": 10,
        "drainingSeconds": 45
      }
    }
    "#);
    insta::assert_snapshot!(err, @"
    note: Railway asks the path until it answers exactly 200 once, and never again: watching what is live is handover's, or yours
    note: it asks as `healthcheck.railway.app`: a service that knows its hosts must know that one
    ");
}

/// The type of each field of what Railway's own interface takes for a service's settings.
fn published() -> Option<Vec<(String, String)>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("HANDOVER_SHARED").map_or_else(|| beside.into(), PathBuf::from);
    let Ok(text) = fs::read_to_string(shared.join("contracts/railway/schema.introspection.json")) else {
        skip("there is no folder of contracts, which HANDOVER_SHARED would name");
        return None;
    };
    let schema: Value = serde_json::from_str(&text).unwrap();
    let schema = schema.pointer("/data/__schema").or_else(|| schema.get("__schema")).unwrap();
    let types = schema["types"].as_array().unwrap();
    let input = types.iter().find(|found| found["name"] == "ServiceInstanceUpdateInput").unwrap();
    let field = |field: &Value| {
        (
            field["name"].as_str().unwrap().to_owned(),
            field["type"]["name"].as_str().unwrap_or_default().to_owned(),
        )
    };
    Some(input["inputFields"].as_array().unwrap().iter().map(field).collect())
}

#[test]
fn each_key_is_one_that_railway_publishes_with_its_type() {
    let Some(published) = published() else { return };
    let config = object(shop().path(), &["railway"])["config"].clone();
    let deploy = config["deploy"].as_object().unwrap();
    assert_eq!(deploy.len(), 4);
    for (key, value) in deploy {
        let (_, kind) = published.iter().find(|(name, _)| name == key).unwrap_or_else(|| panic!("{key}"));
        match kind.as_str() {
            "Int" => assert!(value.is_u64(), "{key}: {value}"),
            "String" => assert!(value.is_string(), "{key}: {value}"),
            other => panic!("{key} is {other}"),
        }
    }
}

#[test]
fn a_file_that_is_there_keeps_its_other_keys_in_their_order_and_wording() {
    let dir = shop();
    let file = dir.path().join("railway.json");
    fs::write(
        &file,
        "{\n    \"deploy\": {\n        \"startCommand\": \"./server\",\n        \"drainingSeconds\": 45,\n        \"multiRegionConfig\": {\n            \"z\": {\"numReplicas\": 2}, \"a\": 1.50\n        }\n    },\n    \"build\": {\"builder\": \"RAILPACK\"}\n}\n",
    )
    .unwrap();
    let (out, _) = written(dir.path(), &["railway", "--output", "railway.json"]);
    assert_eq!(out.replace(&dir.path().display().to_string(), "DIR"), "wrote DIR/railway.json\n");
    let text = fs::read_to_string(&file).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
        "deploy": {
            "startCommand": "./server",
            "drainingSeconds": 45,
            "multiRegionConfig": {
                "z": {"numReplicas": 2}, "a": 1.50
            },
            "healthcheckPath": "/health/ready",
            "healthcheckTimeout": 90,
            "overlapSeconds": 10
        },
        "build": {"builder": "RAILPACK"},
        "$schema": "https://railway.com/railway.schema.json"
    }
    "#);
    written(dir.path(), &["railway", "--output", "railway.json"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "written twice is written once");
}

#[test]
fn a_key_of_ours_that_says_something_else_is_named_and_set_with_force() {
    let dir = shop();
    let file = dir.path().join("railway.json");
    let there = r#"{"deploy": {"drainingSeconds": "60", "healthcheckPath": "/", "numReplicas": 2}}"#;
    fs::write(&file, there).unwrap();
    let (code, out, err) = run(dir.path(), &["health", "config", "railway", "--output", "railway.json"]);
    assert_eq!((code, out.as_str()), (3, ""));
    insta::assert_snapshot!(err, @r#"
    error: could not write DIR/railway.json
      because: deploy.healthcheckPath is "/", not "/health/ready"
      because: deploy.drainingSeconds is "60", not 45

    hint: `--force` sets them; every other key is kept
    "#);
    assert_eq!(fs::read_to_string(&file).unwrap(), there);
    written(dir.path(), &["railway", "--output", "railway.json", "--force"]);
    let now: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(now["deploy"]["drainingSeconds"], 45);
    assert_eq!(now["deploy"]["numReplicas"], 2);
}

#[test]
fn a_file_that_railway_could_not_read_is_left_alone() {
    let dir = shop();
    let file = dir.path().join("railway.json");
    for (there, why) in [
        ("{\"deploy\": {}, // a comment\n}", "key must be a string"),
        ("[]", "expected an object"),
        ("{\"deploy\": 7}", "expected an object"),
        ("{\"deploy\": {}, \"deploy\": {}}", "stands there twice"),
    ] {
        fs::write(&file, there).unwrap();
        let (code, _, err) = run(dir.path(), &["health", "config", "railway", "-o", "railway.json"]);
        assert!(
            code == 3 && err.contains(why) && err.contains("overwrite the whole of it"),
            "{there}: {err}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), there);
    }
    written(dir.path(), &["railway", "-o", "railway.json", "--force"]);
    assert!(fs::read_to_string(&file).unwrap().starts_with("{\n  \"$schema\""));
}

#[test]
fn what_is_wrong_with_the_bytes_of_a_file_is_told_and_force_overwrites_it() {
    let dir = shop();
    let file = dir.path().join("railway.json");
    let mut told = String::new();
    for there in [&b""[..], b" \n", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0"] {
        fs::write(&file, there).unwrap();
        let (code, out, err) = run(dir.path(), &["health", "config", "railway", "-o", "railway.json"]);
        assert_eq!((code, out.as_str()), (3, ""));
        assert_eq!(fs::read(&file).unwrap(), there);
        told += &err;
        written(dir.path(), &["railway", "-o", "railway.json", "--force"]);
        assert!(fs::read_to_string(&file).unwrap().starts_with("{\n  \"$schema\""));
    }
    insta::assert_snapshot!(told, @"
    error: could not write DIR/railway.json
      because: what is there is empty, and no JSON object

    hint: remove it, or write it with `--force`
    error: could not write DIR/railway.json
      because: what is there is empty, and no JSON object

    hint: remove it, or write it with `--force`
    error: could not write DIR/railway.json
      because: what is there begins with a byte order mark, which JSON does not have

    hint: save it as UTF-8 without one, or overwrite the whole of it with `--force`
    error: could not write DIR/railway.json
      because: what is there is not text in UTF-8

    hint: mend it, or overwrite the whole of it with `--force`
    ");
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    let dir = shop();
    let file = dir.path().join("railway.json");
    fs::write(&file, r#"{"deploy": {"drainingSeconds": 45.0, "healthcheckTimeout": 9e1}}"#).unwrap();
    written(dir.path(), &["railway", "-o", "railway.json"]);
    fs::write(&file, r#"{"deploy": {"drainingSeconds": 45.5}}"#).unwrap();
    let (code, _, err) = run(dir.path(), &["health", "config", "railway", "-o", "railway.json"]);
    assert!(code == 3 && err.contains("deploy.drainingSeconds is 45.5, not 45"), "{err}");
}

/// The bits of a file's mode that say who may do what.
fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_link_stays_a_link_and_a_private_file_private() {
    let dir = shop();
    let (elsewhere, link) = (dir.path().join("elsewhere"), dir.path().join("railway.json"));
    fs::create_dir(&elsewhere).unwrap();
    symlink("second", &link).unwrap();
    symlink("elsewhere/real.json", dir.path().join("second")).unwrap();
    let file = elsewhere.join("real.json");
    fs::write(&file, r#"{"deploy": {"numReplicas": 2}}"#).unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    written(dir.path(), &["railway", "-o", "railway.json"]);
    assert_eq!((fs::read_link(&link).unwrap(), mode(&file)), ("second".into(), 0o600));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("numReplicas") && text.contains("healthcheckPath"), "{text}");
    // Also where nothing is there yet.
    fs::remove_file(&file).unwrap();
    written(dir.path(), &["railway", "-o", "railway.json", "--force"]);
    assert!(link.is_symlink() && fs::read_to_string(&file).unwrap().contains("healthcheckPath"));
    assert_eq!((mode(&file), fs::read_dir(&elsewhere).unwrap().count()), (0o644, 1));
    symlink("loop.json", dir.path().join("loop.json")).unwrap();
    let (code, _, err) = run(dir.path(), &["health", "config", "railway", "-o", "loop.json", "--force"]);
    assert!(code == 3 && err.contains("Too many levels of symbolic links"), "{err}");
}

#[test]
fn parts_of_a_second_are_rounded_up_and_a_service_without_a_path_is_asked_at_the_root() {
    let dir = settings("[health]\nstart_limit = \"1500ms\"\n");
    let config = object(dir.path(), &["railway"])["config"]["deploy"].clone();
    assert_eq!(
        config,
        json!({"healthcheckPath": "/", "healthcheckTimeout": 2, "overlapSeconds": 10, "drainingSeconds": 50})
    );
}
