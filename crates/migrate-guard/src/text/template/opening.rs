use crate::Span;

/// What opens a template value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening<'a> {
    /// `{{ … }}`; what is inside.
    Braces(&'a str),
    /// `{% … %}`; what is inside.
    Percent(&'a str),
    /// `${…}`; what is inside.
    Dollar(&'a str),
    /// `$NAME`.
    Bare(&'a str),
}

/// The places of a text that look like a template value, in order.
#[derive(Clone, Debug)]
pub(super) struct Places<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Places<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What opens here, and its length; else how much may be passed over.
    fn here(&self) -> Result<(Opening<'a>, usize), usize> {
        let rest = self.rest();
        let closed = |open: &str, close: &str| between(rest, open, close);
        match rest.as_bytes() {
            [b'{', b'{', b'{', ..] => {
                closed("{{{", "}}}").map(|(inside, len)| (Opening::Braces(inside), len))
            }
            [b'{', b'{', ..] => closed("{{", "}}").map(|(inside, len)| (Opening::Braces(inside), len)),
            [b'{', b'%', ..] => closed("{%", "%}").map(|(inside, len)| (Opening::Percent(inside), len)),
            [b'$', b'{', ..] => closed("${", "}").map(|(inside, len)| (Opening::Dollar(inside), len)),
            [b'$', ..] => bare(rest),
            _ => Err(1),
        }
    }
}

/// How long what stands between the marks may be: a value has a name, not a text.
const LONGEST: usize = 120;

fn between<'a>(rest: &'a str, open: &str, close: &str) -> Result<(&'a str, usize), usize> {
    let end = rest.floor_char_boundary(open.len() + LONGEST);
    let window = rest.get(open.len()..end).unwrap_or_default();
    let inside = window.find(close).and_then(|found| window.get(..found)).ok_or(open.len())?;
    Ok((inside, open.len() + inside.len() + close.len()))
}

/// `$NAME`, which is not the `$tag$` that opens a body, nor `$1`.
fn bare(rest: &str) -> Result<(Opening<'_>, usize), usize> {
    let name = rest.get(1..).unwrap_or_default();
    let len = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let tag = name.as_bytes().get(len) == Some(&b'$');
    match name.get(..len) {
        Some(found) if !tag && !found.is_empty() && !found.starts_with(|c: char| c.is_ascii_digit()) => {
            Ok((Opening::Bare(found), 1 + len))
        }
        _ => Err(1 + len + usize::from(tag)),
    }
}

impl<'a> Iterator for Places<'a> {
    type Item = (Span, Opening<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.at += self.rest().find(['{', '$'])?;
            match self.here() {
                Err(pass) => self.at += pass,
                Ok((opening, len)) => {
                    let span = Span::new(self.at, self.at + len);
                    self.at = span.end;
                    return Some((span, opening));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_are_told_apart() {
        let text = "{{ a }}{{{b}}}{% if x %}${c}$d $1 $$ $t$ x $t$ {a} ${ {{";
        let found: Vec<_> = Places::new(text).map(|(_, opening)| opening).collect();
        insta::assert_debug_snapshot!(found, @r#"
        [
            Braces(
                " a ",
            ),
            Braces(
                "b",
            ),
            Percent(
                " if x ",
            ),
            Dollar(
                "c",
            ),
            Bare(
                "d",
            ),
        ]
        "#);
    }

    #[test]
    fn braces_without_end_are_passed_over_quickly() {
        assert_eq!(Places::new(&"{{${$a$é".repeat(100_000)).count(), 0);
    }
}
