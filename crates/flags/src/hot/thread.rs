//! A small number for each living thread, so that counters can have one writer each.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

/// How many threads can have a number at a time; the others share.
pub(super) const NUMBERS: usize = 64;

/// Not asked for yet.
const UNASKED: usize = usize::MAX;

/// There was none left.
const NONE: usize = NUMBERS;

thread_local! {
    // Apart from the loan, since a value without a destructor is read without a check.
    static NUMBER: Cell<usize> = const { Cell::new(UNASKED) };
    static LOAN: Loan = Loan::take();
}

/// Numbers that are free; whoever takes one over sees what its former holder wrote, as the mutex orders the two.
static FREE: Mutex<Free> = Mutex::new(Free { used: 0, back: Vec::new() });

struct Free {
    used: usize,
    back: Vec<usize>,
}

/// A number, given back when its thread ends.
struct Loan(usize);

impl Loan {
    fn take() -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = free.back.pop() {
            return Self(number);
        }
        if free.used == NUMBERS {
            return Self(NONE);
        }
        free.used += 1;
        Self(free.used - 1)
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // What this thread still counts while it ends goes where all may write.
        NUMBER.set(NONE);
        if self.0 < NUMBERS {
            FREE.lock().unwrap_or_else(PoisonError::into_inner).back.push(self.0);
        }
    }
}

/// This thread's number, below [`NUMBERS`], or [`NUMBERS`] where it has none.
#[inline]
pub(super) fn number() -> usize {
    let number = NUMBER.get();
    if number == UNASKED { ask() } else { number }
}

#[cold]
fn ask() -> usize {
    let number = LOAN.try_with(|loan| loan.0).unwrap_or(NONE);
    NUMBER.set(number);
    number
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn living_threads_never_share_a_number() {
        let barrier = Barrier::new(2 * NUMBERS);
        let numbers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2 * NUMBERS)
                .map(|_| {
                    scope.spawn(|| {
                        let mine = number();
                        barrier.wait();
                        assert_eq!(mine, number());
                        mine
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let lent: Vec<_> = numbers.iter().filter(|number| **number < NUMBERS).collect();
        assert_eq!(lent.iter().collect::<HashSet<_>>().len(), lent.len());
        assert!(numbers.iter().all(|number| *number <= NUMBERS));
    }
}
