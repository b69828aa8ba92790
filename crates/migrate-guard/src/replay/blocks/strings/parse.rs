use super::known::Known;
use super::tokens::{Token, tokens};
use super::{calls, dates};

/// How deep parentheses and calls are followed.
const DEPTH: usize = 40;

/// What an expression comes to, if it is made of what is known.
pub(super) fn value(text: &str, known: &Known<'_>) -> Option<String> {
    let tokens = tokens(text)?;
    let mut parser = Parser::new(&tokens, known);
    parser.sum().filter(|_| parser.is_done())
}

/// The arguments of a call, if the expression is one and nothing else.
pub(super) fn arguments(text: &str, known: &Known<'_>) -> Option<Vec<Option<String>>> {
    let tokens = tokens(text)?;
    let open = tokens.iter().position(|token| *token == Token::Sign("("))?;
    let named = |token: &Token| matches!(token, Token::Name(_) | Token::Sign("."));
    let inner = tokens.get(open + 1..tokens.len().checked_sub(1)?)?;
    if open == 0 || !tokens.iter().take(open).all(named) || tokens.last() != Some(&Token::Sign(")")) {
        return None;
    }
    let alone = |tokens: &[Token]| {
        let mut parser = Parser::new(tokens, known);
        parser.sum().filter(|_| parser.is_done())
    };
    Some(between_commas(inner)?.into_iter().map(alone).collect())
}

/// What stands between the commas that stand in no parentheses; none where those do not match.
fn between_commas(tokens: &[Token]) -> Option<Vec<&[Token]>> {
    let (mut depth, mut from, mut parts) = (0_usize, 0, Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign("(" | "[") => depth += 1,
            Token::Sign(")" | "]") => depth = depth.checked_sub(1)?,
            Token::Sign(",") if depth == 0 => {
                parts.push(tokens.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(tokens.get(from..).filter(|last| !last.is_empty()));
    Some(parts)
}

/// Reads the tokens of an expression, and evaluates it on the way.
pub(super) struct Parser<'t, 'k> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    known: &'k Known<'k>,
}

impl<'t, 'k> Parser<'t, 'k> {
    pub(super) fn new(tokens: &'t [Token], known: &'k Known<'k>) -> Self {
        Self { tokens, at: 0, depth: 0, known }
    }

    /// Whether all was read.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// `a || b`, and what is added to numbers and dates.
    pub(super) fn sum(&mut self) -> Option<String> {
        let mut value = self.cast()?;
        loop {
            if self.eat("||") {
                value.push_str(&self.cast()?);
            } else if self.eat("+") {
                value = self.add(&value, 1)?;
            } else if self.eat("-") {
                value = self.add(&value, -1)?;
            } else {
                return Some(value);
            }
        }
    }

    /// Numbers, or days of a date.
    fn add(&mut self, value: &str, sign: i64) -> Option<String> {
        let more = self.cast()?;
        match (value.parse::<i64>(), more.parse::<i64>()) {
            (Ok(one), Ok(other)) => one.checked_add(other.checked_mul(sign)?).map(|sum| sum.to_string()),
            _ => dates::add(value, &more, sign, self.known).or_else(|| self.known.gap()),
        }
    }

    /// `a::type`: what is known of a value is its text, which only a date changes.
    fn cast(&mut self) -> Option<String> {
        let mut value = self.primary()?;
        while self.eat("::") {
            if self.type_name()? == "date" {
                value = dates::date(&value, self.known).or_else(|| self.known.gap())?;
            }
        }
        Some(value)
    }

    fn type_name(&mut self) -> Option<String> {
        let mut name = self.name()?;
        while let Some(more) = self.name() {
            name = format!("{name} {more}");
        }
        if self.eat("(") {
            while !self.eat(")") {
                self.next()?;
            }
        }
        while self.eat("[") {
            self.eat("]").then_some(())?;
        }
        Some(name)
    }

    fn primary(&mut self) -> Option<String> {
        match self.next()? {
            Token::Text(text) | Token::Number(text) => Some(text),
            Token::Sign("(") => self.deeper(|parser| {
                let value = parser.sum()?;
                parser.eat(")").then_some(value)
            }),
            Token::Name(name) => self.named(&name),
            Token::Sign(_) => None,
        }
    }

    /// What begins with a name: a typed constant, a call, a variable or a field of one.
    fn named(&mut self, name: &str) -> Option<String> {
        if let Some(Token::Text(text)) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            return self.typed(name, text);
        }
        let name = self.dotted(name)?;
        if self.eat("(") {
            let arguments = self.deeper(Self::arguments)?;
            return calls::call(&name, &arguments, self.known).or_else(|| self.known.gap());
        }
        match name.as_str() {
            "current_date" => Some(self.known.today().to_string()),
            "null" => None,
            _ => self.known.value(&name).or_else(|| self.known.gap()),
        }
    }

    fn dotted(&mut self, first: &str) -> Option<String> {
        let mut name = first.to_owned();
        while self.eat(".") {
            name = format!("{name}.{}", self.name()?);
        }
        Some(name)
    }

    /// `DATE 'today'`, `INTERVAL '1 day'`, `E'text'`.
    fn typed(&self, name: &str, text: String) -> Option<String> {
        match name {
            "date" => dates::date(&text, self.known),
            "interval" | "text" => Some(text),
            "e" if !text.contains('\\') => Some(text),
            _ => None,
        }
    }

    fn arguments(&mut self) -> Option<Vec<String>> {
        let mut found = Vec::new();
        if self.eat(")") {
            return Some(found);
        }
        loop {
            found.push(self.sum()?);
            if self.eat(")") {
                return Some(found);
            }
            self.eat(",").then_some(())?;
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn name(&mut self) -> Option<String> {
        let Some(Token::Name(name)) = self.tokens.get(self.at) else { return None };
        self.at += 1;
        Some(name.clone())
    }

    fn eat(&mut self, sign: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Sign(is)) if *is == sign);
        self.at += usize::from(there);
        there
    }
}
