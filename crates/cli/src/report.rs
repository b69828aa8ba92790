//! How an error is shown: what was attempted, each cause on its own line, one next step.

use std::error::Error;
use std::fmt;
use std::io;

use handover_core::Hint;
use owo_colors::OwoColorize;
use serde::Serialize;

use crate::exit::Exit;
use crate::text::one_line;

/// The version of the `--json` form.
const VERSION: u32 = 1;

/// A verb that did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// In the user's words: `could not …`.
    attempted: String,
    /// Outermost first.
    causes: Vec<String>,
    /// The last lines a release logged, where they explain it.
    log: Vec<String>,
    /// One next step that can be typed.
    hint: Option<String>,
    /// What the process ends with.
    exit: Exit,
}

impl Failure {
    /// A failure that has no cause yet.
    pub(crate) fn new(attempted: impl Into<String>, exit: Exit) -> Self {
        Self { attempted: attempted.into(), causes: Vec::new(), log: Vec::new(), hint: None, exit }
    }

    /// A failure with an error's whole chain as causes and its hint.
    pub(crate) fn of<E: Error + Hint>(attempted: impl Into<String>, exit: Exit, error: &E) -> Self {
        let failure = Self::new(attempted, exit).because_of(error);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Adds one cause.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// Adds an error and every source under it.
    #[must_use]
    pub(crate) fn because_of(mut self, error: &dyn Error) -> Self {
        let chain = std::iter::successors(Some(error), |&error| error.source());
        self.causes.extend(chain.map(ToString::to_string));
        self
    }

    /// Adds what a release logged last.
    #[must_use]
    pub(crate) fn log(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.log.extend(lines.into_iter().map(Into::into));
        self
    }

    /// Names the next step; the latest one stands.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with another end of the process: what cannot be read is a mistake of whoever typed it, or a reason to refuse.
    #[must_use]
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// What the process ends with.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What was attempted.
    pub(crate) fn attempted(&self) -> &str {
        &self.attempted
    }

    /// The causes, outermost first.
    pub(crate) fn causes(&self) -> &[String] {
        &self.causes
    }

    /// The one next step.
    pub(crate) fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Writes the form for people, in colour where `colour` says so.
    pub(crate) fn write_human(&self, out: &mut dyn io::Write, colour: bool) -> io::Result<()> {
        if !colour {
            return writeln!(out, "{self}");
        }
        writeln!(out, "{} {}", "error:".red().bold(), one_line(&self.attempted))?;
        for cause in &self.causes {
            writeln!(out, "  {} {}", "because:".dimmed(), one_line(cause))?;
        }
        for line in &self.log {
            writeln!(out, "      {} {}", "log:".dimmed(), one_line(line))?;
        }
        match &self.hint {
            Some(hint) => writeln!(out, "\n{} {}", "hint:".cyan().bold(), one_line(hint)),
            None => Ok(()),
        }
    }

    /// Writes the form for programs: one object on one line.
    pub(crate) fn write_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &Wire::from(self))?;
        writeln!(out)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", one_line(&self.attempted))?;
        for cause in &self.causes {
            write!(f, "\n  because: {}", one_line(cause))?;
        }
        for line in &self.log {
            write!(f, "\n      log: {}", one_line(line))?;
        }
        match &self.hint {
            Some(hint) => write!(f, "\n\nhint: {}", one_line(hint)),
            None => Ok(()),
        }
    }
}

/// The `--json` form.
#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    error: WireError<'a>,
    exit: u8,
}

#[derive(Serialize)]
struct WireError<'a> {
    attempted: &'a str,
    causes: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    log: &'a [String],
    hint: Option<&'a str>,
}

impl<'a> From<&'a Failure> for Wire<'a> {
    fn from(failure: &'a Failure) -> Self {
        let Failure { attempted, causes, log, hint, exit } = failure;
        let error = WireError { attempted, causes, log, hint: hint.as_deref() };
        Self { version: VERSION, error, exit: exit.code() }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("railway did not confirm within 5s")]
    struct Unconfirmed(#[source] io::Error);

    impl Hint for Unconfirmed {
        fn hint(&self) -> Option<Cow<'static, str>> {
            Some("`handover resume` reads the split back first".into())
        }
    }

    fn unconfirmed() -> Failure {
        let error = Unconfirmed(io::Error::other("connection reset by peer"));
        Failure::of("could not move traffic to 10 % green", Exit::Unknown, &error)
    }

    #[test]
    fn an_error_reads_as_attempt_causes_and_hint() {
        insta::assert_snapshot!(unconfirmed(), @r"
        error: could not move traffic to 10 % green
          because: railway did not confirm within 5s
          because: connection reset by peer

        hint: `handover resume` reads the split back first
        ");
    }

    #[test]
    fn without_causes_or_a_hint_the_first_line_stands_alone() {
        assert_eq!(Failure::new("could not think", Exit::Bug).to_string(), "error: could not think");
    }

    #[test]
    fn the_last_log_lines_stand_between_causes_and_hint_and_cannot_drive_the_terminal() {
        let failure = Failure::new("could not launch v3", Exit::Refused)
            .because("it exited at once with code 1")
            .log(["Traceback:", "\u{1b}]0;owned\u{7}KeyError"])
            .hint("`handover logs v3` shows the rest");
        insta::assert_snapshot!(failure, @r"
        error: could not launch v3
          because: it exited at once with code 1
              log: Traceback:
              log: \u{1b}]0;owned\u{7}KeyError

        hint: `handover logs v3` shows the rest
        ");
    }

    #[test]
    fn the_json_form_is_one_versioned_object() {
        let mut out = Vec::new();
        unconfirmed().write_json(&mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"version":1,"error":{"attempted":"could not move traffic to 10 % green","causes":["railway did not confirm within 5s","connection reset by peer"],"hint":"`handover resume` reads the split back first"},"exit":4}"#);
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let failure = unconfirmed().log(["a line"]);
        let mut out = Vec::new();
        failure.write_human(&mut out, true).unwrap();
        let coloured = String::from_utf8(out).unwrap();
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        let mut inside = false;
        for c in coloured.chars() {
            match c {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                _ if !inside => plain.push(c),
                _ => {}
            }
        }
        assert_eq!(plain, format!("{failure}\n"));
    }
}
