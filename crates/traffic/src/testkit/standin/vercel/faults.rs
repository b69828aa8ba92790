//! What can be made to go wrong between a client and the stand-in.

use std::collections::VecDeque;

/// What befalls one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VercelMishap {
    /// It is carried out, and the connection is cut before the answer.
    LostAnswer,
    /// The connection is cut, and nothing is carried out.
    Reset,
    /// It is turned away with 429 and this `Retry-After`, in seconds.
    TooMany(u32),
    /// It is turned away with this status, without a body.
    Status(u16),
    /// It is carried out and answered with a page of HTML.
    Html,
    /// It is carried out and answered with nothing.
    Empty,
    /// It is carried out, and half of the answer comes.
    Truncated,
}

/// Which request is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VercelOn {
    /// The request after this many others, counted from now.
    Nth(u32),
    /// The next that changes something.
    Write,
    /// The next whose path has this in it.
    Path(&'static str),
    /// Every one, until [`heal`](super::VercelStandin::heal) is called, that changes something.
    EveryWrite,
}

#[derive(Debug, Default)]
pub(super) struct Faults {
    coming: VecDeque<(VercelOn, VercelMishap)>,
    /// How many reads are still answered from before the last write.
    pub(super) stale: u32,
}

impl Faults {
    pub(super) fn add(&mut self, on: VercelOn, mishap: VercelMishap) {
        self.coming.push_back((on, mishap));
    }

    pub(super) fn is_armed(&self) -> bool {
        !self.coming.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.coming.clear();
        self.stale = 0;
    }

    /// What befalls this request, if anything.
    pub(super) fn strike(&mut self, write: bool, path: &str) -> Option<VercelMishap> {
        let mut struck = None;
        for (at, (on, mishap)) in self.coming.iter_mut().enumerate() {
            let hit = match on {
                VercelOn::Nth(0) => true,
                VercelOn::Nth(left) => {
                    *left -= 1;
                    false
                }
                VercelOn::Write | VercelOn::EveryWrite => write,
                VercelOn::Path(part) => path.contains(*part),
            };
            if hit && struck.is_none() {
                struck = Some((at, *on, *mishap));
            }
        }
        let (at, on, mishap) = struck?;
        if on != VercelOn::EveryWrite {
            self.coming.remove(at);
        }
        Some(mishap)
    }
}
