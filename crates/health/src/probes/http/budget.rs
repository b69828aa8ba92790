use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::{Answer, ProbeClass, ProbeError};

type Asked = Result<Answer, ProbeError>;

/// At most so many calls in any stretch of `per`; in between the last answer is given again.
pub(super) struct Budget {
    calls: usize,
    per: Duration,
    spent: Mutex<Spent>,
}

struct Spent {
    /// When the calls of the last `per` began, oldest first.
    at: VecDeque<Instant>,
    last: Asked,
}

impl Budget {
    /// None would never give an answer, so there is one at least.
    pub(super) fn new(calls: u32, per: Duration) -> Self {
        let calls = usize::try_from(calls.max(1)).unwrap_or(usize::MAX);
        Self { calls, per, spent: Mutex::new(Spent { at: VecDeque::new(), last: unanswered() }) }
    }

    /// Asks where that is within the budget. One at a time: who comes meanwhile gets the same answer.
    ///
    /// # Cancellation
    ///
    /// A call that is dropped is spent, and counts as one without an answer.
    pub(super) async fn ask(&self, call: impl Future<Output = Asked>) -> Asked {
        let mut spent = self.spent.lock().await;
        if spent.calls_within(self.per) < self.calls {
            spent.at.push_back(Instant::now());
            spent.last = unanswered();
            spent.last = call.await;
        }
        spent.last.clone()
    }
}

impl Spent {
    fn calls_within(&mut self, per: Duration) -> usize {
        while self.at.front().is_some_and(|began| began.elapsed() >= per) {
            self.at.pop_front();
        }
        self.at.len()
    }
}

fn unanswered() -> Asked {
    Err(ProbeError::new(ProbeClass::Timeout, "the last call was not answered in time"))
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {:?}", self.calls, self.per)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Answers with the number of the call, as far as an error can.
    fn call(calls: &Cell<u32>) -> Asked {
        calls.set(calls.get() + 1);
        Err(ProbeError::new(ProbeClass::Other, calls.get().to_string()))
    }

    async fn asked(budget: &Budget, calls: &Cell<u32>) -> String {
        budget.ask(async { call(calls) }).await.expect_err("a number").detail().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn no_stretch_of_time_has_more_calls_than_the_budget() {
        let (budget, calls) = (Budget::new(2, Duration::from_mins(1)), Cell::new(0));
        let mut answers = Vec::new();
        // At 0, 25, 50, ... seconds: the third is too many until the first is a minute old.
        for _ in 0..8 {
            answers.push(asked(&budget, &calls).await);
            tokio::time::advance(Duration::from_secs(25)).await;
        }
        assert_eq!(answers, ["1", "2", "2", "3", "4", "4", "5", "6"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_was_dropped_is_spent_and_no_good_answer_stands_in_for_it() {
        let (budget, calls) = (Budget::new(1, Duration::from_mins(1)), Cell::new(0));
        asked(&budget, &calls).await;
        tokio::time::advance(Duration::from_mins(1)).await;
        let dropped = tokio::time::timeout(Duration::from_secs(1), budget.ask(std::future::pending())).await;
        assert!(dropped.is_err());
        assert_eq!(asked(&budget, &calls).await, "the last call was not answered in time");
        assert_eq!(calls.get(), 1);
    }
}
