use std::collections::HashMap;
use std::sync::Arc;

use super::super::document::{Constraint, Segment};
use super::test::Test;

/// The tests of several rules' segments, each read once.
pub(super) struct Segments<'a> {
    find: &'a dyn Fn(&str) -> Option<Arc<Segment>>,
    read: HashMap<&'a str, Result<Arc<[Test]>, String>>,
}

impl<'a> Segments<'a> {
    pub(super) fn new(find: &'a dyn Fn(&str) -> Option<Arc<Segment>>) -> Self {
        Self { find, read: HashMap::new() }
    }

    /// The tests of a segment, or why there are none.
    pub(super) fn tests(&mut self, name: &'a str) -> Result<Arc<[Test]>, String> {
        let find = self.find;
        let missing = || format!("there is no segment {name:?}");
        let read = || match find(name) {
            Some(segment) => tests(&segment.when).map_err(|why| format!("segment {name:?}: {why}")),
            None => Err(missing()),
        };
        self.read.entry(name).or_insert_with(read).clone()
    }
}

/// The tests of constraints, or what is wrong with one of them.
pub(super) fn tests<T: FromIterator<Test>>(when: &[Constraint]) -> Result<T, String> {
    let read = |(index, constraint): (usize, &Constraint)| {
        Test::new(constraint).map_err(|fault| format!("when[{index}]: {fault}"))
    };
    when.iter().enumerate().map(read).collect()
}
