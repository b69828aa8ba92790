//! The next step of a rolling release, from what was read and what is wished for: no I/O here.

use crate::Split;
use crate::vercel::survey::Survey;
use crate::vercel::wire::RollingRelease;

/// What is wished for, in the platform's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Want {
    /// Everything to this deployment.
    All {
        to: String,
        /// It had production before, so that going there is a rollback.
        back: bool,
    },
    /// This share to the newcomer, the rest to the deployment before it.
    Share { canary: String, base: String, bps: u16 },
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It is as wished.
    Done,
    /// Begin at the first stage.
    Start(String),
    /// Go on to this stage.
    Approve { canary: String, next: u32 },
    /// Give the newcomer everything.
    Complete(String),
    /// Move all of production with one job: back, mostly.
    Move(String),
    /// It cannot be done, and this is why.
    Refuse(String),
}

pub(super) fn next_step(survey: &Survey, want: &Want) -> Step {
    match (want, &survey.release) {
        (Want::All { to, .. }, Some(release)) => end(release, to),
        (Want::All { to, back }, None) => whole(survey, to, *back),
        (Want::Share { canary, base, bps }, Some(release)) => share(release, canary, base, *bps),
        (Want::Share { canary, base, .. }, None) => begin(survey, canary, base),
    }
}

/// All to one, while a release is under way: complete it, or take it back to where it began.
fn end(release: &RollingRelease, to: &str) -> Step {
    match (release.canary(), release.current()) {
        (Some(canary), _) if canary == to => Step::Complete(to.to_owned()),
        (_, Some(current)) => Step::Move(current.to_owned()),
        (_, None) => Step::Refuse("the rolling release under way does not say where it began".to_owned()),
    }
}

fn whole(survey: &Survey, to: &str, back: bool) -> Step {
    match survey.production() {
        Some(_) if survey.is_all_on(to) => Step::Done,
        Some(production) if production != to && !back => Step::Start(to.to_owned()),
        // Back is one job; so is the first promotion of all, and gathering host names that were left behind.
        _ => Step::Move(to.to_owned()),
    }
}

fn share(release: &RollingRelease, canary: &str, base: &str, bps: u16) -> Step {
    if (release.canary(), release.current()) != (Some(canary), Some(base)) {
        let (new, old) = (release.canary().unwrap_or("?"), release.current().unwrap_or("?"));
        return Step::Refuse(format!("a rolling release from {old} to {new} is under way"));
    }
    let now = release.share();
    let next = release.next_stage.as_ref().filter(|next| next.share() <= bps);
    match next {
        _ if now == bps => Step::Done,
        _ if now > bps => Step::Refuse(format!(
            "the newcomer has {}, and stages only go up: take it back whole, or go on",
            percent(now)
        )),
        Some(stage) => Step::Approve { canary: canary.to_owned(), next: stage.index },
        None => Step::Refuse(format!("this release has no stage of {}", percent(bps))),
    }
}

fn begin(survey: &Survey, canary: &str, base: &str) -> Step {
    if survey.is_all_on(base) {
        return Step::Start(canary.to_owned());
    }
    match survey.production() {
        // A newcomer with everything gets a share again only by way of nothing.
        Some(production) if production == canary || production == base => Step::Move(base.to_owned()),
        _ => Step::Refuse(
            "production serves neither slot's deployment: take it back to the stable one first".to_owned(),
        ),
    }
}

fn percent(bps: u16) -> String {
    format!("{} %", f64::from(bps.min(Split::WHOLE)) / 100.0)
}
