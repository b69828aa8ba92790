use crate::Span;

/// A command of psql's own: from its backslash to the end of the line, or to `\\`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) struct Meta<'a> {
    pub(in crate::text) span: Span,
    /// Its name: `set`.
    pub(in crate::text) name: &'a str,
    /// What follows the name.
    pub(in crate::text) rest: &'a str,
}

/// What such a command does to what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) enum Does {
    /// Nothing.
    Nothing,
    /// It sends what was typed, as a semicolon does.
    Sends,
    /// It sends what was typed, and something comes of it that is not seen here; what.
    SendsAnd(&'static str),
    /// Something that is not followed here; what.
    Unseen(&'static str),
}

impl<'a> Meta<'a> {
    /// The command whose backslash is at `at`.
    pub(in crate::text) fn at(text: &'a str, at: usize) -> Self {
        let after = text.get(at + 1..).unwrap_or_default();
        let name = after.get(..name_length(after)).unwrap_or_default();
        let rest = after.get(name.len()..).unwrap_or_default();
        let rest = rest.get(..end_of(name, rest)).unwrap_or_default();
        Self { span: Span::new(at, at + 1 + name.len() + rest.len()), name, rest }
    }

    /// What it does, by the manual of psql.
    pub(in crate::text) fn does(&self) -> Does {
        match self.name {
            ";" | "g" | "gx" | "gset" | "watch" | "crosstabview" | "bind" => Does::Sends,
            "gdesc" => Does::SendsAnd("is described, not run"),
            "gexec" => Does::SendsAnd("runs what the query before it returns"),
            "i" | "ir" | "include" | "include_relative" => Does::Unseen("runs another file"),
            "c" | "connect" => Does::Unseen("goes on in another database or as another role"),
            "if" => Does::Unseen("decides what is run; all of it is judged"),
            "q" | "quit" => Does::Unseen("ends the script; what follows is judged all the same"),
            "r" | "reset" => Does::Unseen("throws away what was typed before it"),
            "copy" => Does::Unseen("moves rows between a table and a file"),
            "!" => Does::Unseen("runs a command of the shell"),
            "lo_import" | "lo_unlink" => Does::Unseen("changes a large object"),
            _ => Does::Nothing,
        }
    }

    /// Whether rows follow on the next lines.
    pub(in crate::text) fn reads_rows(&self) -> bool {
        let mut words = self.rest.split_whitespace();
        self.name == "copy" && words.any(|word| word.eq_ignore_ascii_case("stdin"))
    }
}

/// A name is letters, digits and `_`, or one other character.
fn name_length(text: &str) -> usize {
    let letters = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let other = text.chars().next().filter(|first| *first != '\n');
    if letters > 0 { letters } else { other.map_or(0, char::len_utf8) }
}

/// Where the arguments end: at `\\` outside of quotes, else with the line. `\;` has none.
fn end_of(name: &str, text: &str) -> usize {
    if matches!(name, ";" | ":" | "\\") {
        return 0;
    }
    let (mut quoted, mut last) = (false, b' ');
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => return at,
            b'\\' if last == b'\\' && !quoted => return at + 1,
            b'\'' => quoted = !quoted,
            _ => {}
        }
        last = byte;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reaches_to_its_line_s_end() {
        let meta = Meta::at("\\set a 'b \\\\ c'\nselect", 0);
        assert_eq!((meta.name, meta.rest, meta.span.end), ("set", " a 'b \\\\ c'", 15));
        assert_eq!(Meta::at("\\set a b \\\\ select 1", 0).span.end, 11);
        assert_eq!(Meta::at("\\; select", 0).span.end, 2);
        assert_eq!(Meta::at("\\", 0).span, Span::new(0, 1));
        assert_eq!(Meta::at("\\é", 0).span, Span::new(0, 3));
    }

    #[test]
    fn rows_follow_a_copy_from_the_script() {
        assert!(Meta::at("\\copy t from stdin", 0).reads_rows());
        assert!(!Meta::at("\\copy t from 'stdin.csv'", 0).reads_rows());
    }
}
