//! A store that is wrong in one way is found out: a judge who never objects proves nothing.

use std::time::Duration;

use super::{SETTINGS, runtime};
use crate::schedules::{Bend, Rig, Settings, run};

/// So many schedules at most: each mutant shows in a few.
const MOST: u64 = 60;

/// What is said of the first schedule that a mutant breaks; none where Redis is not installed.
fn found_out(bend: Bend) -> Option<String> {
    let runtime = runtime();
    // What never comes need not be waited for as long as what comes late.
    let settings = Settings { bend, guard: Duration::from_secs(4), ..SETTINGS };
    let mut rig = Rig::start(runtime.handle(), settings)?;
    let broken = (0..MOST).find_map(|seed| run(&mut rig, seed).err());
    let broken = broken.unwrap_or_else(|| panic!("{bend:?} is not found out"));
    assert!(broken.to_string().starts_with(&format!("seed {} BROKEN: {}", broken.seed, broken.how)));
    println!("{bend:?}: {}", broken.how.lines().next().unwrap_or_default());
    Some(broken.how)
}

#[test]
fn a_swallowed_change_is_found_out() {
    found_out(Bend::Swallows);
}

#[test]
fn feigned_freshness_is_found_out() {
    let how = found_out(Bend::FeignsFreshness);
    assert!(how.is_none_or(|how| how.contains("was written") || how.contains("cannot be heard")));
}

#[test]
fn a_former_value_after_a_newer_one_is_found_out() {
    assert!(found_out(Bend::GoesBack).is_none_or(|how| how.contains("was written")));
}

#[test]
fn a_hidden_loss_is_found_out() {
    assert!(
        found_out(Bend::HidesLoss).is_none_or(|how| how.contains("that the store cannot be heard is told"))
    );
}

#[test]
fn deafness_after_a_loss_is_found_out() {
    assert!(found_out(Bend::StaysDeaf).is_none_or(|how| how.contains("never")));
}

#[test]
fn a_wipe_that_is_believed_is_found_out() {
    found_out(Bend::BelievesWipes);
}

#[test]
fn an_age_that_is_too_young_is_found_out() {
    assert!(found_out(Bend::DatesAhead).is_none_or(|how| how.contains("was written")));
}
