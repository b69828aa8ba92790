//! Where words go: results to standard output, everything else to standard error.

mod human;
mod table;

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::Serialize;

pub(crate) use human::{clock_time, count, many, moment, percent_bps, percent_of, seconds, short_duration};
pub(crate) use table::Table;

use crate::exit::Exit;
use crate::report::Failure;

/// When to use colour. It never carries meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into a file or a pipe.
    Always,
    /// Not at all.
    Never,
}

/// How this process shows things, decided once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Objects instead of sentences.
    pub(crate) json: bool,
    /// Whether a person watches the results: lines may be drawn over.
    pub(crate) live: bool,
    /// The same of what stands beside the results.
    live_beside: bool,
    colours: Colours,
}

/// Where colour may be used.
#[derive(Debug, Clone, Copy)]
struct Colours {
    out: bool,
    err: bool,
}

impl Output {
    /// Looks at the terminal and at `NO_COLOR`.
    pub(crate) fn new(json: bool, colour: Colour) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
        let coloured = |terminal: bool| match colour {
            Colour::Auto => terminal && !plain,
            Colour::Always => true,
            Colour::Never => false,
        };
        let out = io::stdout().is_terminal();
        let err = io::stderr().is_terminal();
        let colours = Colours { out: coloured(out) && !json, err: coloured(err) };
        Self { json, live: out && !json, live_beside: err && !json, colours }
    }

    /// Whether results may be coloured.
    pub(crate) fn colour(self) -> bool {
        self.colours.out
    }

    /// Shows what was asked for, as text or as one object.
    pub(crate) fn result(self, human: impl Display, object: &impl Serialize) {
        if self.json { self.object(object) } else { self.line(human) }
    }

    /// Shows one of many results. Answers whether somebody still reads: a reader that has gone away (`| head`) ends what
    /// would otherwise go on for ever.
    pub(crate) fn next(self, human: impl Display, object: &impl Serialize) -> bool {
        let mut out = io::stdout().lock();
        let written = if self.json {
            serde_json::to_writer(&mut out, object).map_err(io::Error::from).and_then(|()| writeln!(out))
        } else {
            writeln!(out, "{human}")
        };
        !written.and_then(|()| out.flush()).is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Whether results still have a reader, as far as can be told without a word to them: that of a pipe may have gone.
    #[expect(clippy::unused_self, reason = "everything shown goes through the one value that knows how")]
    pub(crate) fn is_read(self) -> bool {
        let out = io::stdout();
        // Asked for nothing, it answers with what is always told.
        let mut polled = [PollFd::new(&out, PollFlags::empty())];
        let done = poll(&mut polled, Some(&Timespec::default()));
        done.is_err() || !polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP)
    }

    /// Writes a line of the result.
    ///
    /// A reader that has gone away (`| head`) is no error worth a word.
    #[expect(clippy::unused_self, reason = "everything shown goes through the one value that knows how")]
    pub(crate) fn line(self, text: impl Display) {
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// Writes a result that is a document: as it is.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: it could not be written, so whoever reads it would have half of it. A reader that has gone away
    /// wants no more.
    #[expect(clippy::unused_self, reason = "everything shown goes through the one value that knows how")]
    pub(crate) fn raw(self, text: impl AsRef<[u8]>) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new("could not write to standard output", Exit::Usage).because_of(&error))
            }
            _ => Ok(()),
        }
    }

    /// Writes one object as a line of the result.
    #[expect(clippy::unused_self, reason = "everything shown goes through the one value that knows how")]
    pub(crate) fn object(self, object: &impl Serialize) {
        let mut out = io::stdout().lock();
        let _ = serde_json::to_writer(&mut out, object).map(|()| writeln!(out));
    }

    /// Tells a person something beside the result.
    #[expect(clippy::unused_self, reason = "everything shown goes through the one value that knows how")]
    pub(crate) fn note(self, text: impl Display) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Tells a person how far something is, on a line that the next such word takes; nothing clears it.
    pub(crate) fn passing(self, text: impl Display) {
        if self.live_beside {
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r\x1b[K{text}").and_then(|()| err.flush());
        }
    }

    /// Shows why a verb did not do what it was asked: an object among the results, or words beside them.
    pub(crate) fn failure(self, failure: &Failure) {
        let _ = if self.json {
            failure.write_json(&mut io::stdout().lock())
        } else {
            failure.write_human(&mut io::stderr().lock(), self.colours.err)
        };
    }
}
