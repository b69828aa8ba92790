use squawk_lexer::TokenKind;

/// How deep a statement may nest. The parser calls itself for each level, and a thread has two megabytes of stack.
pub(in crate::frontend) const MAX_DEPTH: usize = 200;

/// How deep a statement nests, as far as its tokens tell.
///
/// The parser calls itself for a bracket, for words such as `CASE` and `JOIN`, and for an operator: some are
/// right-associative, and any may stand before its operand. What comes after lets some of that go again.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    brackets: usize,
    /// How many words were read that begin a statement within another, or an operator by its name. None is ever over:
    /// where the parser has lost its way, no bracket and no comma tells it.
    never_over: usize,
    level: Level,
    outer: Vec<Level>,
    deepest: usize,
    /// Where the operator ends that was read last.
    operator_end: usize,
    last: Last,
}

/// What the token was that was read last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Last {
    /// A dot or a colon, so that a word is a name: `a.end`, `:end`.
    Dot,
    /// A word of a join: `NATURAL LEFT OUTER JOIN` is one.
    Join,
    /// The word `TIME`, so that `ZONE` makes a type of it.
    Time,
    /// The end of another operand.
    Operand,
    /// Something after which an operand is still to come. Where it is missing the parser skips what stands there, and
    /// nothing is over.
    #[default]
    Other,
}

/// What is open within the innermost bracket, and how much is around it.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    around: usize,
    cases: usize,
    joins: usize,
    betweens: usize,
    /// Of how many `BETWEEN`s the `AND` is still to come.
    ands: usize,
    operators: usize,
}

impl Nesting {
    /// Reads one token that is no white space and no comment.
    pub(super) fn take(&mut self, kind: TokenKind, text: &str, start: usize) {
        match kind {
            TokenKind::OpenParen | TokenKind::OpenBracket => self.open(),
            TokenKind::CloseParen | TokenKind::CloseBracket => self.close(),
            TokenKind::Comma if self.last.is_operand() => self.level.comma(),
            TokenKind::Ident => self.word(text),
            _ if is_operator(kind) => self.operator(kind, start),
            _ => {}
        }
        self.last = Last::of(kind, text);
        self.deepest = self.deepest.max(self.never_over + self.level.depth());
    }

    /// How many brackets are open.
    pub(super) const fn brackets(&self) -> usize {
        self.brackets
    }

    /// Whether it nests deeper than is parsed.
    pub(super) const fn too_deep(&self) -> bool {
        self.deepest > MAX_DEPTH
    }

    fn open(&mut self) {
        self.brackets += 1;
        if self.brackets <= MAX_DEPTH {
            self.outer.push(self.level);
        }
        self.level = Level { around: self.level.depth() + 1, ..Level::default() };
    }

    fn close(&mut self) {
        if self.brackets <= MAX_DEPTH {
            self.level = self.outer.pop().unwrap_or(self.level);
        }
        self.brackets = self.brackets.saturating_sub(1);
    }

    fn word(&mut self, word: &str) {
        if self.last.is_operand() {
            self.level.lets_go(word);
        }
        self.level.nests(word);
        if is_never_over(word) {
            self.never_over += 1;
        } else if self.last == Last::Time && word.eq_ignore_ascii_case("zone") {
            self.never_over = self.never_over.saturating_sub(1);
        }
        self.level.joins += usize::from(is_join(word) && self.last != Last::Join);
    }

    /// Signs in a row are one operator, but for `+` and `-`, of which each may be one.
    fn operator(&mut self, kind: TokenKind, start: usize) {
        let joined = start == std::mem::replace(&mut self.operator_end, start + 1);
        let one_more = !joined || matches!(kind, TokenKind::Plus | TokenKind::Minus);
        self.level.operators += usize::from(one_more);
    }
}

impl Level {
    const fn depth(self) -> usize {
        let Self { around, cases, joins, betweens, ands: _, operators } = self;
        around + cases + joins + betweens + operators
    }

    /// A comma ends an expression and a chain of joins.
    fn comma(&mut self) {
        let Self { around, cases, .. } = *self;
        *self = Self { around, cases, ..Self::default() };
    }

    /// Words after which something that nested is over.
    fn lets_go(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match word.len() {
            2 if is("on") => self.joins = self.joins.saturating_sub(1),
            2 if is("or") => self.operators = 0,
            3 if is("and") => self.and(),
            3 if is("end") => self.cases = self.cases.saturating_sub(1),
            4 if is("join") => self.operators = 0,
            _ => {}
        }
    }

    /// Words for whose continuation the parser calls itself.
    fn nests(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match word.len() {
            2 if is("in") => self.operators += 1,
            3 if is("not") => self.operators += 1,
            4 if is("case") => self.cases += 1,
            7 if is("between") => self.between(),
            _ => {}
        }
    }

    fn between(&mut self) {
        self.betweens += 1;
        self.ands += 1;
    }

    /// `AND` binds looser than all that nests but `OR`, unless it is that of a `BETWEEN`, whose operands may nest too.
    fn and(&mut self) {
        self.operators = 0;
        match self.ands.checked_sub(1) {
            Some(left) => self.ands = left,
            None => self.betweens = 0,
        }
    }
}

impl Last {
    fn of(kind: TokenKind, text: &str) -> Self {
        match kind {
            TokenKind::Dot | TokenKind::Colon => Self::Dot,
            TokenKind::Literal { .. }
            | TokenKind::QuotedIdent { .. }
            | TokenKind::PositionalParam { .. }
            | TokenKind::CloseParen
            | TokenKind::CloseBracket => Self::Operand,
            TokenKind::Ident => Self::word(text),
            _ => Self::Other,
        }
    }

    fn word(word: &str) -> Self {
        match word.len() {
            4 if word.eq_ignore_ascii_case("time") => Self::Time,
            _ if is_join(word) => Self::Join,
            _ if is_connective(word) => Self::Other,
            _ => Self::Operand,
        }
    }

    const fn is_operand(self) -> bool {
        matches!(self, Self::Join | Self::Time | Self::Operand)
    }
}

/// Whether an operand is still to come after a word.
fn is_connective(word: &str) -> bool {
    let is = |keywords: &[&str]| keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
    match word.len() {
        2 => is(&["as", "by", "in", "is", "on", "or", "to"]),
        3 => is(&["all", "and", "any", "not"]),
        4 => is(&["case", "else", "from", "like", "then", "when"]),
        5 => is(&["ilike", "where"]),
        6 => is(&["escape", "having", "select"]),
        7 => is(&["between", "similar"]),
        8 => is(&["distinct"]),
        _ => false,
    }
}

/// Whether a word begins something that may hold another of its kind without a bracket around it.
fn is_never_over(word: &str) -> bool {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    match word.len() {
        4 => is("with"),
        6 => is("create"),
        7 => is("declare") || is("explain") || is("prepare"),
        8 => is("operator"),
        9 => is("collation"),
        _ => false,
    }
}

/// Whether a word is one of those of a join. Where `JOIN` itself is missing, the parser looks for it all the same.
fn is_join(word: &str) -> bool {
    let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
    match word.len() {
        4 => is("join") || is("left") || is("full"),
        5 => is("cross") || is("inner") || is("outer") || is("right"),
        7 => is("natural"),
        _ => false,
    }
}

/// Whether a token is a part of an operator.
const fn is_operator(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Slash
            | TokenKind::Minus
            | TokenKind::Colon
            | TokenKind::Eq
            | TokenKind::Gt
            | TokenKind::And
            | TokenKind::Lt
            | TokenKind::Bang
            | TokenKind::Plus
            | TokenKind::Tilde
            | TokenKind::Pound
            | TokenKind::Question
            | TokenKind::Or
            | TokenKind::Percent
            | TokenKind::Caret
            | TokenKind::Star
            | TokenKind::Backtick
            | TokenKind::At
    )
}
