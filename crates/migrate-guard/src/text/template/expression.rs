/// What stands between `{{` and `}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression<'a> {
    /// A value; the names it may be given by, the fullest first.
    Value(Vec<&'a str>),
    /// A value that is reckoned; its text.
    Call(&'a str),
    /// A condition, a loop, a part that is put in: which text there is hangs on it.
    Control,
    /// A comment, or where such a part ends.
    Nothing,
}

/// Words of Go's templates that decide over text.
const CONTROLS: [&str; 8] = ["if", "range", "with", "define", "block", "template", "break", "continue"];
/// Words that belong to such a one.
const REST: [&str; 2] = ["else", "end"];

impl<'a> Expression<'a> {
    /// Reads Go's templates, and what Mustache and Jinja have in common with them.
    pub(super) fn parse(inside: &'a str) -> Self {
        let text = inside.trim_matches(['-', '{', '}', '&']).trim();
        let word = text.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        if REST.contains(&word) || text.starts_with(['/', '!']) {
            Self::Nothing
        } else if CONTROLS.contains(&word) || text.starts_with(['#', '^', '>']) || text.contains(":=") {
            Self::Control
        } else {
            names(text).map_or(Self::Call(text), Self::Value)
        }
    }
}

/// `index .Options "Namespace"` is `Namespace`; `.A.B` is `A.B`, or `B`; of a pipeline, what goes in.
fn names(text: &str) -> Option<Vec<&str>> {
    let first = text.split('|').next().unwrap_or_default().trim();
    let quoted = first.strip_prefix("index ").and_then(|rest| rest.split(['"', '`']).nth(1));
    let path = first.trim_start_matches(['$', '.']);
    match quoted {
        Some(key) => Some(vec![key]),
        None if !is_path(path) => None,
        None => Some(path.rsplit_once('.').map_or(vec![path], |(_, last)| vec![path, last])),
    }
}

fn is_path(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn a_value_is_known_by_its_names() {
        let of = |text: &str| format!("{:?}", Expression::parse(text));
        insta::assert_snapshot!(of(r#" index .Options "Namespace" "#), @r#"Value(["Namespace"])"#);
        insta::assert_snapshot!(of("- .Values.db.schema -"), @r#"Value(["Values.db.schema", "schema"])"#);
        insta::assert_snapshot!(of(" schema | upper "), @r#"Value(["schema"])"#);
        insta::assert_snapshot!(of(r#" printf "%s_x" .Name "#), @r#"Call("printf \"%s_x\" .Name")"#);
        insta::assert_snapshot!(of("{name"), @r#"Value(["name"])"#);
    }

    #[test]
    fn what_decides_over_text_is_told_from_values() {
        for text in [" if .Debug ", "#each x", " $x := .Name "] {
            assert!(matches!(Expression::parse(text), Expression::Control), "{text}");
        }
        for text in ["/* a */", "- end -", "/x", "else"] {
            assert_eq!(Expression::parse(text), Expression::Nothing, "{text}");
        }
    }
}
