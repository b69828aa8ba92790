/// Whether the parser would not come to an end: after `MERGE PARTITIONS` it waits for a name for as long as one of these
/// words stands there. Only `MERGE INTO` may have them.
#[derive(Debug, Default)]
pub(super) struct Endless {
    after_merge: bool,
    merges_partitions: bool,
    found: bool,
}

impl Endless {
    /// Reads one word.
    pub(super) fn take(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        self.merges_partitions |= self.after_merge && !is("into");
        self.after_merge = is("merge");
        self.found |= self.merges_partitions && NO_NAMES.iter().any(|keyword| is(keyword));
    }

    /// Whether it is so.
    pub(super) const fn found(&self) -> bool {
        self.found
    }
}

const NO_NAMES: [&str; 12] = [
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "user",
];
