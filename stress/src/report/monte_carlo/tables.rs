//! Tables that fold into cards on a phone.

use crate::report::number;
use crate::report::svg::escape;

/// A table whose first column names its rows.
#[derive(Debug)]
pub(super) struct Table {
    header: Vec<String>,
    rows: String,
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|name| escape(name)).collect(), rows: String::new() }
    }

    /// A row; its cells are HTML already.
    pub(super) fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        self.rows += &format!("<tr><th scope=\"row\">{}</th>", escape(name));
        for (label, cell) in self.header.iter().skip(1).zip(cells) {
            self.rows += &format!("<td data-label=\"{label}\">{cell}</td>");
        }
        self.rows += "</tr>";
    }

    pub(super) fn html(&self) -> String {
        let header = self.header.iter().map(|name| format!("<th scope=\"col\">{name}</th>"));
        format!(
            "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
            header.collect::<String>(),
            self.rows
        )
    }
}

pub(super) fn dollars(micros: i128) -> String {
    number::dollars(micros)
}
