//! A table in Markdown, its columns aligned.

use std::io::Write as _;

/// Rows under a head.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        let mut table = Self { rows: Vec::new() };
        table.row(head);
        table
    }

    /// Adds a row; told on stderr at once, for those who wait.
    pub(crate) fn row(&mut self, cells: &[impl AsRef<str>]) {
        let cells: Vec<_> = cells.iter().map(|cell| cell.as_ref().to_owned()).collect();
        let _ = writeln!(std::io::stderr(), "… {}", cells.join(" · "));
        self.rows.push(cells);
    }

    /// Writes it to stdout.
    pub(crate) fn print(&self) {
        let columns = self.rows[0].len();
        let widths: Vec<_> = (0..columns)
            .map(|column| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut out = std::io::stdout().lock();
        for (number, row) in self.rows.iter().enumerate() {
            let cells: Vec<_> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
            if number == 0 {
                let _ = writeln!(
                    out,
                    "|{}",
                    widths.iter().map(|width| "-".repeat(width + 2) + "|").collect::<String>()
                );
            }
        }
        let _ = writeln!(out);
    }
}
