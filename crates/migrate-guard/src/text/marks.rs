//! The markers by which a runner keeps the way there and the way back in one file.

use super::lines::lines;
use super::said::Said;
use crate::Span;

/// Which markers a layout has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Markers {
    /// None: a file is all of it.
    #[default]
    None,
    /// `-- +goose Up`.
    Goose,
    /// `-- migrate:up`.
    Dbmate,
}

impl Markers {
    /// The line that begins a way up, without which the runner refuses a file.
    pub(crate) const fn up(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Goose => Some("-- +goose Up"),
            Self::Dbmate => Some("-- migrate:up"),
        }
    }
}

/// What the markers of a file say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// How many parts lead up.
    pub(crate) up: usize,
    /// How many of them say that no transaction is wanted.
    pub(crate) bare: usize,
    /// What leads down.
    pub(super) down: Vec<Span>,
    /// Where the environment is put in.
    pub(super) environment: Vec<Span>,
    /// Markers that the runner refuses.
    pub(super) refused: Said,
}

impl Marks {
    /// Reads the markers of a text.
    pub(crate) fn of(text: &str, markers: Markers) -> Self {
        match markers {
            Markers::Goose if text.contains("+goose") => Goose::read(text),
            Markers::Dbmate if text.contains("migrate:") => Dbmate::read(text),
            _ => Self::default(),
        }
    }
}

/// Reads as goose does (`internal/sqlparser/parser.go`): line by line, whatever a line stands in.
#[derive(Debug, Default)]
struct Goose {
    marks: Marks,
    down: Option<usize>,
    environment: Option<usize>,
}

impl Goose {
    fn read(text: &str) -> Marks {
        let mut goose = Self::default();
        for (span, line) in lines(text) {
            if line.trim_start().starts_with("--") && line.contains("+goose") {
                goose.take(span, line);
            }
        }
        goose.close(text.len())
    }

    fn take(&mut self, span: Span, line: &str) {
        let word = line.replace("--", "").replacen("+goose", "", 1);
        match word.trim().to_ascii_lowercase().as_str() {
            "up" => self.marks.up += 1,
            "down" => self.down = self.down.or(Some(span.start)),
            "no transaction" => self.marks.bare = 1,
            "envsub on" => self.environment = Some(span.end),
            "envsub off" => self.end_environment(span.start),
            "statementbegin" | "statementend" => {}
            other => self.marks.refused.add(span, format!("`+goose {other}`, which goose refuses")),
        }
    }

    fn end_environment(&mut self, at: usize) {
        if let Some(start) = self.environment.take() {
            self.marks.environment.push(Span::new(start, at));
        }
    }

    fn close(mut self, end: usize) -> Marks {
        self.end_environment(end);
        self.marks.down.extend(self.down.map(|start| Span::new(start, end)));
        self.marks
    }
}

/// Reads as dbmate does (`pkg/dbmate/migration.go`): a marker begins its line; the ways up and down may take turns.
#[derive(Debug, Default)]
struct Dbmate {
    marks: Marks,
    down: Option<usize>,
}

impl Dbmate {
    fn read(text: &str) -> Marks {
        let mut dbmate = Self::default();
        for (span, line) in lines(text) {
            if let Some(word) =
                line.strip_prefix("--").and_then(|rest| rest.trim_start().strip_prefix("migrate:"))
            {
                dbmate.take(span, word);
            }
        }
        dbmate.end_down(text.len());
        dbmate.marks
    }

    fn take(&mut self, span: Span, words: &str) {
        let mut words = words.split_whitespace();
        match words.next() {
            Some("up") => {
                self.end_down(span.start);
                self.marks.up += 1;
                self.marks.bare += usize::from(words.any(|word| word == "transaction:false"));
            }
            Some("down") => self.down = self.down.or(Some(span.start)),
            _ => {}
        }
    }

    fn end_down(&mut self, at: usize) {
        self.marks.down.extend(self.down.take().map(|start| Span::new(start, at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goose_reads_its_markers_line_by_line() {
        let text = "-- +goose Up\n-- +goose NO TRANSACTION\n-- +goose ENVSUB ON\na;\n--  +goose envsub off\r\n\
                    -- +goose Down\nb;\n";
        let marks = Marks::of(text, Markers::Goose);
        assert_eq!((marks.up, marks.bare), (1, 1));
        assert_eq!(text.get(marks.down[0].start..marks.down[0].end), Some("-- +goose Down\nb;\n"));
        assert_eq!(text.get(marks.environment[0].start..marks.environment[0].end), Some("\na;\n"));
        assert_eq!(marks.refused, Said::default());
    }

    #[test]
    fn what_goose_refuses_is_said() {
        let marks = Marks::of("-- +goose Up\n-- +goose Sideways\n", Markers::Goose);
        insta::assert_snapshot!(marks.refused.outside(Default::default(), &[])[0].1, @"`+goose sideways`, which goose refuses");
    }

    #[test]
    fn the_ways_of_dbmate_may_take_turns() {
        let text =
            "-- migrate:up transaction:false\na;\n-- migrate:down\nb;\n--migrate:up\nc;\n-- migrate:down\nd;";
        let marks = Marks::of(text, Markers::Dbmate);
        assert_eq!((marks.up, marks.bare), (2, 1));
        let down: Vec<_> = marks.down.iter().map(|span| &text[span.start..span.end]).collect();
        assert_eq!(down, ["-- migrate:down\nb;\n", "-- migrate:down\nd;"]);
    }

    #[test]
    fn another_runner_s_markers_are_comments() {
        assert_eq!(Marks::of("-- +goose Up\n-- +goose Down\n", Markers::Dbmate), Marks::default());
        assert_eq!(Marks::of(" -- migrate:up\n", Markers::Dbmate), Marks::default());
    }
}
