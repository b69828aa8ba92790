//! What stands in the store, and what readers get.

use std::time::Duration;

use handover_flags::{
    Change, Context, FlagEvent, FlagStore as _, Flags, Held, Key, MemoryStore, Reason, Revision, Safe, Source,
};

use super::script::Script;
use super::{contents, gate, rules, settle};

async fn started(script: &Script) -> Flags {
    let builder = Flags::builder(script.clone()).flag("off", Safe::Off).flag("on", Safe::On);
    builder.start_within(Duration::ZERO).start().await
}

#[tokio::test(start_paused = true)]
async fn a_change_reaches_every_kind_of_reader() {
    let store = MemoryStore::with(&[("x", true)]);
    let flags = Flags::builder(store.clone()).start().await;
    let handle = flags.handle("x");
    let mut followed = flags.subscribe("x");
    assert!(flags.is_enabled("x") && handle.get() && *followed.borrow_and_update());
    store.put(&gate("x"), "false", &Change::by("me")).await.unwrap();
    followed.changed().await.unwrap();
    assert!(!flags.is_enabled("x") && !handle.get() && !*followed.borrow_and_update());
    store.put(&gate("y"), "true", &Change::by("me")).await.unwrap();
    settle().await;
    assert!(flags.is_enabled("y"), "a flag that came later");
}

#[tokio::test(start_paused = true)]
async fn each_value_says_why_and_from_where() {
    let script = Script::new();
    let flags = started(&script).await;
    script.contents(contents(&[(gate("x"), "true"), (gate("odd"), "TRUE"), (gate("off"), "false")])).await;
    script.change(gate("on"), Some(Held::Unreadable("a hash, not a string".into()))).await;
    let said = |name| {
        let evaluation = flags.evaluate(name, &Context::new());
        (evaluation.value, evaluation.reason, evaluation.source)
    };
    assert_eq!(said("x"), (true, Reason::Gate, Source::Store));
    assert_eq!(said("off"), (false, Reason::Gate, Source::Store));
    assert_eq!(said("odd"), (false, Reason::Malformed, Source::Store));
    assert_eq!(said("on"), (true, Reason::Unreadable, Source::Safe));
    assert_eq!(said("nobody"), (false, Reason::Unknown, Source::Safe));
    let malformed: Vec<_> = flags.malformed().iter().map(|(key, why)| format!("{key}: {why}")).collect();
    insta::assert_snapshot!(malformed.join("\n"), @"
    feature:odd: `TRUE` is neither true nor false
    feature:on: a hash, not a string
    ");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_gone_leaves_the_safe_value() {
    let script = Script::new();
    let flags = started(&script).await;
    script.contents(contents(&[(gate("on"), "false"), (gate("x"), "true")])).await;
    assert!(!flags.is_enabled("on"));
    script.set(gate("on"), None).await;
    script.set(gate("x"), None).await;
    let lapsed = flags.evaluate("on", &Context::new());
    assert_eq!((lapsed.value, lapsed.reason), (true, Reason::Unset));
    assert_eq!(flags.evaluate("x", &Context::new()).reason, Reason::Unknown);
}

#[tokio::test(start_paused = true)]
async fn off_and_on_again_keeps_the_rules() {
    let script = Script::new();
    let flags = started(&script).await;
    let half = r#"{"rules":[{"percentage":50}]}"#;
    script.contents(contents(&[(gate("x"), "true"), (rules("x"), half)])).await;
    let on = |flags: &Flags| {
        let ids = (0..1000).map(|id| Context::new().user(id.to_string()));
        ids.filter(|context| flags.is_enabled_for("x", context)).count()
    };
    let first = on(&flags);
    assert!((400..600).contains(&first), "{first}");
    let by_chance = (0..1000).filter(|_| flags.is_enabled("x")).count();
    assert!((400..600).contains(&by_chance), "for nobody in particular: {by_chance}");
    script.set(gate("x"), Some("false")).await;
    assert_eq!(on(&flags), 0);
    script.set(gate("x"), Some("true")).await;
    assert_eq!(on(&flags), first);
    script.set(rules("x"), None).await;
    assert_eq!(on(&flags), 1000);
}

#[tokio::test(start_paused = true)]
async fn rules_that_make_no_sense_leave_the_last_that_did_and_without_any_the_safe_value() {
    let script = Script::new();
    let flags = started(&script).await;
    let nobody = r#"{"rules":[{"percentage":0}]}"#;
    script.contents(contents(&[(gate("x"), "true"), (rules("x"), nobody), (gate("on"), "true")])).await;
    script.set(rules("x"), Some("{")).await;
    script.set(rules("on"), Some("{")).await;
    let said = |name| {
        let evaluation = flags.evaluate(name, &Context::new());
        (evaluation.value, evaluation.reason)
    };
    assert_eq!(said("x"), (false, Reason::NoRule));
    assert_eq!(said("on"), (true, Reason::RulesUnreadable));
    assert_eq!(flags.malformed().len(), 2);
    script.set(rules("x"), Some("{}")).await;
    assert_eq!(said("x"), (true, Reason::Everybody));
    assert_eq!(flags.malformed().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_happens_is_told_once() {
    let script = Script::new();
    let flags = started(&script).await;
    let mut events = flags.events();
    script.contents(contents(&[(gate("x"), "true")])).await;
    script.contents(contents(&[(gate("x"), "true")])).await;
    script.set(gate("x"), Some("yes")).await;
    script.lose().await;
    script.lose().await;
    script.fresh().await;
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push(serde_json::to_string(&event).unwrap());
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"event":"delivery","delivery":{"by":"push"}}
    {"event":"changed","key":"feature:x","before":null,"after":{"text":"true"},"revision":null}
    {"event":"heard"}
    {"event":"malformed","key":"feature:x","why":"`yes` is neither true nor false"}
    {"event":"changed","key":"feature:x","before":{"text":"true"},"after":{"text":"yes"},"revision":7}
    {"event":"lost","why":"script could not be reached: the cable was cut"}
    {"event":"heard"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_revision_is_that_of_the_flags_own_last_change() {
    let script = Script::new();
    let flags = started(&script).await;
    script.contents(contents(&[(gate("x"), "true"), (gate("y"), "true")])).await;
    script.set(gate("x"), Some("false")).await;
    assert_eq!(flags.evaluate("x", &Context::new()).revision, 7);
    assert_eq!(flags.evaluate("y", &Context::new()).revision, 0);
    script.contents(contents(&[(gate("x"), "false"), (gate("y"), "true")])).await;
    assert_eq!(flags.evaluate("y", &Context::new()).revision, 0, "told again is not changed");
    assert_eq!(flags.status().revision, Some(Revision(7)));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_came_late_hears_what_follows() {
    let store = MemoryStore::with(&[("x", true)]);
    let flags = Flags::builder(store.clone()).start().await;
    let mut events = flags.events();
    store.remove(&gate("x"), &Change::by("me")).await.unwrap();
    let event = events.recv().await.unwrap();
    assert!(matches!(event, FlagEvent::Changed { after: None, .. }), "{event:?}");
}

#[tokio::test(start_paused = true)]
async fn a_flag_that_goes_away_together_with_a_segment_that_changes_is_gone() {
    let script = Script::new();
    let flags = started(&script).await;
    let segment = Key::Segment(super::name("paying"));
    let more = contents(&[
        (gate("x"), "true"),
        (gate("y"), "true"),
        (gate("z"), "true"),
        (segment.clone(), r#"{"when":[]}"#),
    ]);
    script.contents(more).await;
    assert!(flags.is_enabled("x"));
    let other = r#"{"when":[{"field":"plan","op":"in","values":["pro"]}]}"#;
    script.contents(contents(&[(gate("y"), "true"), (gate("z"), "true"), (segment, other)])).await;
    assert!(!flags.is_enabled("x") && flags.is_enabled("y"));
}
