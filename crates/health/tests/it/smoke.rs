use std::time::Duration;

use handover_health::SmokeTest;

use crate::server::{Act, Server, answer, nobody};

async fn service() -> Server {
    Server::by(|path| match path {
        "/fine" => Act::Say(answer(200, "", "ok")),
        "/gone" => Act::Say(answer(410, "", "")),
        "/broken" => Act::Say(answer(500, "", &format!("boom\u{1b}]0;owned\u{7}\n{}", "x".repeat(500)))),
        _ => Act::Stall(Vec::new()),
    })
    .await
}

#[tokio::test]
async fn the_report_names_each_failed_step_with_what_came_back() {
    let server = service().await;
    let tests = [
        SmokeTest::new("/fine").named("home page"),
        SmokeTest::new("/gone").expecting(410),
        SmokeTest::new("/gone").named("basket"),
        SmokeTest::new("/broken").named("checkout"),
        SmokeTest::new("/hangs").within(Duration::from_millis(60)),
        SmokeTest::new("no path").named("typo"),
    ];
    let report = SmokeTest::run_all(&tests, server.addr).await;
    assert!(!report.passed());
    assert_eq!(report.failures().count(), 4);
    let text = report.to_string().replace(&"x".repeat(180), "XXX");
    let text: Vec<_> = text.lines().map(|line| line.split(" passed in ").next().unwrap_or(line)).collect();
    insta::assert_snapshot!(text.join("\n"), @r#"
    home page:
    /gone:
    basket: /gone answered 410, not 200
    checkout: /broken answered 500, not 200: boom ]0;owned  XXXxxxxx…
    /hangs: no answer in time
    typo: "no path" is not a path such as "/health"
    "#);
}

#[tokio::test]
async fn headers_reach_the_service_and_no_debug_output() {
    let server = service().await;
    let test = SmokeTest::new("/fine").with_header("handover-pin", "s3cret");
    assert!(SmokeTest::run_all(std::slice::from_ref(&test), server.addr).await.passed());
    assert!(server.requests()[0].contains("handover-pin: s3cret\r\n"));
    assert!(!format!("{test:?}").contains("s3cret"));
}

#[tokio::test]
async fn no_service_fails_the_step() {
    let step = SmokeTest::new("/").run(nobody().await).await;
    insta::assert_snapshot!(step, @"/: connection refused");
}

#[tokio::test]
async fn who_posts_says_that_its_body_is_empty() {
    let server = service().await;
    let step = SmokeTest::new("/fine").posting().run(server.addr).await;
    assert!(step.passed());
    let request = server.requests()[0].to_lowercase();
    assert!(
        request.starts_with("post /fine http/1.1\r\n") && request.contains("content-length: 0\r\n"),
        "{request}"
    );
}
