use std::fs;
use std::process::Command;

use handover_testing::found;
use k8s_openapi::api::core::v1::PodSpec;
use serde_json::Value;

use super::super::shop;
use super::{object, written};

const DEPLOYMENT: &str = r#"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": {
    "selector": {"matchLabels": {"app": "shop"}},
    "template": {"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [
        {"name": "side", "image": "side:1"}, {"name": "shop", "image": "shop:1"}]}}}}"#;

#[test]
fn the_golden_file() {
    let dir = shop();
    let (out, err) = written(dir.path(), &["kubernetes"]);
    insta::assert_snapshot!(out, @"
    # Probes of shop, written by `handover health config kubernetes` from handover.toml.
    # As it is: kubectl patch deployment NAME --patch-file FILE; or by hand what stands beside `name`.
    spec:
      template:
        spec:
          # Until it is killed: 25s to finish requests (strategy.drain), 20s to stop (release.grace).
          terminationGracePeriodSeconds: 45
          containers:
            - name: shop
              # Until it has answered once, neither of the others asks: health.start_limit, in steps of health.interval.
              startupProbe:
                httpGet:
                  path: /health/startup
                  port: 8080
                periodSeconds: 2
                timeoutSeconds: 2
                successThreshold: 1
                failureThreshold: 45
              # Takes the pod out of its Service, and puts it back: health.path, interval, timeout, rise and fall.
              readinessProbe:
                httpGet:
                  path: /health/ready
                  port: 8080
                periodSeconds: 2
                timeoutSeconds: 2
                successThreshold: 2
                failureThreshold: 3
              # Restarts the container, which mends only a process that hangs: so this path asks no dependency,
              # seldom and with patience, or one that is down would take every replica with it.
              livenessProbe:
                httpGet:
                  path: /health/live
                  port: 8080
                periodSeconds: 10
                timeoutSeconds: 5
                successThreshold: 1
                failureThreshold: 6
    ");
    insta::assert_snapshot!(err, @"
    note: port 8080 is that of `[service] listen`: `--port` where the container listens on another
    note: liveness asks /health/live and startup /health/startup: `--live` and `--startup` where the service calls them otherwise
    ");
}

#[test]
fn the_golden_file_of_everything_that_can_be_typed() {
    let dir = shop();
    let typed = [
        "kubernetes",
        "--port",
        "3000",
        "--live",
        "/livez?a=b&c",
        "--startup",
        "/startupz",
        "--pre-stop",
        "4500ms",
        "--container",
        "web",
    ];
    let (out, err) = written(dir.path(), &typed);
    assert_eq!(err, "");
    insta::assert_snapshot!(out, @r#"
    # Probes of shop, written by `handover health config kubernetes` from handover.toml.
    # As it is: kubectl patch deployment NAME --patch-file FILE; or by hand what stands beside `name`.
    spec:
      template:
        spec:
          # Until it is killed: 4s 500ms before SIGTERM, 25s to finish requests (strategy.drain), 20s to stop (release.grace).
          terminationGracePeriodSeconds: 50
          containers:
            - name: web
              # Until it has answered once, neither of the others asks: health.start_limit, in steps of health.interval.
              startupProbe:
                httpGet:
                  path: /startupz
                  port: 3000
                periodSeconds: 2
                timeoutSeconds: 2
                successThreshold: 1
                failureThreshold: 45
              # Takes the pod out of its Service, and puts it back: health.path, interval, timeout, rise and fall.
              readinessProbe:
                httpGet:
                  path: /health/ready
                  port: 3000
                periodSeconds: 2
                timeoutSeconds: 2
                successThreshold: 2
                failureThreshold: 3
              # Restarts the container, which mends only a process that hangs: so this path asks no dependency,
              # seldom and with patience, or one that is down would take every replica with it.
              livenessProbe:
                httpGet:
                  path: "/livez?a=b&c"
                  port: 3000
                periodSeconds: 10
                timeoutSeconds: 5
                successThreshold: 1
                failureThreshold: 6
              # Requests still come while its endpoint is withdrawn: it serves on for so long before SIGTERM.
              lifecycle:
                preStop:
                  sleep:
                    seconds: 5
    "#);
}

/// What the types of Kubernetes read, they write again: a key that they do not know would be gone.
#[test]
fn the_types_of_kubernetes_take_it_whole() {
    let dir = shop();
    for more in [&[][..], &["--pre-stop", "5s", "--port", "3000"]] {
        let (out, _) = written(dir.path(), &[&["kubernetes"], more].concat());
        let read: Value = serde_yaml_ng::from_str(&out).unwrap();
        assert_eq!(read, object(dir.path(), &[&["kubernetes"], more].concat())["config"]);
        let pod = &read["spec"]["template"]["spec"];
        let typed: PodSpec = serde_json::from_value(pod.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), *pod);
        let container = &typed.containers[0];
        let [start, ready, live] =
            [&container.startup_probe, &container.readiness_probe, &container.liveness_probe]
                .map(|probe| probe.as_ref().unwrap());
        assert!(start.failure_threshold.unwrap() * start.period_seconds.unwrap() >= 90);
        // Kubernetes refuses any other number there.
        assert_eq!((start.success_threshold, live.success_threshold), (Some(1), Some(1)));
        assert_ne!(live.http_get.as_ref().unwrap().path, ready.http_get.as_ref().unwrap().path);
        assert!(live.period_seconds > ready.period_seconds);
    }
}

#[test]
fn a_key_that_kubernetes_does_not_know_would_be_found() {
    let wrong = serde_json::json!({"containers": [{"name": "shop", "livenessProbe": {"periodSecond": 1}}]});
    let typed: PodSpec = serde_json::from_value(wrong.clone()).unwrap();
    assert_ne!(serde_json::to_value(&typed).unwrap(), wrong);
}

#[test]
fn kubectl_patches_a_deployment_with_it_and_touches_nothing_else() {
    let Some(kubectl) = found("kubectl") else { return };
    let dir = shop();
    written(dir.path(), &["kubernetes", "--output", "probes.yaml"]);
    fs::write(dir.path().join("deployment.json"), DEPLOYMENT).unwrap();
    let mut patch = Command::new(kubectl);
    patch.args(["patch", "--local", "-f", "deployment.json", "--patch-file", "probes.yaml", "-o", "json"]);
    let patched = patch.current_dir(dir.path()).output().unwrap();
    assert!(patched.status.success(), "{}", String::from_utf8_lossy(&patched.stderr));
    let patched: Value = serde_json::from_slice(&patched.stdout).unwrap();
    let containers = patched["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    let shop = containers.iter().find(|container| container["name"] == "shop").unwrap();
    let side = containers.iter().find(|container| container["name"] == "side").unwrap();
    assert_eq!((containers.len(), shop["image"].as_str()), (2, Some("shop:1")));
    assert_eq!(shop["readinessProbe"]["httpGet"]["path"], "/health/ready");
    assert_eq!(side, &serde_json::json!({"name": "side", "image": "side:1"}));
    assert_eq!(patched["spec"]["template"]["spec"]["terminationGracePeriodSeconds"], 45);
}
