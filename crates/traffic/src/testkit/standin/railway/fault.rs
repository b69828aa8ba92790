use std::collections::VecDeque;
use std::time::Duration;

/// What befalls one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing: it takes the place of a request that is to go well.
    Pass,
    /// It is done, and the connection breaks before the answer.
    LostAnswer,
    /// The connection breaks, and it is not done.
    Reset,
    /// 429, with this much patience asked for in `Retry-After`.
    Throttled(Duration),
    /// It is done, and nobody answers.
    Silent,
    /// It is done, and the answer is a page of HTML.
    Html,
    /// It is done, and the answer is empty.
    Empty,
    /// It is done, and the answer ends in the middle.
    Truncated,
    /// 502 from something in between, and it is not done.
    BadGateway,
    /// An error that says nothing, though it is done.
    Vague,
}

impl Fault {
    /// Whether the request is carried out all the same.
    pub(super) const fn is_after(&self) -> bool {
        !matches!(self, Self::Reset | Self::Throttled(_) | Self::BadGateway)
    }
}

/// Faults waiting for a request.
#[derive(Debug, Default)]
pub(super) struct Script {
    waiting: VecDeque<(String, Fault)>,
}

impl Script {
    pub(super) fn add(&mut self, field: &str, fault: Fault) {
        self.waiting.push_back((field.to_owned(), fault));
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The fault for a request for these fields; `*` is for any.
    pub(super) fn take(&mut self, fields: &[String]) -> Option<Fault> {
        let hit = |(field, _): &(String, Fault)| field == "*" || fields.contains(field);
        let at = self.waiting.iter().position(hit)?;
        self.waiting.remove(at).map(|(_, fault)| fault)
    }
}
