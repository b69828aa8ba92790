use super::parse::{Allowance, MARKS, parse};
use crate::{Span, frontend};

/// A comment that allows something, or tries to.
#[derive(Debug)]
pub(super) struct Comment {
    /// Its bytes.
    pub(super) span: Span,
    /// What it says, or what is wrong with it.
    pub(super) says: Result<Allowance, String>,
}

/// The allowing comments of a text. Most texts have none, and are not looked at twice.
pub(super) fn comments(text: &str) -> Vec<Comment> {
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let all = frontend::comments(text).into_iter();
    all.filter_map(|span| Some(Comment { span, says: parse(text.get(span.start..span.end)?)? })).collect()
}
