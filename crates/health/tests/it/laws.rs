//! What holds for any run of answers, on a clock that is held still.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use handover_health::{
    Check, CheckStatus, Health, HealthProbe, Healthy, ProbeClass, ProbeError, RiseFall, Standing,
};
use proptest::collection::vec;
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// Answers well or not, as the list has it, and then hangs.
#[derive(Debug)]
struct Listed(Mutex<VecDeque<bool>>);

#[async_trait]
impl HealthProbe for Listed {
    async fn check(&self, _deadline: Duration) -> Result<Healthy, ProbeError> {
        let next = self.0.lock().unwrap().pop_front();
        match next {
            Some(true) => Ok(Healthy::after(Duration::ZERO)),
            Some(false) => Err(ProbeError::new(ProbeClass::Refused, "")),
            None => std::future::pending().await,
        }
    }
}

/// What the check shows after each answer.
async fn shown(rise: u32, fall: u32, answers: &[bool]) -> Vec<CheckStatus> {
    let probe = Listed(Mutex::new(answers.iter().copied().collect()));
    let check = Check::new("database", probe).every(SECOND).jitter(0.0).rise(rise).fall(fall);
    let health = Health::builder("shop", "2.0.0").check(check).start().unwrap();
    let mut published = health.published();
    let mut shown = Vec::new();
    while shown.len() < answers.len() {
        published.changed().await.unwrap();
        let check = health.report().checks[0].clone();
        if check.asked > shown.len() as u64 {
            shown.push(check.status);
        }
    }
    shown
}

fn model(rise: u32, fall: u32, answers: &[bool]) -> Vec<CheckStatus> {
    let mut machine = RiseFall::new(rise, fall);
    let standings = answers.iter().map(|well| if *well { machine.good() } else { machine.bad() });
    standings
        .map(|standing| match standing {
            Standing::Starting => CheckStatus::Unknown,
            Standing::Up => CheckStatus::Ok,
            Standing::Down => CheckStatus::Error,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_check_shows_what_rise_and_fall_make_of_its_answers(
        rise in 1u32..4, fall in 1u32..4, answers in vec(any::<bool>(), 0..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let shown = runtime.block_on(shown(rise, fall, &answers));
        prop_assert_eq!(shown, model(rise, fall, &answers));
    }

    #[test]
    fn a_check_never_changes_before_a_whole_run_of_answers(
        rise in 1u32..4, fall in 1u32..4, answers in vec(any::<bool>(), 0..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let shown = runtime.block_on(shown(rise, fall, &answers));
        for (at, pair) in shown.windows(2).enumerate() {
            let run = |well: bool| answers[..=at + 1].iter().rev().take_while(|answer| **answer == well).count();
            prop_assert!(pair[0] == pair[1] || run(true) >= rise as usize || run(false) >= fall as usize);
        }
    }
}
