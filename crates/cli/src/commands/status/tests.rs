use std::time::Duration;

use handover_core::{Fence, Slot};
use handover_edge::api::{GuardNote, LaunchFailure, RunEnd};
use handover_runbook::{Body, Ending};
use handover_traffic::{Route, Split};

use super::picture::Picture;
use crate::commands::fixtures::{BEGAN, SECRET, idle, plan, records, status};

fn sealed() -> Body {
    Body::Sealed { plan: plan().seal().unwrap() }
}

fn shown(status: &handover_edge::api::AgentStatus, bodies: Vec<Body>) -> String {
    let at = BEGAN.plus(Duration::from_mins(185));
    Picture::of(Some("shop".into()), Some(status), &records(bodies), at).to_string()
}

#[test]
fn a_run_in_progress_is_shown_with_its_step_and_both_slots() {
    let note = serde_json::json!({ "ask": "go on without \u{1b}[31mproof?" });
    let step = handover_runbook::StepName::new("judge-10");
    let bodies = vec![sealed(), Body::Watching { step: step.clone() }, Body::Noted { step, note }];
    insta::assert_snapshot!(shown(&status(), bodies), @r"
    service  shop on 0.0.0.0:8080
    agent    process 4711, version 0.1.0, since 2026-11-23 01:12:44Z (3h 5m)
    traffic  blue 90 %, green 10 %
    stable   v41 in blue
    lease    driver of 20261123-011244-abcd (pid 99) since 2026-11-23 01:12:44Z, fence 3, 12s left
    run      20261123-011244-abcd, release v42: judge-10, waits for a person: go on without \u{1b}[31mproof?
    driver   process 99, started 2 times

    SLOT   RELEASE  SHARE  READY  REQUESTS  ERRORS       P95   IN FLIGHT  KEPT UNTIL
    blue   v41      90 %   1/1    12,345    2 (0.0 %)    12ms  6          -
    green  v42      10 %   1/2    402       81 (20.1 %)  -     0          -
    green/1: not ready (launched again once): 503 \u{1b}[2Jfrom /health
    ");
}

#[test]
fn an_idle_service_is_shown_with_its_last_run_and_what_is_kept() {
    let mut status = idle();
    status.route.route = Route::hold(Split::ALL_GREEN, BEGAN.plus(Duration::from_secs(11_110)));
    status.slots[Slot::Blue].retained_until = Some(BEGAN.plus(Duration::from_hours(24)));
    status.last_guard = Some(GuardNote {
        run: plan().run,
        fence: Fence::new(9),
        at: BEGAN,
        why: "the driver gave no sign of life\n for 15 s".into(),
    });
    insta::assert_snapshot!(shown(&status, vec![sealed(), Body::Ended { ending: Ending::Done }]), @r"
    service  shop on 0.0.0.0:8080
    agent    process 4711, version 0.1.0, since 2026-11-23 01:12:44Z (3h 5m)
    traffic  blue 0 %, green 100 %; held: requests wait for 10s more
    stable   v41 in blue
    lease    free
    last run 20261123-011244-abcd, release v42: promoted at 2026-11-23 01:12:45Z
    guard    2026-11-23 01:12:44Z: took the traffic back from run 20261123-011244-abcd: the driver gave no sign of life\n for 15 s

    SLOT   RELEASE  SHARE  READY  REQUESTS  ERRORS       P95   IN FLIGHT  KEPT UNTIL
    blue   v41      0 %    1/1    12,345    2 (0.0 %)    12ms  6          2026-11-24 01:12:44Z
    green  v42      100 %  1/2    402       81 (20.1 %)  -     0          -
    green/1: not ready (launched again once): 503 \u{1b}[2Jfrom /health
    ");
}

#[test]
fn what_is_absent_is_a_dash_and_a_failed_launch_shows_its_last_lines() {
    let mut status = idle();
    (status.stable, status.route.in_flight, status.recent) = (None, None, handover_core::BySlot::default());
    let green = &mut status.slots[Slot::Green];
    (green.instances, green.release) = (Vec::new(), None);
    green.failure = Some(LaunchFailure {
        cause: "it exited at once".into(),
        log_tail: vec!["\u{1b}]0;owned\u{7}KeyError".into()],
    });
    status.last_end = Some(RunEnd { run: plan().run, ending: "refused".into() });
    insta::assert_snapshot!(shown(&status, Vec::new()), @r"
    service  shop on 0.0.0.0:8080
    agent    process 4711, version 0.1.0, since 2026-11-23 01:12:44Z (3h 5m)
    traffic  blue 90 %, green 10 %
    stable   none yet
    lease    free
    last run 20261123-011244-abcd: refused

    SLOT   RELEASE  SHARE  READY  REQUESTS  ERRORS  P95  IN FLIGHT  KEPT UNTIL
    blue   v41      90 %   1/1    0         0       -    -          -
    green  -        10 %   -      0         0       -    -          -
    green: the launch failed: it exited at once
          log: \u{1b}]0;owned\u{7}KeyError
    ");
}

#[test]
fn without_an_agent_the_journal_is_told() {
    let picture =
        |bodies: Vec<Body>| Picture::of(Some("shop".into()), None, &records(bodies), BEGAN).to_string();
    insta::assert_snapshot!(picture(vec![sealed()]), @"
    service  shop
    agent    none runs
    last run 20261123-011244-abcd, release v42: stopped at starting, nobody drives it; `handover resume` goes on
    ");
    insta::assert_snapshot!(picture(vec![]), @"
    service  shop
    agent    none runs
    last run none yet
    ");
    insta::assert_snapshot!(picture(vec![Body::Sealed { plan: 7.into() }, Body::Ended { ending: Ending::Done }]), @"
    service  shop
    agent    none runs
    last run 20261123-011244-abcd, a plan that cannot be read: promoted at 2026-11-23 01:12:45Z
    ");
}

#[test]
fn strange_numbers_do_no_harm() {
    let mut status = idle();
    for (slot, p95) in [(Slot::Blue, -1.0), (Slot::Green, f64::INFINITY)] {
        status.recent[slot].p95 = Some(p95);
    }
    let text = shown(&status, Vec::new());
    assert!(text.contains("12,345    2 (0.0 %)    -    6"), "{text}");
}

#[test]
fn no_form_shows_the_secret_that_pins_requests() {
    let picture = Picture::of(None, Some(&status()), &records([sealed()]), BEGAN);
    let json = serde_json::to_string(&picture).unwrap();
    assert!(
        json.starts_with(r#"{"version":1,"service":"shop","at":1795396364000,"agent":{"pid":4711"#),
        "{json}"
    );
    assert!(!json.contains(SECRET) && !picture.to_string().contains(SECRET));
}

#[test]
fn views_are_shown_as_they_were_last_told_of() {
    let step = handover_runbook::StepName::new("views");
    let view = |name: &str, standing: &str, class: serde_json::Value, counts: bool| {
        serde_json::json!({
            "name": name, "standing": standing, "class": class, "since": BEGAN, "checks": 9, "p95_ms": 12, "counts": counts,
        })
    };
    let seen = [
        view("http://a/", "up", serde_json::Value::Null, true),
        view("http://b/", "down", "refused".into(), false),
    ];
    let evidence = serde_json::json!({ "views": seen, "decides": true });
    let lost = serde_json::json!({
        "name": "http://a/", "from": "up", "to": "down", "at": BEGAN, "lasted_ms": 9, "class": { "status": 503 },
    });
    let note = serde_json::json!({ "view": lost });
    let bodies = vec![sealed(), Body::Proceeded { step: step.clone(), evidence }, Body::Noted { step, note }];
    let lines = shown(&status(), bodies);
    let views: Vec<_> = lines.lines().filter(|line| line.starts_with("view ")).collect();
    insta::assert_snapshot!(views.join("\n"), @"
    view     http://a/ down (answered 503) for 3h 5m
    view     http://b/ down (connection refused) for 3h 5m, does not count: it was not up before the switch
    ");
}

#[test]
fn flags_are_shown_with_what_became_of_them() {
    let step = handover_runbook::StepName::new;
    let fates = serde_json::json!({ "flags": {
        "new_checkout": { "set": { "from": null, "to": "true" } },
        "old_ui": { "left": { "found": "false" } },
    } });
    let failed = vec!["flags not restored: new_checkout (type `handover flags remove new_checkout`)".into()];
    let bodies = vec![
        sealed(),
        Body::Verified { step: step("flags-before-shift"), proof: fates },
        Body::Failed { step: step("flags-restore"), causes: failed },
    ];
    let lines = shown(&status(), bodies);
    let flags: Vec<_> =
        lines.lines().filter(|line| line.starts_with("flag ") || line.starts_with("warning ")).collect();
    insta::assert_snapshot!(flags.join("\n"), @"
    flag     new_checkout is true now, not set before
    flag     old_ui is false: somebody else changed it, so it is left
    warning  flags not restored: new_checkout (type `handover flags remove new_checkout`)
    ");
}
