//! Columns that line up, for people; programs take `--json`.

use std::fmt;

use crate::text::one_line;

/// Rows under a heading.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new<const N: usize>(heading: [&str; N]) -> Self {
        Self { rows: vec![heading.map(str::to_owned).to_vec()] }
    }

    /// Adds a row. Foreign text is made safe.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| one_line(&cell)).to_vec());
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, row) in self.rows.iter().enumerate() {
            let padded =
                row.iter().enumerate().map(|(column, cell)| format!("{cell:0$}", self.width(column)));
            let line = padded.collect::<Vec<_>>().join("  ");
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_foreign_text_is_harmless() {
        let mut table = Table::new(["RELEASE", "SHARE"]);
        table.row(["v1".to_owned(), "90 %".to_owned()]);
        table.row(["a-long-name\u{1b}".to_owned(), "10 %".to_owned()]);
        insta::assert_snapshot!(table, @r"
        RELEASE            SHARE
        v1                 90 %
        a-long-name\u{1b}  10 %
        ");
    }
}
