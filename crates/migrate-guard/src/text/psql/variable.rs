use crate::Span;

/// A variable of psql, as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) struct Variable<'a> {
    pub(in crate::text) span: Span,
    pub(in crate::text) name: &'a str,
    pub(in crate::text) form: Form,
}

/// What a variable becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::text) enum Form {
    /// `:name`: its value as it is.
    Plain,
    /// `:'name'`: a string.
    Text,
    /// `:"name"`: a quoted identifier.
    Name,
    /// `:{?name}`: whether it is set.
    Test,
}

impl<'a> Variable<'a> {
    /// The variable whose colon is at `at`.
    pub(in crate::text) fn at(text: &'a str, at: usize) -> Option<Self> {
        let rest = text.get(at + 1..)?;
        let (form, open, close) = match rest.as_bytes() {
            [b'\'', ..] => (Form::Text, 1, "'"),
            [b'"', ..] => (Form::Name, 1, "\""),
            [b'{', b'?', ..] => (Form::Test, 2, "}"),
            _ => (Form::Plain, 0, ""),
        };
        let after = rest.get(open..)?;
        let name = after.get(..after.bytes().take_while(|byte| is_name(*byte)).count())?;
        let closed = after.get(name.len()..)?.starts_with(close);
        let known = closed && !name.is_empty() && !(form == Form::Plain && starts_with_digit(name));
        let end = at + 1 + open + name.len() + close.len();
        known.then_some(Self { span: Span::new(at, end), name, form })
    }

    /// What stands there once the variable has a value.
    pub(in crate::text) fn filled(&self, value: &str) -> String {
        match self.form {
            Form::Plain => value.to_owned(),
            Form::Text => format!("'{}'", value.replace('\'', "''")),
            Form::Name => format!("\"{}\"", value.replace('"', "\"\"")),
            Form::Test => "true".to_owned(),
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// `:1` is the end of a slice, or a parameter.
fn starts_with_digit(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_filled_in_its_own_way() {
        let filled = |text| Variable::at(text, 0).map(|found| found.filled("it's \"it\""));
        assert_eq!(filled(":a b").as_deref(), Some("it's \"it\""));
        assert_eq!(filled(":'a'").as_deref(), Some("'it''s \"it\"'"));
        assert_eq!(filled(":\"a\"").as_deref(), Some("\"it's \"\"it\"\"\""));
        assert_eq!(filled(":{?a}").as_deref(), Some("true"));
    }

    #[test]
    fn what_is_no_name_is_no_variable() {
        for text in [":1", ": a", ":'a b'", ":'a", ":\"\"", ":{a}", ":"] {
            assert_eq!(Variable::at(text, 0), None, "{text}");
        }
    }
}
