use std::path::PathBuf;
use std::process::Command;

use handover_testing::skip;
use serde_json::{Value, json};

use super::edge::Edge;
use super::{shop, texts};
use crate::servers::{Exporter, Prometheus, found, until};

/// Where `cargo xtask test` puts Grafana's published types and the compiler that reads them.
fn types() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("tools").join("grafana-schema");
    let there = folder.join("node_modules/@grafana/schema").is_dir();
    if !there {
        skip("Grafana's types are not there");
    }
    (there && found("node").is_some()).then_some(folder)
}

/// What the compiler says of a dashboard; nothing where every key and value of it is one that Grafana knows.
fn complaints(types: &std::path::Path, dashboard: &Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    let modules = types.join("node_modules");
    std::os::unix::fs::symlink(&modules, folder.path().join("node_modules")).unwrap();
    let text = format!("{}{dashboard:#};\n", include_str!("grafana.ts"));
    std::fs::write(folder.path().join("check.ts"), text).unwrap();
    let mut command = Command::new("node");
    command.arg(modules.join("typescript/bin/tsc")).current_dir(folder.path());
    command.args(["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext"]);
    let output = command.args(["--moduleResolution", "bundler", "check.ts"]).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.is_empty(), output.status.success(), "{said}");
    said
}

#[test]
fn grafanas_own_types_accept_it() {
    let Some(types) = types() else { return };
    assert_eq!(complaints(&types, &shop().grafana()), "");
}

#[test]
fn what_grafana_does_not_know_is_refused_by_the_check() {
    let Some(types) = types() else { return };
    let defaults = "/panels/1/fieldConfig/defaults";
    for (place, value, said) in [
        ("/templating/list/0/type", json!("datasrc"), "VariableType"),
        ("/panels/0/type", json!("graph"), "timeseries"),
        ("/panels/0/gridPos", json!({ "h": 9, "w": 12, "x": 0 }), "'y'"),
        (&format!("{defaults}/custom/drawStyle"), json!("lines"), "drawStyle|line"),
        (&format!("{defaults}/thresholds"), json!({ "mode": "absolute", "stepps": [] }), "stepps"),
        (&format!("{defaults}/custom"), json!({ "fillOpacty": 3 }), "fillOpacty"),
    ] {
        let mut wrong = shop().grafana();
        *wrong.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        let complaints = complaints(&types, &wrong);
        assert!(said.split('|').any(|word| complaints.contains(word)), "{place}: {complaints}");
    }
}

/// Grafana puts four scrape intervals there.
fn as_sent(expr: &str) -> String {
    expr.replace("$__rate_interval", "5s")
}

#[test]
fn a_real_prometheus_answers_every_expression_with_both_releases() {
    let edge = Edge::start();
    let proxy = edge.proxy.clone();
    let exporter = Exporter::start(move |_| (200, proxy.metrics_text()));
    let Some(prometheus) = Prometheus::start("shop", exporter.addr) else { return };
    let dashboard = shop().grafana();
    for expr in texts(&dashboard, "expr") {
        let values = until(expr, || {
            edge.ask();
            let series = prometheus.query(&as_sent(expr)).unwrap_or_else(|why| panic!("{expr}: {why}"));
            let both = series.len() == 2 && series.iter().all(|one| number(one).is_finite());
            both.then(|| series.iter().map(|one| (slot(one), number(one))).collect::<Vec<_>>())
        });
        let of = |slot: &str| values.iter().find(|(name, _)| name == slot).unwrap().1;
        let (blue, green) = (of("blue"), of("green"));
        let right = match expr {
            _ if expr.contains("class") => (blue, green) == (0.0, 1.0),
            _ if expr.contains("weight") => (blue, green) == (0.5, 0.5),
            _ if expr.contains("quantile") => blue.max(green) < 60.0,
            _ => blue.min(green) > 0.0,
        };
        assert!(right, "{expr}: {values:?}");
    }
}

#[test]
fn an_expression_that_makes_no_sense_is_noticed() {
    let exporter = Exporter::start(|_| (200, String::new()));
    let Some(prometheus) = Prometheus::start("shop", exporter.addr) else { return };
    let why = prometheus.query("sum by (slot (x)").unwrap_err();
    assert!(why.contains("bad_data"), "{why}");
    assert_eq!(prometheus.query("handover_edge_nothing"), Ok(vec![]));
}

fn number(series: &Value) -> f64 {
    series["value"][1].as_str().unwrap().parse().unwrap()
}

fn slot(series: &Value) -> String {
    series["metric"]["slot"].as_str().unwrap().to_owned()
}
