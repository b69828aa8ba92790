//! How an address is said to stand: what an answer changes only once it has lasted.

use std::mem;
use std::time::Duration;

use handover_health::{RiseFall, Standing};
use tokio::time::Instant;

use super::verdict::Verdict;

/// The verdict that is told, and how long it has been so.
pub(super) struct Told {
    rise_fall: RiseFall,
    rise: u32,
    fall: u32,
    verdict: Verdict,
    since: Instant,
    /// What the last answer came to, and how many in a row came to the same.
    last: Verdict,
    run: u32,
}

impl Told {
    /// Well after `rise` good answers in a row, not well after `fall` bad ones; until then it is not known.
    pub(super) fn new((rise, fall): (u32, u32)) -> Self {
        Self {
            rise_fall: RiseFall::new(rise, fall),
            rise,
            fall,
            verdict: Verdict::Unknown,
            since: Instant::now(),
            last: Verdict::Unknown,
            run: 0,
        }
    }

    pub(super) const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// How long it has been so.
    pub(super) fn held(&self) -> Duration {
        self.since.elapsed()
    }

    /// How it ended: where too few were asked to settle it, as the last answer was.
    pub(super) fn ended(&self) -> Verdict {
        match self.rise_fall.standing() {
            Standing::Starting => self.last,
            Standing::Up | Standing::Down => self.verdict,
        }
    }

    /// Takes an answer in, `unready` where it was a 503. What was told, and for how long, where that no longer holds.
    pub(super) fn hear(&mut self, verdict: Verdict, unready: bool) -> Option<(Verdict, Duration)> {
        self.run = if verdict == self.last { self.run.saturating_add(1) } else { 1 };
        self.last = verdict;
        let before = self.rise_fall.standing();
        let now = match verdict {
            verdict if verdict.is_well() => self.rise_fall.good(),
            _ if unready => self.rise_fall.unready_now(),
            _ => self.rise_fall.bad(),
        };
        self.tell(if now == before { self.within(now, unready) } else { verdict })
    }

    fn tell(&mut self, verdict: Verdict) -> Option<(Verdict, Duration)> {
        (verdict != self.verdict).then(|| {
            let held = mem::replace(&mut self.since, Instant::now()).elapsed();
            (mem::replace(&mut self.verdict, verdict), held)
        })
    }

    /// What is told while it stands as before: of being up, or of being down, there is more than one kind.
    fn within(&self, standing: Standing, unready: bool) -> Verdict {
        let same_side = match standing {
            Standing::Starting => false,
            Standing::Up => self.last.is_well(),
            Standing::Down => !self.last.is_well(),
        };
        let lasted = match self.last {
            Verdict::Unwell if unready => true,
            Verdict::Well | Verdict::Degraded | Verdict::Starting => self.run >= self.rise,
            Verdict::Unwell | Verdict::Unknown => self.run >= self.fall,
        };
        if same_side && lasted { self.last } else { self.verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Degraded, Starting, Unknown, Unwell, Well};
    use super::*;

    /// What is told after each answer.
    fn told(rise_fall: (u32, u32), answers: &[(Verdict, bool)]) -> Vec<Verdict> {
        let mut told = Told::new(rise_fall);
        let after = |(verdict, unready): &(Verdict, bool)| {
            told.hear(*verdict, *unready);
            told.verdict()
        };
        answers.iter().map(after).collect()
    }

    fn plain(answers: &[Verdict]) -> Vec<(Verdict, bool)> {
        answers.iter().map(|verdict| (*verdict, false)).collect()
    }

    #[tokio::test]
    async fn well_and_degraded_are_told_apart_once_either_lasted_for_rise() {
        let answers = plain(&[Well, Degraded, Degraded, Well, Well]);
        assert_eq!(told((1, 3), &answers), [Well, Degraded, Degraded, Well, Well]);
        assert_eq!(told((2, 3), &answers), [Unknown, Degraded, Degraded, Degraded, Well]);
        let flapping = plain(&[Well, Well, Degraded, Well, Degraded, Unwell, Degraded]);
        assert_eq!(told((2, 3), &flapping), [Unknown, Well, Well, Well, Well, Well, Well]);
    }

    #[tokio::test]
    async fn refused_and_starting_are_told_apart_while_it_is_down() {
        let answers = [(Unwell, false), (Unwell, false), (Starting, true), (Starting, true), (Unwell, false)];
        assert_eq!(told((1, 2), &answers), [Unknown, Unwell, Starting, Starting, Starting]);
        assert_eq!(told((2, 2), &answers), [Unknown, Unwell, Unwell, Starting, Starting]);
        let fell = [&answers[..], &[(Unwell, false)]].concat();
        assert_eq!(told((1, 2), &fell).last(), Some(&Unwell));
        let refuses = [(Starting, true), (Unwell, true)];
        assert_eq!(told((1, 9), &refuses), [Starting, Unwell], "a 503 counts at once");
    }

    #[tokio::test]
    async fn silence_and_a_bad_answer_in_turn_are_not_told_in_turn() {
        let answers = plain(&[Unwell, Unwell, Unknown, Unwell, Unknown, Unknown]);
        assert_eq!(told((1, 2), &answers), [Unknown, Unwell, Unwell, Unwell, Unwell, Unknown]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_held_from_when_it_was_told_until_the_next_one_was() {
        let second = || tokio::time::advance(Duration::from_secs(1));
        let mut told = Told::new((1, 2));
        let mut changes = Vec::new();
        for answer in [Well, Degraded, Degraded, Degraded, Unwell, Unwell, Unwell, Well] {
            changes.extend(told.hear(answer, false).map(|(was, held)| (was, held.as_secs())));
            second().await;
        }
        assert_eq!(changes, [(Unknown, 0), (Well, 1), (Degraded, 4), (Unwell, 2)]);
    }

    #[tokio::test]
    async fn what_too_few_answers_settled_ends_as_the_last_one() {
        let mut told = Told::new((2, 3));
        for answer in [Unwell, Well, Unwell] {
            told.hear(answer, false);
            assert_eq!((told.verdict(), told.ended()), (Unknown, answer));
        }
        for answer in [Unwell, Unwell, Well] {
            told.hear(answer, false);
        }
        assert_eq!(told.ended(), Unwell, "it is settled, and one answer is an exception");
    }
}
