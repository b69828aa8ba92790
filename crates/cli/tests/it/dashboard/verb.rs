use std::fs;

use handover_monitor::Dashboard;
use serde_json::Value;
use tempfile::tempdir;

use crate::handover::run;

#[test]
fn name_and_limits_are_those_of_the_settings() {
    let dir = tempdir().unwrap();
    run(dir.path(), &["init", "--name", "till"]);
    let file = dir.path().join("handover.toml");
    let text = fs::read_to_string(&file).unwrap();
    let limits = "\n[judge]\nmax_error_rate = \"2%\"\nmax_p95 = \"300ms\"\n";
    let text = text.lines().take_while(|line| !line.starts_with("[judge]")).collect::<Vec<_>>().join("\n");
    fs::write(&file, text + limits).unwrap();
    for system in ["grafana", "datadog"] {
        let (code, out, err) = run(dir.path(), &["monitor", "dashboard", system]);
        assert_eq!((code, err.as_str()), (0, ""));
        let limited =
            Dashboard::new("till".parse().unwrap()).with_limits(0.02, std::time::Duration::from_millis(300));
        let wanted = if system == "grafana" { limited.grafana() } else { limited.datadog() };
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), wanted);
    }
}

#[test]
fn without_settings_the_name_must_be_typed() {
    let dir = tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["monitor", "dashboard", "grafana"]);
    assert_eq!((code, out.as_str()), (2, ""));
    insta::assert_snapshot!(err, @r"
    error: could not tell which service to show
      because: neither `--service` nor a handover.toml names one

    hint: `handover monitor dashboard grafana --service NAME`
    ");
    let (code, out, _) =
        run(dir.path(), &["monitor", "dashboard", "grafana", "--service", "shop", "--title", "Mine"]);
    assert_eq!((code, &serde_json::from_str::<Value>(&out).unwrap()["title"]), (0, &"Mine".into()));
}

#[test]
fn settings_with_a_mistake_are_not_passed_over() {
    let dir = tempdir().unwrap();
    fs::write(dir.path().join("handover.toml"), "[service]\nnmae = \"shop\"\n").unwrap();
    let (code, out, err) = run(dir.path(), &["monitor", "dashboard", "grafana", "--service", "shop"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.starts_with("error: could not read the settings"), "{err}");
}

#[test]
fn a_file_is_replaced_as_a_whole_and_a_failure_says_what_stood_in_the_way() {
    let dir = tempdir().unwrap();
    let typed = ["monitor", "dashboard", "datadog", "--service", "shop", "--output", "shop.json"];
    fs::write(dir.path().join("shop.json"), "old").unwrap();
    let (code, out, err) = run(dir.path(), &typed);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "wrote DIR/shop.json\n", ""));
    let written: Value =
        serde_json::from_str(&fs::read_to_string(dir.path().join("shop.json")).unwrap()).unwrap();
    assert_eq!(written, super::shop().datadog());
    let (code, out, _) = run(dir.path(), &[&typed[..], &["--json"]].concat());
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &object["version"], &object["dashboard"]), (0, &1.into(), &written));
    let (code, _, err) = run(dir.path(), &[&typed[..6], &["no/shop.json"]].concat());
    assert_eq!(code, 3);
    insta::with_settings!({ filters => vec![(r"\.tmp\w+", ".tmp")] }, {
        insta::assert_snapshot!(err, @r#"
        error: could not write DIR/no/shop.json
          because: No such file or directory (os error 2) at path "DIR/no/.tmp"

        hint: leave `--output` out to see the dashboard
        "#);
    });
}
