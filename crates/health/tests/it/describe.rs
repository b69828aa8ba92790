//! Descriptions that make no sense are refused before anything is asked.

use std::time::Duration;

use handover_core::Hint as _;
use handover_health::{Check, Health, HealthBuilder, Heartbeat, probe_fn};

fn check(name: &str) -> Check {
    Check::new(name, probe_fn(|| async { Ok(()) }))
}

fn refusal(describe: impl FnOnce(HealthBuilder) -> HealthBuilder) -> String {
    let invalid = describe(Health::builder("shop", "2.0.0")).start().unwrap_err();
    format!("{invalid}\n  {}", invalid.hint().unwrap())
}

#[tokio::test]
async fn each_refusal_names_the_check_and_the_way_out() {
    let long = "x".repeat(65);
    let names = ["", "data base", "naïve", "a:b", "-x", "a\nb", &long];
    let refused = names.map(|name| refusal(|builder| builder.check(check(name))));
    insta::assert_snapshot!(refused.join("\n"), @r#"
    "" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "data base" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "naïve" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "a:b" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "-x" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "a\nb" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is no name for a check
      use letters, digits, `_`, `-` and `.`, beginning with a letter or digit, 64 at most
    "#);
    let reserved = refusal(|builder| builder.check(check("readiness")));
    let own = refusal(|builder| builder.check(check("shop")));
    let twice =
        refusal(|builder| builder.check(check("database")).live("database", Heartbeat::new(Duration::MAX)));
    let never = refusal(|builder| builder.check(check("database").every(Duration::ZERO)));
    let patient = refusal(|builder| builder.check(check("database").timeout(Duration::MAX)));
    let share = refusal(|builder| builder.check(check("database").jitter(f64::NAN)));
    let young = refusal(|builder| builder.check(check("database").max_age(Duration::from_secs(5))));
    let overlap = refusal(|builder| builder.check(check("database").timeout(Duration::from_secs(6))));
    insta::assert_snapshot!([reserved, own, twice, never, patient, share, overlap, young].join("\n"), @r#"
    "readiness" is what the answers call something else
      name the check after what it asks, not after what it is for
    "shop" is what the answers call something else
      name the check after what it asks, not after what it is for
    there are two checks called "database"
      names are keys in the answers: give each check one of its own
    check "database": a period of 0ns makes no sense
      from 1 ms to 24 h
    check "database": a timeout of 18446744073709551615.999999999s makes no sense
      from 1 ms to 24 h
    check "database": the jitter is no share from 0 to 1
      0.2 makes the first period longer by up to a fifth
    check "database": its timeout is longer than its period
      give it a shorter timeout, or ask less often
    check "database": its answers would be too old before the next one comes
      `max_age` has to be 7s at least
    "#);
}

#[tokio::test]
async fn the_defaults_make_sense_however_wide_the_jitter() {
    let wide =
        check("database").jitter(1.0).every(Duration::from_millis(1)).timeout(Duration::from_millis(1));
    assert!(Health::builder("shop", "2.0.0").check(wide).start().is_ok());
}
