use rustc_hash::FxHashMap;

/// The names of the `WITH`s that hold at a place.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: Vec<String>,
    held: FxHashMap<String, usize>,
}

impl Scope {
    /// One more name holds.
    pub(super) fn push(&mut self, name: String) {
        *self.held.entry(name.clone()).or_default() += 1;
        self.names.push(name);
    }

    /// How many names hold: what [`Scope::truncate`] goes back to.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Only the first names hold from here on.
    pub(super) fn truncate(&mut self, len: usize) {
        for name in self.names.drain(len.min(self.names.len())..) {
            if let Some(count) = self.held.get_mut(&name) {
                *count -= 1;
            }
        }
    }

    /// Whether a name holds.
    pub(super) fn has(&self, name: &str) -> bool {
        self.held.get(name).is_some_and(|count| *count > 0)
    }
}
