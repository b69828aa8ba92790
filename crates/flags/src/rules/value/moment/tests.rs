use proptest::prelude::*;

use super::*;

const LIKE_A_DATE: &str = r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-5][0-9])";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn dates_are_those_of_jiff(text in LIKE_A_DATE) {
        let theirs = text.parse::<jiff::Timestamp>().ok();
        let ours = text.parse::<Moment>().ok();
        let parts = ours.map(|moment| i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanos));
        // Jiff's time ends some hours before the year 10000 does, wherever one is.
        prop_assume!(theirs.is_some() || !text.starts_with("9999-12-3") && !text.starts_with("0000-01-01"));
        prop_assert_eq!(theirs.map(jiff::Timestamp::as_nanosecond), parts);
    }

    #[test]
    fn a_date_that_is_shown_is_the_date_that_was_read(text in LIKE_A_DATE) {
        if let Ok(moment) = text.parse::<Moment>() {
            // An offset can lead out of the years that have four digits.
            prop_assume!(!text.starts_with("9999-12-31") && !text.starts_with("0000-01-01"));
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        }
    }

    #[test]
    fn what_is_no_date_is_refused_without_a_panic(text in "\\PC{0,40}|[0-9T:Z.+-]{18,30}") {
        let _ = text.parse::<Moment>();
    }
}

#[test]
fn a_system_time_is_the_moment_it_is() {
    let moment = |text: &str| text.parse::<Moment>().unwrap();
    let after = UNIX_EPOCH + Duration::from_millis(1_500);
    let before = UNIX_EPOCH - Duration::from_millis(1_500);
    assert_eq!(Moment::from(after), moment("1970-01-01T00:00:01.500Z"));
    assert_eq!(Moment::from(before), moment("1969-12-31T23:59:58.500Z"));
    assert_eq!(Moment::from(UNIX_EPOCH - Duration::from_secs(2)), moment("1969-12-31T23:59:58Z"));
}

#[test]
fn what_is_no_date_says_so() {
    insta::assert_snapshot!("tomorrow".parse::<Moment>().unwrap_err(), @r#"this is not a date such as "2026-01-31T13:00:00Z""#);
}
