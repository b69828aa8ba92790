/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of `text`; a carriage return belongs to its line.
    pub(crate) fn of(text: &str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { starts }
    }

    /// Where a line begins, counted from 1; of one past the last, nowhere.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(usize::MAX)
    }

    /// The line that holds a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_line_ends_with_its_break() {
        let lines = Lines::of("a\nbc\n\nd");
        let of: Vec<_> = (0..7).map(|at| lines.line(at)).collect();
        assert_eq!(of, [1, 1, 2, 2, 2, 3, 4]);
    }
}
