//! What the judge lets pass, and what he does not.

use std::time::Duration;

use tokio::time::Instant;

use crate::schedules::book::{Effect, History};
use crate::schedules::judge::{Place, Read};

/// A flag that is off when nothing is known, with moments in tens of milliseconds.
struct Case {
    begun: Instant,
    history: History,
}

impl Case {
    /// Each write is begun a moment before it is confirmed.
    fn of(safe: bool, writes: &[(Effect, u64)]) -> Self {
        let begun = Instant::now();
        let mut case = Self { begun, history: History::new(safe, begun) };
        for (effect, at) in writes {
            case.history.begin(*effect, case.moment(*at));
            case.history.confirm(case.moment(*at + 1));
        }
        case
    }

    fn moment(&self, at: u64) -> Instant {
        self.begun + Duration::from_millis(10 * at)
    }

    fn first(&self) -> Place {
        Place { write: 0, moment: self.begun }
    }

    /// Whether somebody may read these, one after the other: a value, as of a moment, at a moment.
    fn may_read(&self, reads: &[(bool, u64, u64)]) -> bool {
        let mut from = self.first();
        reads.iter().all(|(value, as_of, at)| {
            let read = Read { value: *value, as_of: Some(self.moment(*as_of)), at: self.moment(*at) };
            let place = self.history.place(from, &read);
            from = place.unwrap_or(from);
            place.is_some()
        })
    }
}

#[test]
fn a_value_may_be_as_old_as_its_age_says_and_no_older() {
    let case = Case::of(false, &[(Effect::On, 10), (Effect::Off, 20)]);
    assert!(case.may_read(&[(true, 15, 50)]), "it was so then");
    assert!(case.may_read(&[(false, 15, 50)]), "it is so now");
    assert!(case.may_read(&[(true, 21, 50)]), "the next write was not yet confirmed");
    assert!(!case.may_read(&[(true, 22, 50)]), "it was so no more");
    assert!(!case.may_read(&[(true, 5, 9)]), "it was not so yet");
}

#[test]
fn nobody_goes_back() {
    let case = Case::of(false, &[(Effect::On, 10), (Effect::Off, 20)]);
    assert!(case.may_read(&[(true, 15, 50), (false, 15, 51)]));
    assert!(!case.may_read(&[(true, 15, 50), (false, 15, 51), (true, 15, 52)]));
    assert!(case.may_read(&[(false, 5, 50), (true, 5, 51), (false, 5, 52)]), "it was off at first");
}

#[test]
fn a_flag_that_is_gone_has_its_safe_value_or_the_one_that_it_had() {
    let case = Case::of(true, &[(Effect::On, 10), (Effect::Off, 20), (Effect::Gone, 30)]);
    assert!(case.may_read(&[(false, 40, 50)]) && case.may_read(&[(true, 40, 50)]));
    assert!(case.may_read(&[(false, 25, 26), (true, 40, 50)]), "the safe value");
    let case = Case::of(false, &[(Effect::On, 10), (Effect::Off, 20), (Effect::Gone, 30)]);
    assert!(!case.may_read(&[(false, 25, 26), (true, 40, 50)]), "who knew the later one holds that");
    assert!(case.may_read(&[(true, 15, 26), (true, 40, 50)]), "who did not, holds the former");
}

#[test]
fn where_all_was_lost_the_safe_value_is_wrong_unless_it_was_had() {
    let case = Case::of(false, &[(Effect::On, 10), (Effect::Wiped, 20)]);
    assert!(case.may_read(&[(true, 15, 16), (true, 30, 40)]));
    assert!(!case.may_read(&[(true, 15, 16), (false, 30, 40)]));
}

#[test]
fn what_makes_no_sense_is_off_and_what_cannot_be_read_is_safe() {
    let case = Case::of(true, &[(Effect::On, 5), (Effect::Malformed, 10), (Effect::Unreadable, 20)]);
    assert!(case.may_read(&[(false, 15, 16), (true, 30, 31)]));
    assert!(!case.may_read(&[(true, 15, 16)]) && !case.may_read(&[(false, 30, 31)]));
}

#[test]
fn where_nothing_was_ever_known_the_value_is_safe() {
    let case = Case::of(true, &[(Effect::Off, 10)]);
    let read = |value| Read { value, as_of: None, at: case.moment(50) };
    assert!(case.history.place(case.first(), &read(true)).is_some());
    assert!(case.history.place(case.first(), &read(false)).is_none());
}
