/// Whether a semicolon stands in the body of `CREATE FUNCTION … BEGIN ATOMIC … END`.
///
/// `psql` counts the same way: `BEGIN` and `CASE` open, `END` closes. The function may stand in `CREATE SCHEMA`.
#[derive(Debug, Default)]
pub(super) struct Atomic {
    words: Words,
    after_begin: bool,
    depth: usize,
}

/// How far the words of a statement are those of `CREATE [OR REPLACE] FUNCTION | PROCEDURE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Words {
    #[default]
    None,
    Create,
    Or,
    Routine,
    Else,
}

impl Atomic {
    /// Reads one word of the statement.
    pub(super) fn take(&mut self, word: &str) {
        match self.words {
            Words::Routine => self.within(word),
            so_far => self.words = so_far.then(word),
        }
    }

    /// Whether a body is open.
    pub(super) const fn is_open(&self) -> bool {
        self.depth > 0
    }

    fn within(&mut self, word: &str) {
        let is = |keyword| word.eq_ignore_ascii_case(keyword);
        if self.depth == 0 {
            self.depth = usize::from(self.after_begin && is("atomic"));
            self.after_begin = is("begin");
        } else if is("case") || is("begin") {
            self.depth += 1;
        } else if is("end") {
            self.depth -= 1;
        }
    }
}

impl Words {
    fn then(self, word: &str) -> Self {
        let is = |keyword| word.eq_ignore_ascii_case(keyword);
        match self {
            Self::None | Self::Else if is("create") => Self::Create,
            Self::Create if is("or") => Self::Or,
            Self::Or if is("replace") => Self::Create,
            Self::Create if is("function") || is("procedure") => Self::Routine,
            _ => Self::Else,
        }
    }
}
