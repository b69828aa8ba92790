//! What is read while the store cannot be heard.

use std::time::Duration;

use handover_flags::{Context, FlagEvent, Flags, OnStale, Reason, Safe, Standing};

use super::script::Script;
use super::{SECOND, contents, gate};

async fn started(script: &Script, then: OnStale) -> Flags {
    let flags = Flags::builder(script.clone()).flag("kill", Safe::On).max_staleness(SECOND * 60, then);
    let flags = flags.start_within(Duration::ZERO).start().await;
    script.contents(contents(&[(gate("kill"), "false"), (gate("x"), "true")])).await;
    flags
}

#[tokio::test(start_paused = true)]
async fn a_lost_store_leaves_the_last_values_and_an_age_that_grows() {
    let script = Script::new();
    let flags = started(&script, OnStale::Hold).await;
    script.lose().await;
    tokio::time::sleep(SECOND * 59).await;
    let status = flags.status();
    assert_eq!((status.standing, status.age), (Standing::Held, Some(SECOND * 59)));
    assert_eq!(status.last_error.as_deref(), Some("script could not be reached: the cable was cut"));
    assert!(!flags.is_enabled("kill") && flags.is_enabled("x"));
    assert_eq!(flags.evaluate("x", &Context::new()).age(), Some(SECOND * 59));
}

#[tokio::test(start_paused = true)]
async fn past_the_limit_it_is_said_and_held_or_safe_as_chosen() {
    for (then, kill, reason) in [(OnStale::Hold, false, Reason::Gate), (OnStale::Safe, true, Reason::TooOld)]
    {
        let script = Script::new();
        let flags = started(&script, then).await;
        let mut events = flags.events();
        tokio::time::sleep(SECOND * 61).await;
        assert_eq!(flags.status().standing, Standing::TooOld);
        assert_eq!(events.recv().await.unwrap(), FlagEvent::TooOld);
        let kill_now = flags.evaluate("kill", &Context::new());
        assert_eq!((kill_now.value, kill_now.reason), (kill, reason), "{then:?}");
        script.fresh().await;
        assert_eq!(flags.status().standing, Standing::Live);
        assert_eq!(flags.evaluate("kill", &Context::new()).reason, Reason::Gate);
        assert!(!flags.is_enabled("kill"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_says_nothing_at_all_ages_too() {
    let script = Script::new();
    let flags = started(&script, OnStale::Hold).await;
    tokio::time::sleep(SECOND * 10).await;
    assert_eq!(flags.status().age, Some(SECOND * 10));
    script.fresh().await;
    assert_eq!(flags.status().age, Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn who_was_lost_and_is_heard_again_is_counted() {
    let script = Script::new();
    let flags = started(&script, OnStale::Hold).await;
    for _ in 0..3 {
        script.lose().await;
        script.fresh().await;
    }
    assert_eq!(flags.status().reconnects, 3);
    assert!(flags.status().is_live());
}

#[tokio::test(start_paused = true)]
async fn where_nothing_was_ever_heard_values_are_safe_and_that_is_said() {
    let flags = Flags::builder(Script::new()).flag("kill", Safe::On).flag("x", Safe::Off);
    let flags = flags.start().await;
    tokio::time::sleep(SECOND * 600).await;
    let status = flags.status();
    assert_eq!((status.standing, status.age), (Standing::Never, None));
    assert!(flags.is_enabled("kill") && !flags.is_enabled("x"));
    assert_eq!(flags.evaluate("kill", &Context::new()).age(), None);
}
