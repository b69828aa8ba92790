use super::samples::{check, error, failing, report};
use crate::health::Criticality;
use crate::lifecycle::Stage;
use crate::page::pages::{Endpoint, Format, Pages};
use crate::{CheckReport, CheckStatus, FlowReport, FlowStep, LocalReport, ProbeClass, Report};

/// Status, media type and body.
fn shown(report: &Report, endpoint: Endpoint, format: Format) -> String {
    let pages = Pages::new(report);
    let page = pages.of(report, endpoint, format);
    let again = page.retry_after.map_or(String::new(), |seconds| format!(", again in {seconds} s"));
    format!("{} {}{again}\n{}", page.status, page.content_type, String::from_utf8_lossy(&page.body))
}

fn strategy(report: &Report, endpoint: Endpoint) -> String {
    shown(report, endpoint, Format::Strategy)
}

fn well() -> Report {
    report(Stage::Serving, ["api", "database", "redis", "openai"].map(check).into())
}

fn down() -> Report {
    let checks =
        vec![check("api"), failing("database", ProbeClass::Timeout), check("redis"), check("openai")];
    report(Stage::Serving, checks)
}

fn degraded() -> Report {
    let openai =
        CheckReport { criticality: Criticality::Degrades, ..failing("openai", ProbeClass::Status(502)) };
    report(Stage::Serving, vec![check("api"), check("database"), openai])
}

fn starting() -> Report {
    let unheard = |name| CheckReport { status: CheckStatus::Unknown, took: None, age: None, ..check(name) };
    Report {
        startup: vec![failing("migrated", ProbeClass::Unready)],
        ..report(Stage::Starting, vec![unheard("database")])
    }
}

fn dead() -> Report {
    let live = [("worker", Some(ProbeClass::Timeout)), ("scheduler", None)];
    let live = live.map(|(name, class)| LocalReport { name: name.into(), error: class.map(error) });
    Report { live: live.into(), ..well() }
}

#[test]
fn health_says_ok_and_the_version() {
    insta::assert_snapshot!(strategy(&well(), Endpoint::Health), @r#"
    200 application/json
    {"status":"ok","timestamp":"2025-11-29T08:14:43.120Z","uptime":90061.234,"version":"2.0.0"}
    "#);
}

#[test]
fn ready_names_each_check_and_a_failed_critical_one_gives_503() {
    insta::assert_snapshot!(strategy(&well(), Endpoint::Ready), @r#"
    200 application/json
    {"status":"ready","checks":{"api":"ok","database":"ok","redis":"ok","openai":"ok"},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(strategy(&down(), Endpoint::Ready), @r#"
    503 application/json, again in 7 s
    {"status":"not_ready","checks":{"api":"ok","database":"error","redis":"ok","openai":"ok"},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
}

#[test]
fn a_check_that_only_degrades_shows_its_error_and_stays_ready() {
    insta::assert_snapshot!(strategy(&degraded(), Endpoint::Ready), @r#"
    200 application/json
    {"status":"ready","checks":{"api":"ok","database":"ok","openai":"error"},"degraded":true,"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
}

#[test]
fn before_the_first_answers_all_is_unknown_and_not_ready() {
    insta::assert_snapshot!(strategy(&starting(), Endpoint::Ready), @r#"
    503 application/json, again in 7 s
    {"status":"not_ready","checks":{"database":"unknown"},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(strategy(&starting(), Endpoint::Startup), @r#"
    503 application/json, again in 7 s
    {"status":"starting","checks":{"migrated":"error"},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(strategy(&well(), Endpoint::Startup), @r#"
    200 application/json
    {"status":"started","checks":{},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
}

#[test]
fn while_draining_nothing_is_wrong_and_it_is_not_ready() {
    let draining = report(Stage::Draining, vec![check("database")]);
    insta::assert_snapshot!(strategy(&draining, Endpoint::Ready), @r#"
    503 application/json, again in 1 s
    {"status":"not_ready","checks":{"database":"ok"},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(shown(&draining, Endpoint::Ready, Format::Text), @"
    503 text/plain; charset=utf-8, again in 1 s
    [+]database ok
    not ready: draining
    ");
}

#[test]
fn liveness_says_who_it_is_and_dies_of_a_local_probe_alone() {
    insta::assert_snapshot!(strategy(&down(), Endpoint::Live), @r#"
    200 application/json
    {"status":"alive","pid":4711,"memory":{"rss":48234496},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(strategy(&dead(), Endpoint::Live), @r#"
    503 application/json, again in 1 s
    {"status":"dead","pid":4711,"memory":{"rss":48234496},"timestamp":"2025-11-29T08:14:43.120Z"}
    "#);
    insta::assert_snapshot!(shown(&dead(), Endpoint::Live, Format::Text), @"
    503 text/plain; charset=utf-8, again in 1 s
    [-]worker failed: timeout
    [+]scheduler ok
    dead
    ");
}

#[test]
fn health_json_is_that_of_the_draft() {
    insta::assert_snapshot!(shown(&degraded(), Endpoint::Ready, Format::HealthJson), @r#"
    200 application/health+json
    {"status":"warn","version":"2.0.0","serviceId":"shop","notes":["degraded"],"output":"openai: status_5xx","checks":{"api:responseTime":[{"componentType":"component","observedValue":1.25,"observedUnit":"ms","status":"pass","time":"2025-11-29T08:14:42.320Z"}],"database:responseTime":[{"componentType":"component","observedValue":1.25,"observedUnit":"ms","status":"pass","time":"2025-11-29T08:14:42.320Z"}],"openai:responseTime":[{"componentType":"component","status":"warn","time":"2025-11-29T08:14:42.320Z","output":"status_5xx"}],"uptime":[{"componentType":"system","observedValue":90061.0,"observedUnit":"s","status":"pass","time":"2025-11-29T08:14:43.120Z"}]}}
    "#);
    insta::assert_snapshot!(shown(&down(), Endpoint::Ready, Format::HealthJson), @r#"
    503 application/health+json, again in 7 s
    {"status":"fail","version":"2.0.0","serviceId":"shop","notes":["unready"],"output":"database: timeout","checks":{"api:responseTime":[{"componentType":"component","observedValue":1.25,"observedUnit":"ms","status":"pass","time":"2025-11-29T08:14:42.320Z"}],"database:responseTime":[{"componentType":"component","status":"fail","time":"2025-11-29T08:14:42.320Z","output":"timeout"}],"openai:responseTime":[{"componentType":"component","observedValue":1.25,"observedUnit":"ms","status":"pass","time":"2025-11-29T08:14:42.320Z"}],"redis:responseTime":[{"componentType":"component","observedValue":1.25,"observedUnit":"ms","status":"pass","time":"2025-11-29T08:14:42.320Z"}],"uptime":[{"componentType":"system","observedValue":90061.0,"observedUnit":"s","status":"pass","time":"2025-11-29T08:14:43.120Z"}]}}
    "#);
    insta::assert_snapshot!(shown(&dead(), Endpoint::Live, Format::HealthJson), @r#"
    503 application/health+json, again in 1 s
    {"status":"fail","version":"2.0.0","serviceId":"shop","output":"worker: timeout","checks":{"scheduler":[{"componentType":"component","status":"pass","time":"2025-11-29T08:14:43.120Z"}],"uptime":[{"componentType":"system","observedValue":90061.0,"observedUnit":"s","status":"pass","time":"2025-11-29T08:14:43.120Z"}],"worker":[{"componentType":"component","status":"fail","time":"2025-11-29T08:14:43.120Z","output":"timeout"}]}}
    "#);
    insta::assert_snapshot!(shown(&well(), Endpoint::Health, Format::HealthJson), @r#"
    200 application/health+json
    {"status":"pass","version":"2.0.0","serviceId":"shop","checks":{"uptime":[{"componentType":"system","observedValue":90061.0,"observedUnit":"s","status":"pass","time":"2025-11-29T08:14:43.120Z"}]}}
    "#);
}

#[test]
fn microprofile_knows_nothing_between_up_and_down() {
    insta::assert_snapshot!(shown(&degraded(), Endpoint::Ready, Format::MicroProfile), @r#"
    200 application/json
    {"status":"UP","checks":[{"name":"readiness","status":"UP","data":{"state":"degraded"}},{"name":"api","status":"UP"},{"name":"database","status":"UP"},{"name":"openai","status":"UP","data":{"criticality":"degrades","error":"status_5xx","state":"error"}}]}
    "#);
    insta::assert_snapshot!(shown(&down(), Endpoint::Ready, Format::MicroProfile), @r#"
    503 application/json, again in 7 s
    {"status":"DOWN","checks":[{"name":"readiness","status":"UP","data":{"state":"unready"}},{"name":"api","status":"UP"},{"name":"database","status":"DOWN","data":{"criticality":"critical","error":"timeout","state":"error"}},{"name":"redis","status":"UP"},{"name":"openai","status":"UP"}]}
    "#);
    insta::assert_snapshot!(shown(&starting(), Endpoint::Health, Format::MicroProfile), @r#"
    503 application/json, again in 7 s
    {"status":"DOWN","checks":[{"name":"readiness","status":"DOWN","data":{"state":"starting"}},{"name":"database","status":"DOWN","data":{"criticality":"critical","state":"unknown"}},{"name":"startup","status":"DOWN","data":{"state":"starting"}},{"name":"migrated","status":"DOWN","data":{"criticality":"critical","error":"unready","state":"error"}}]}
    "#);
    insta::assert_snapshot!(shown(&well(), Endpoint::Live, Format::MicroProfile), @r#"
    200 application/json
    {"status":"UP","checks":[]}
    "#);
}

#[test]
fn text_is_a_line_per_check() {
    let open = CheckReport { failing_open: true, ..failing("redis", ProbeClass::Refused) };
    let doubtful = CheckReport { error: Some(error(ProbeClass::Reset)), ..check("queue") };
    let unheard = CheckReport { status: CheckStatus::Unknown, ..check("mail") };
    let all = report(
        Stage::Serving,
        vec![check("api"), failing("database", ProbeClass::Timeout), open, doubtful, unheard],
    );
    insta::assert_snapshot!(shown(&all, Endpoint::Ready, Format::Text), @"
    503 text/plain; charset=utf-8, again in 7 s
    [+]api ok
    [-]database failed: timeout
    [!]redis failed, traffic goes on: refused
    [+]queue ok, last answer: reset
    [-]mail unknown
    not ready: unready
    ");
    insta::assert_snapshot!(shown(&well(), Endpoint::Health, Format::Text), @"
    200 text/plain; charset=utf-8
    ok: shop 2.0.0
    ");
}

#[test]
fn details_say_what_the_dependencies_said() {
    insta::assert_snapshot!(shown(&down(), Endpoint::Ready, Format::Details), @r#"
    503 application/json, again in 7 s
    {"checks":{"api":"ok","database":"error","openai":"ok","redis":"ok"},"status":"not_ready","timestamp":"2025-11-29T08:14:43.120Z","state":"unready","service":"shop","version":"2.0.0","details":[{"age_ms":800.0,"asked":7,"changes":[],"criticality":"critical","detail":null,"error":null,"failing_open":false,"measured":null,"name":"api","p95_ms":null,"status":"ok","took_ms":1.25},{"age_ms":800.0,"asked":7,"changes":[{"at":"2025-11-29T08:14:41.000Z","error":"timeout","from":"up","lasted_ms":90000.0,"to":"down"}],"criticality":"critical","detail":"postgres://shop:hunter2@10.1.2.3/shop?select=password","error":"timeout","failing_open":false,"measured":null,"name":"database","p95_ms":3.0,"status":"error","took_ms":null},{"age_ms":800.0,"asked":7,"changes":[],"criticality":"critical","detail":null,"error":null,"failing_open":false,"measured":null,"name":"redis","p95_ms":null,"status":"ok","took_ms":1.25},{"age_ms":800.0,"asked":7,"changes":[],"criticality":"critical","detail":null,"error":null,"failing_open":false,"measured":null,"name":"openai","p95_ms":null,"status":"ok","took_ms":1.25}]}
    "#);
}

#[cfg(feature = "tower")]
#[test]
fn a_smoke_test_lists_its_steps_and_the_class_of_what_failed() {
    let passed = |name| FlowStep { name, end: Ok(std::time::Duration::from_millis(3)) };
    let steps = vec![passed("create_scan"), passed("query_scan")];
    let at = handover_core::Timestamp::from_unix_millis(1_764_404_083_120);
    let good = FlowReport { steps: steps.clone(), at, cancelled: false };
    let failed = FlowStep { name: "delete_scan", end: Err(error(ProbeClass::Timeout)) };
    let bad = FlowReport { steps: steps.into_iter().chain([failed]).collect(), ..good.clone() };
    let body = |report| String::from_utf8(crate::page::smoke(report)).unwrap();
    insta::assert_snapshot!(body(&good), @r#"{"status":"smoke_test_passed","tests":[{"name":"create_scan","status":"pass"},{"name":"query_scan","status":"pass"}],"timestamp":"2025-11-29T08:14:43.120Z"}"#);
    insta::assert_snapshot!(body(&bad), @r#"{"status":"smoke_test_failed","tests":[{"name":"create_scan","status":"pass"},{"name":"query_scan","status":"pass"},{"name":"delete_scan","status":"fail","error":"timeout"}],"timestamp":"2025-11-29T08:14:43.120Z"}"#);
}
