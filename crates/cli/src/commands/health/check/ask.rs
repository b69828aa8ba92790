//! All addresses at once.

use std::time::Duration;

use handover_health::{ProbeClass, ProbeError};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::asked::Asked;
use super::targets::{Target, Targets};
use crate::output::{Output, short_duration};

/// Whoever waits for less than this wants no word about it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Asks each, and gives the answers in their order. On a terminal it is shown how many are still awaited.
pub(super) async fn all(targets: &Targets, output: Output) -> Vec<Asked> {
    let mut asking = JoinSet::new();
    for (at, target) in targets.all.iter().cloned().enumerate() {
        let deadline = targets.deadline;
        asking.spawn(async move { (at, one(&target, deadline).await) });
    }
    let mut answers: Vec<Option<Asked>> = vec![None; targets.all.len()];
    let began = Instant::now();
    let mut tick = interval_at(began + PATIENCE, PATIENCE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            joined = asking.join_next() => match joined {
                Some(Ok((at, asked))) => answers[at] = Some(asked),
                // Ours, and caught as every panic is; the address is then one that is not known.
                Some(Err(_)) => {}
                None => break,
            },
            _ = tick.tick() => output.passing(waiting(&answers, began.elapsed())),
        }
    }
    output.passing("");
    let lost = |target: &Target| Asked::new(target, &Err(ProbeError::new(ProbeClass::Panicked, "")), 0.0);
    answers
        .into_iter()
        .zip(&targets.all)
        .map(|(asked, target)| asked.unwrap_or_else(|| lost(target)))
        .collect()
}

fn waiting(answers: &[Option<Asked>], since: Duration) -> String {
    let there = answers.iter().flatten().count();
    format!("asking: {there} of {} answered, {}", answers.len(), short_duration(since))
}

async fn one(target: &Target, deadline: Duration) -> Asked {
    let began = Instant::now();
    let answer = target.probe.fetch(deadline).await;
    let micros = began.elapsed().as_secs_f64() * 1e6;
    Asked::new(target, &answer, micros.round() / 1e3)
}
