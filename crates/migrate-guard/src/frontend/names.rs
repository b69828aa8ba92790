use rustc_hash::FxHashSet;

/// Names, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Names {
    order: Vec<String>,
    seen: FxHashSet<String>,
}

impl Names {
    /// Adds a name, if it is a new one.
    pub(super) fn insert(&mut self, name: String) {
        if !self.seen.contains(&name) {
            self.seen.insert(name.clone());
            self.order.push(name);
        }
    }

    /// Whether a name is among them.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.seen.contains(name)
    }

    /// The names, in order.
    pub(super) fn to_vec(&self) -> Vec<String> {
        self.order.clone()
    }

    /// Those that others have too.
    pub(super) fn common(self, others: &Self) -> Self {
        self.order.into_iter().filter(|name| others.contains(name)).collect()
    }
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let mut made = Self::default();
        made.extend(names);
        made
    }
}

impl Extend<String> for Names {
    fn extend<I: IntoIterator<Item = String>>(&mut self, names: I) {
        names.into_iter().for_each(|name| self.insert(name));
    }
}

impl IntoIterator for Names {
    type Item = String;
    type IntoIter = std::vec::IntoIter<String>;

    fn into_iter(self) -> Self::IntoIter {
        self.order.into_iter()
    }
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        names.order
    }
}
