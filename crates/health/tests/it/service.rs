//! The endpoints, asked without a socket.

use std::fmt::Write as _;
use std::time::Duration;

use handover_health::{
    Answering, Check, Health, HealthService, ProbeClass, ProbeError, SmokeAccess, SmokeFlow, SmokeRun,
};
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use tower_service::Service as _;

use crate::scripted::{Behaviour, Dependency};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const SECOND: Duration = Duration::from_secs(1);

async fn service(behaviour: Behaviour) -> HealthService {
    let check = Check::new("database", Dependency::that(behaviour)).every(SECOND).jitter(0.0).fall(1);
    let health = Health::builder("shop", "2.0.0").check(check).start().unwrap();
    health.settled(5 * SECOND).await;
    HealthService::new(&health)
}

fn request(line: &str, headers: &[(&str, &str)]) -> Request<()> {
    let (method, uri) = line.split_once(' ').unwrap();
    let builder = Request::builder().method(method).uri(uri);
    headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value)).body(()).unwrap()
}

/// Status, the headers that mean something, and the body.
async fn ask(service: &HealthService, line: &str, headers: &[(&str, &str)]) -> String {
    let answering: Answering = service.clone().call(request(line, headers));
    shown(answering.await.unwrap()).await
}

async fn shown(answer: Response<Full<bytes::Bytes>>) -> String {
    let (head, body) = answer.into_parts();
    let headers = head.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    format!("{}\n{}\n{body}", head.status, headers.collect::<String>())
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", "TIME");
    settings.add_filter(r#""pid":\d+,"memory":\{"rss":\d+\}"#, r#""pid":PID,"memory":{"rss":RSS}"#);
    settings.add_filter(r#""uptime":[\d.]+"#, r#""uptime":UP"#);
    settings.add_filter(r"content-length: \d+", "content-length: LENGTH");
    settings
}

#[tokio::test(start_paused = true)]
async fn every_endpoint_answers_get() {
    let service = service(Behaviour::Well).await;
    let mut answers = Vec::new();
    for path in ["/health", "/health/ready", "/health/live", "/health/startup", "/smoke-test", "/other"] {
        answers.push(format!("# {path}\n{}", ask(&service, &format!("GET {path}"), &[]).await));
    }
    settings().bind(|| {
        insta::assert_snapshot!(answers.join("\n"), @r#"
    # /health
    200 OK
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store
    vary: accept
    x-health-state: ready

    {"status":"ok","timestamp":"TIME","uptime":UP,"version":"2.0.0"}
    # /health/ready
    200 OK
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store
    vary: accept
    x-health-state: ready

    {"status":"ready","checks":{"database":"ok"},"timestamp":"TIME"}
    # /health/live
    200 OK
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store
    vary: accept
    x-health-state: ready

    {"status":"alive","pid":PID,"memory":{"rss":RSS},"timestamp":"TIME"}
    # /health/startup
    200 OK
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store
    vary: accept
    x-health-state: ready

    {"status":"started","checks":{},"timestamp":"TIME"}
    # /smoke-test
    404 Not Found
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store

    {"error":"not_found"}
    # /other
    404 Not Found
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store

    {"error":"not_found"}
    "#);
    });
}

#[tokio::test(start_paused = true)]
async fn what_is_not_ready_says_when_to_come_again() {
    let service = service(Behaviour::Fails(ProbeClass::Refused)).await;
    let answer = ask(&service, "GET /health/ready", &[]).await;
    settings().bind(|| {
        insta::assert_snapshot!(answer, @r#"
    503 Service Unavailable
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store
    vary: accept
    x-health-state: unready
    retry-after: 2

    {"status":"not_ready","checks":{"database":"error"},"timestamp":"TIME"}
    "#);
    });
}

#[tokio::test(start_paused = true)]
async fn head_is_get_without_its_body_and_nothing_else_is_allowed() {
    let service = service(Behaviour::Well).await;
    let (get, head) =
        (ask(&service, "GET /health/ready", &[]).await, ask(&service, "HEAD /health/ready", &[]).await);
    let (get, body) = get.split_once("\n\n").unwrap();
    assert!(!body.is_empty());
    assert_eq!(head, format!("{get}\n\n"));
    let answer = ask(&service, "DELETE /health/ready", &[]).await;
    insta::assert_snapshot!(answer, @r#"
    405 Method Not Allowed
    content-type: application/json
    content-length: 30
    cache-control: no-store
    allow: GET, HEAD

    {"error":"method_not_allowed"}
    "#);
}

/// A path, headers, and the media type of the answer.
type Asked = (&'static str, &'static [(&'static str, &'static str)], &'static str);

#[tokio::test(start_paused = true)]
async fn the_format_is_what_was_asked_for() {
    let service = service(Behaviour::Well).await;
    let json = "application/health+json";
    let asked: [Asked; 13] = [
        ("/health/ready", &[("accept", "application/health+json")], json),
        ("/health/ready", &[("accept", "text/html, Application/Health+JSON;q=0.9, */*")], json),
        ("/health/ready", &[("accept", "text/html"), ("accept", "application/health+json")], json),
        ("/health/ready", &[("accept", "application/health+json;q=0")], "application/json"),
        ("/health/ready", &[("accept", "application/health+json;Q=0")], "application/json"),
        ("/health/ready", &[("accept", "*/*")], "application/json"),
        ("/health/ready?format=health+json", &[], json),
        ("/health/ready?format=health%2Bjson", &[], json),
        ("/health/ready?format=microprofile", &[("accept", "application/health+json")], "application/json"),
        ("/health/ready?verbose", &[], "text/plain; charset=utf-8"),
        ("/health/ready?_=17&verbose=1", &[], "text/plain; charset=utf-8"),
        ("/health/ready?cache=buster&x", &[], "application/json"),
        ("/health/ready?format=json", &[("accept", "application/health+json")], "application/json"),
    ];
    for (path, headers, wanted) in asked {
        let answer = ask(&service, &format!("GET {path}"), headers).await;
        assert!(answer.contains(&format!("content-type: {wanted}\n")), "{path} {headers:?}: {answer}");
        assert!(answer.starts_with("200 OK"), "{answer}");
    }
    let unknown = ask(&service, "GET /health/ready?format=yaml", &[]).await;
    insta::assert_snapshot!(unknown, @r#"
    400 Bad Request
    content-type: application/json
    content-length: 26
    cache-control: no-store

    {"error":"unknown_format"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn details_are_for_who_shows_the_token() {
    let open = service(Behaviour::Fails(ProbeClass::Auth)).await;
    let closed = open.clone().with_token(TOKEN).unwrap();
    let right = format!("Bearer {TOKEN}");
    let lower = format!("bearer  {TOKEN} ");
    for header in [right.as_str(), lower.as_str()] {
        let answer = ask(&closed, "GET /health/ready?details", &[("authorization", header)]).await;
        assert!(answer.starts_with("503") && answer.contains("hunter2"), "{answer}");
    }
    let almost = format!("Bearer {TOKEN}0");
    for header in [almost.as_str(), "Bearer ", "Bearer", "Basic 0123456789abcdef0123456789abcdef", ""] {
        let answer = ask(&closed, "GET /health/ready?details", &[("authorization", header)]).await;
        assert!(
            answer.starts_with("401") && answer.contains("www-authenticate: Bearer"),
            "{header}: {answer}"
        );
    }
    // Without a token there is nothing to show.
    let answer = ask(&open, "GET /health/ready?details", &[("authorization", "Bearer ")]).await;
    insta::assert_snapshot!(answer, @r#"
    401 Unauthorized
    content-type: application/json
    content-length: 24
    cache-control: no-store
    www-authenticate: Bearer

    {"error":"unauthorized"}
    "#);
    // Without details the header is not looked at: a proxy may send one of its own.
    assert!(ask(&closed, "GET /health/ready", &[("authorization", "Basic x")]).await.starts_with("503"));
}

#[test]
fn a_token_that_could_be_guessed_is_refused_and_none_is_ever_printed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let health = Health::builder("shop", "2.0.0").start().unwrap();
        let refused = HealthService::new(&health).with_token("hunter2-hunter2").unwrap_err();
        insta::assert_snapshot!(refused, @"the token for the details has 15 characters");
        let shown = format!("{:?}", HealthService::new(&health).with_token(TOKEN).unwrap());
        assert!(!shown.contains(TOKEN) && shown.contains("Token"), "{shown}");
    });
}

fn flow(ends: fn() -> Result<(), ProbeError>) -> SmokeFlow {
    SmokeFlow::new().step("create_scan", SECOND, move |_: SmokeRun| async move { ends() })
}

#[tokio::test(start_paused = true)]
async fn a_smoke_test_passes_with_200_and_fails_with_500() {
    let service = service(Behaviour::Well).await;
    let passes = service.clone().with_smoke(flow(|| Ok(())), SmokeAccess::Post);
    let fails = service.with_smoke(flow(|| Err(ProbeError::other("password=hunter2"))), SmokeAccess::Post);
    let answers = [ask(&passes, "POST /smoke-test", &[]).await, ask(&fails, "POST /smoke-test", &[]).await];
    settings().bind(|| insta::assert_snapshot!(answers.join("\n"), @r#"
    200 OK
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store

    {"status":"smoke_test_passed","tests":[{"name":"create_scan","status":"pass"}],"timestamp":"TIME"}
    500 Internal Server Error
    content-type: application/json
    content-length: LENGTH
    cache-control: no-store

    {"status":"smoke_test_failed","tests":[{"name":"create_scan","status":"fail","error":"other"}],"timestamp":"TIME"}
    "#));
}

#[tokio::test(start_paused = true)]
async fn who_may_run_the_smoke_test_is_said_by_its_access() {
    let service = service(Behaviour::Well).await.with_token(TOKEN).unwrap();
    let right = format!("Bearer {TOKEN}");
    let basic: &[(&str, &str)] = &[("authorization", "Basic eDp5")];
    let shown: [&[(&str, &str)]; 4] =
        [&[], &[("authorization", &right)], &[("authorization", "Bearer x")], basic];
    let mut table = String::new();
    for access in [SmokeAccess::Post, SmokeAccess::Token, SmokeAccess::Get] {
        let service = service.clone().with_smoke(flow(|| Ok(())), access);
        for method in [Method::GET, Method::POST, Method::HEAD] {
            let mut statuses = Vec::new();
            for headers in shown {
                let answer = ask(&service, &format!("{method} /smoke-test"), headers).await;
                statuses.push(answer.split(' ').next().unwrap().to_owned());
            }
            writeln!(table, "{access:?} {method}: {}", statuses.join(" ")).unwrap();
        }
    }
    insta::assert_snapshot!(table, @"
    Post GET: 405 200 401 405
    Post POST: 200 200 401 200
    Post HEAD: 405 405 405 405
    Token GET: 401 200 401 401
    Token POST: 401 200 401 401
    Token HEAD: 405 405 405 405
    Get GET: 200 200 401 200
    Get POST: 200 200 401 200
    Get HEAD: 405 405 405 405
    ");
}
