//! Edits of a text, as `diff -u` shows them.

use std::fmt;
use std::ops::Range;

use handover_migrate_guard::Span;

use super::edits::written;
use crate::text::one_line;

/// How many lines that stay are shown around those that do not.
const AROUND: usize = 3;

/// What edits do to a text.
#[derive(Debug)]
pub(super) struct Diff<'a> {
    /// The file's name, as it is shown.
    pub(super) path: &'a str,
    /// What it says.
    pub(super) old: &'a str,
    /// What is replaced, in order.
    pub(super) edits: &'a [(Span, String)],
}

/// Lines that edits touch, and those edits.
type Touched = (Range<usize>, Vec<(Span, String)>);

/// Lines of the old text, and what stands there instead.
struct Change {
    old: Range<usize>,
    new: Vec<String>,
}

impl fmt::Display for Diff<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = one_line(self.path);
        write!(f, "--- {path}\n+++ {path}")?;
        let lines: Vec<&str> = self.old.split_inclusive('\n').collect();
        let mut moved = 0_isize;
        for hunk in together(self.changes(&lines)) {
            moved = show(f, &lines, &hunk, moved)?;
        }
        Ok(())
    }
}

impl Diff<'_> {
    /// Whole lines that change, in order.
    fn changes(&self, lines: &[&str]) -> Vec<Change> {
        let ends: Vec<usize> = lines
            .iter()
            .scan(0, |end, line| {
                *end += line.len();
                Some(*end)
            })
            .collect();
        let line_of =
            |byte: usize| ends.partition_point(|end| *end <= byte).min(lines.len().saturating_sub(1));
        let mut changes: Vec<Touched> = Vec::new();
        for (span, new) in self.edits {
            let touched = line_of(span.start)..line_of(span.end.saturating_sub(1).max(span.start)) + 1;
            match changes.last_mut() {
                Some((range, edits)) if touched.start < range.end => {
                    range.end = range.end.max(touched.end);
                    edits.push((*span, new.clone()));
                }
                _ => changes.push((touched, vec![(*span, new.clone())])),
            }
        }
        changes.into_iter().map(|(range, edits)| self.change(lines, &ends, range, &edits)).collect()
    }

    fn change(
        &self,
        lines: &[&str],
        ends: &[usize],
        range: Range<usize>,
        edits: &[(Span, String)],
    ) -> Change {
        let begin = range.start.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        let end = range.end.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(self.old.len());
        let moved = |(span, new): &(Span, String)| {
            (Span::new(span.start.saturating_sub(begin), span.end.saturating_sub(begin)), new.clone())
        };
        let edits: Vec<_> = edits.iter().map(moved).collect();
        let new = written(self.old.get(begin..end).unwrap_or_default(), &edits);
        let mut new: Vec<String> = new.lines().map(str::to_owned).collect();
        let old: Vec<_> =
            lines.get(range.clone()).unwrap_or_default().iter().map(|line| bare(line)).collect();
        let same = old.iter().zip(&new).take_while(|(old, new)| *old == *new).count();
        let left = old.len().min(new.len()) - same;
        let tail =
            old.iter().rev().zip(new.iter().rev()).take(left).take_while(|(old, new)| *old == *new).count();
        new.truncate(new.len() - tail);
        Change { old: range.start + same..range.end - tail, new: new.split_off(same) }
    }
}

/// Changes that are shown as one, since what stands between them is short.
fn together(changes: Vec<Change>) -> Vec<Vec<Change>> {
    let mut hunks: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        match hunks.last_mut() {
            Some(hunk) if hunk.last().is_some_and(|last| change.old.start <= last.old.end + 2 * AROUND) => {
                hunk.push(change);
            }
            _ => hunks.push(vec![change]),
        }
    }
    hunks
}

/// Shows one hunk; how far the lines after it have moved.
fn show(
    f: &mut fmt::Formatter<'_>,
    lines: &[&str],
    hunk: &[Change],
    moved: isize,
) -> Result<isize, fmt::Error> {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return Ok(moved) };
    let from = first.old.start.saturating_sub(AROUND);
    let until = (last.old.end + AROUND).min(lines.len());
    let more = hunk
        .iter()
        .map(|change| change.new.len().cast_signed() - change.old.len().cast_signed())
        .sum::<isize>();
    let many = until - from;
    let (at, now) = (from + 1, (from + 1).saturating_add_signed(moved));
    write!(f, "\n@@ -{at},{many} +{now},{} @@", many.saturating_add_signed(more))?;
    let mut line = from;
    for change in hunk {
        marked(f, ' ', lines.get(line..change.old.start).unwrap_or_default())?;
        marked(f, '-', lines.get(change.old.clone()).unwrap_or_default())?;
        marked(f, '+', &change.new)?;
        line = change.old.end;
    }
    marked(f, ' ', lines.get(line..until).unwrap_or_default())?;
    Ok(moved + more)
}

fn marked(f: &mut fmt::Formatter<'_>, mark: char, lines: &[impl AsRef<str>]) -> fmt::Result {
    lines.iter().try_for_each(|line| write!(f, "\n{mark}{}", one_line(bare(line.as_ref()))))
}

/// Without its end.
fn bare(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, edits: &[(usize, usize, &str)]) -> String {
        let edits: Vec<_> =
            edits.iter().map(|(start, end, new)| (Span::new(*start, *end), (*new).to_owned())).collect();
        Diff { path: "m/1.sql", old, edits: &edits }.to_string()
    }

    #[test]
    fn a_changed_line_is_shown_with_three_around_it() {
        insta::assert_snapshot!(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", &[(8, 9, "five")]), @"
        --- m/1.sql
        +++ m/1.sql
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
         8
        ");
    }

    #[test]
    fn changes_far_apart_are_shown_apart_and_the_second_is_counted_in_both_texts() {
        let lines: Vec<_> = (1..=30).map(|line| format!("line {line}")).collect();
        let text = format!("{}\n", lines.join("\n"));
        let at = |line: &str| text.find(line).unwrap();
        let edits = [(0, 0, "new\n"), (at("line 20"), at("line 21"), "")];
        insta::assert_snapshot!(diff(&text, &edits), @"
        --- m/1.sql
        +++ m/1.sql
        @@ -1,3 +1,4 @@
        +new
         line 1
         line 2
         line 3
        @@ -17,7 +18,6 @@
         line 17
         line 18
         line 19
        -line 20
         line 21
         line 22
         line 23
        ");
    }

    #[test]
    fn lines_come_and_go_at_either_end() {
        insta::assert_snapshot!(diff("a\nb", &[(3, 3, "\nc")]), @"
        --- m/1.sql
        +++ m/1.sql
        @@ -1,2 +1,3 @@
         a
         b
        +c
        ");
        insta::assert_snapshot!(diff("a\nb\n", &[(0, 2, "")]), @"
        --- m/1.sql
        +++ m/1.sql
        @@ -1,2 +1,1 @@
        -a
         b
        ");
        insta::assert_snapshot!(diff("", &[(0, 0, "a")]), @"
        --- m/1.sql
        +++ m/1.sql
        @@ -1,0 +1,0 @@
        +a
        ");
    }

    #[test]
    fn what_a_file_holds_cannot_drive_the_terminal() {
        assert!(!diff("\u{1b}[2J", &[(0, 1, "\u{9b}")]).contains(['\u{1b}', '\u{9b}']));
    }
}
