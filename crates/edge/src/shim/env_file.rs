//! Reads a file of `NAME=value` lines: strictly, because a value taken wrongly shows up far from here.
//!
//! Blank lines and lines that begin with `#` are skipped. A value is everything after the `=`, without the blanks
//! around it; within single quotes it is literal, within double quotes `\"`, `\\`, `\n` and `\t` are escapes.

use std::fmt;
use std::path::{Path, PathBuf};

/// Names that handover itself sets.
const OWN: [&str; 3] = ["PORT", "HOST", "RELEASE"];

/// Why the file was refused; never holds a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EnvFileError {
    path: PathBuf,
    line: usize,
    because: String,
}

impl fmt::Display for EnvFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "env file {}", self.path.display())?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        write!(f, ": {}", self.because)
    }
}

impl std::error::Error for EnvFileError {}

/// Every name with its value, in the order of the file.
pub(super) fn read(path: &Path) -> Result<Vec<(String, String)>, EnvFileError> {
    let refuse = |line, because| EnvFileError { path: path.to_owned(), line, because };
    let text = std::fs::read_to_string(path).map_err(|e| refuse(0, e.to_string()))?;
    let mut found: Vec<(String, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((name, value)) = parse_line(line).map_err(|because| refuse(number, because))? else {
            continue;
        };
        if found.iter().any(|(other, _)| *other == name) {
            return Err(refuse(number, format!("{name} is set twice")));
        }
        found.push((name, value));
    }
    Ok(found)
}

fn parse_line(line: &str) -> Result<Option<(String, String)>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (name, value) = line.split_once('=').ok_or("there is no `=`: a line is NAME=value")?;
    check_name(name)?;
    let value = parse_value(value.trim()).map_err(|because| format!("the value of {name} {because}"))?;
    Ok(Some((name.to_owned(), value)))
}

fn check_name(name: &str) -> Result<(), String> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(good) {
        return Err("a name may hold only letters, digits and _, and does not begin with a digit".to_owned());
    }
    if OWN.contains(&name) { Err(format!("{name} is set by handover")) } else { Ok(()) }
}

fn parse_value(text: &str) -> Result<String, &'static str> {
    if text.contains('\0') {
        return Err("holds a NUL character");
    }
    match text.chars().next() {
        Some('\'') => literal(text),
        Some('"') => escaped(text),
        // Some readers take what follows for a comment, some do not: ask instead of guessing.
        _ if text.contains(" #") => Err("holds ` #`: put it in quotes"),
        _ => Ok(text.to_owned()),
    }
}

fn literal(text: &str) -> Result<String, &'static str> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).ok_or(UNCLOSED)?;
    if inner.contains('\'') { Err(TRAILING) } else { Ok(inner.to_owned()) }
}

fn escaped(text: &str) -> Result<String, &'static str> {
    let mut value = String::new();
    let mut chars = text.chars().skip(1);
    loop {
        match chars.next().ok_or(UNCLOSED)? {
            '"' => break,
            '\\' => value.push(match chars.next().ok_or(UNCLOSED)? {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\') => same,
                _ => return Err("holds an unknown escape: only \\\" \\\\ \\n \\t are known"),
            }),
            other => value.push(other),
        }
    }
    if chars.next().is_some() { Err(TRAILING) } else { Ok(value) }
}

const UNCLOSED: &str = "has no closing quote at its end";
const TRAILING: &str = "goes on after its closing quote";

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<(String, String)>, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.env");
        std::fs::write(&path, text).unwrap();
        read(&path).map_err(|e| e.to_string().replace(&*dir.path().to_string_lossy(), ""))
    }

    #[test]
    fn values_are_taken_as_written() {
        let found =
            read_text("# keys\n\nA=1\n B_2= two words \nC='$x \\n'\nD=\"a\\\"b\\\\c\\n\"\nE=\n").unwrap();
        let want = [("A", "1"), ("B_2", "two words"), ("D", "a\"b\\c\n"), ("C", "$x \\n"), ("E", "")];
        for (name, value) in want {
            assert!(found.contains(&(name.to_owned(), value.to_owned())), "{name}: {found:?}");
        }
    }

    #[test]
    fn a_line_that_could_mean_two_things_is_refused_with_its_number_and_without_its_value() {
        let lines = [
            "A=1\nB",
            "A=secret\nA=secret",
            "2A=secret",
            "PORT=80",
            "A=secret # why",
            "A='secret",
            "A='secret'x",
            "A=\"secret\\q\"",
            "A=\"secret",
        ];
        let said: Vec<String> = lines.iter().map(|text| read_text(text).unwrap_err()).collect();
        assert!(said.iter().all(|s| !s.contains("secret")));
        insta::assert_snapshot!(said.join("\n"), @r#"
        env file /shop.env, line 2: there is no `=`: a line is NAME=value
        env file /shop.env, line 2: A is set twice
        env file /shop.env, line 1: a name may hold only letters, digits and _, and does not begin with a digit
        env file /shop.env, line 1: PORT is set by handover
        env file /shop.env, line 1: the value of A holds ` #`: put it in quotes
        env file /shop.env, line 1: the value of A has no closing quote at its end
        env file /shop.env, line 1: the value of A has no closing quote at its end
        env file /shop.env, line 1: the value of A holds an unknown escape: only \" \\ \n \t are known
        env file /shop.env, line 1: the value of A has no closing quote at its end
        "#);
    }
}
