//! The views of the service from outside: each is asked once.

use std::time::Duration;

use handover_core::Hint as _;
use handover_health::{HealthProbe as _, Healthy, ProbeError};
use tokio::task::JoinSet;

use super::check::Check;
use crate::output::seconds;
use crate::settings::Settings;
use crate::views::{Mark, MarkedProbe};

/// Asks all of them at once; nothing where there are none.
pub(super) async fn examine(settings: &Settings, mark: &Mark) -> Vec<Check> {
    let mut asked = JoinSet::new();
    for (at, view) in settings.health.views.iter().enumerate() {
        let (address, mark, limit) = (view.to_string(), mark.clone(), settings.health.timeout.get());
        asked.spawn(async move { (at, ask(address, mark, limit).await) });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by_key(|(at, _)| *at);
    let answers: Vec<_> = answers.into_iter().map(|(_, answer)| answer).collect();
    checks(answers, settings.health.needed())
}

/// An address, and what it said.
pub(super) type Answered = (String, Result<Healthy, ProbeError>);

async fn ask(address: String, mark: Mark, limit: Duration) -> Answered {
    let answer = match MarkedProbe::new(&address, mark) {
        Ok(probe) => probe.check(limit).await,
        Err(error) => Err(ProbeError::other(error)),
    };
    (address, answer)
}

/// A view that is down now will not count; where too few are left, none does. A deployment goes ahead all the same.
pub(super) fn checks(answers: Vec<Answered>, needed: usize) -> Vec<Check> {
    let of = answers.len();
    let up = answers.iter().filter(|(_, answer)| answer.is_ok()).count();
    let mut checks: Vec<_> = answers.into_iter().map(check).collect();
    if of > 0 && up + needed <= of {
        checks.push(Check::warn(
            "views",
            format!(
                "{up} of {of} see the service: too few to take a release back, so they would only be told of"
            ),
            "mend the views above, or ask somewhere else: `[health] views`",
        ));
    }
    checks
}

fn check((address, answer): Answered) -> Check {
    match answer {
        Ok(well) => Check::ok(
            "view",
            format!("{address} answers well within {}", seconds(well.elapsed.as_secs_f64())),
        ),
        Err(error) => {
            let hint = error.hint().unwrap_or_else(|| "it does not count until it answers".into());
            Check::warn("view", format!("{address}: {error} ({})", error.detail()), hint)
        }
    }
}
