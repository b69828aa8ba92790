use proptest::prelude::*;

use super::super::bucket::{Group, place};
use super::super::{Compiled, Context, Percentage, Rule, Rules};
use super::decide;

fn rollout(percent: f64, group: &str) -> Compiled {
    let percentage = Some(Percentage::try_from(percent).unwrap());
    let rule = Rule { percentage, group: Some(group.to_owned()), ..Rule::default() };
    Compiled::new("flag", &Rules { rules: vec![rule], ..Rules::default() }, &|_| None)
}

fn steps() -> impl Strategy<Value = f64> {
    (0u32..=1_000_000).prop_map(|steps| f64::from(steps) / 10_000.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn who_is_in_a_smaller_share_is_in_a_larger_one(one in steps(), other in steps(), group: String, id: String) {
        let context = Context::new().user(id);
        let (less, more) = (rollout(one.min(other), &group), rollout(one.max(other), &group));
        prop_assert!(!decide(&less, &context).on || decide(&more, &context).on);
    }

    #[test]
    fn a_share_ends_before_the_place_it_names(group: String, id: String) {
        let place = f64::from(place(Group::of_rollout(&group).hash(&id)));
        let on = |steps: f64| decide(&rollout(steps / 10_000.0, &group), &Context::new().user(&*id)).on;
        prop_assert!(!on(place) && on(place + 1.0));
    }
}

#[test]
fn a_share_is_as_large_as_it_says() {
    for percent in [0.0, 0.05, 0.5, 1.0, 12.5, 50.0, 99.9, 100.0] {
        let rollout = rollout(percent, "checkout");
        let on =
            (0..200_000).filter(|id| decide(&rollout, &Context::new().user(format!("user-{id}"))).on).count();
        let (mean, share) = (200_000.0 * percent / 100.0, percent / 100.0);
        let deviation = (200_000.0 * share * (1.0 - share)).sqrt();
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let off = (on as f64 - mean).abs();
        assert!(off <= 5.0 * deviation, "{on} of 200,000 are {percent} %");
    }
}

#[test]
fn chance_admits_its_share_and_who_has_nothing_to_stick_to_is_out() {
    let on = |rules: &str| {
        let rules = super::compiled(rules);
        (0..20_000).filter(|_| decide(&rules, &Context::new()).on).count()
    };
    // 71 is the deviation.
    assert!((9_500..10_500).contains(&on(r#"{"rules": [{"percentage": 50}]}"#)));
    assert!((9_500..10_500).contains(&on(r#"{"rules": [{"percentage": 50, "stickiness": "random"}]}"#)));
    assert_eq!(on(r#"{"rules": [{"percentage": 100}]}"#), 20_000);
    assert_eq!(on(r#"{"rules": [{"percentage": 100, "stickiness": "plan"}]}"#), 0);
}

#[test]
fn by_default_the_user_counts_before_the_session_and_the_flag_is_the_group() {
    let flag = super::compiled(r#"{"rules": [{"percentage": 50}]}"#);
    let group = rollout(50.0, "flag");
    for id in 0..200 {
        let id = id.to_string();
        let user = decide(&flag, &Context::new().user(&*id).session("fixed")).on;
        assert_eq!(user, decide(&flag, &Context::new().session(&*id)).on);
        assert_eq!(user, decide(&group, &Context::new().user(&*id)).on);
    }
}
