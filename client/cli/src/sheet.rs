//! What a command answers: a sentence, fields and lists, as text or as JSON.

use serde_json::{Map, Value};

use crate::{options::Output, say::say};

/// An answer.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    headline: Option<String>,
    fields: Vec<Field>,
    lists: Vec<List>,
}

#[derive(Debug)]
struct Field {
    key: &'static str,
    value: String,
    shown: Shown,
}

/// Where a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Everywhere,
    /// What programs want and people would only read past.
    JsonOnly,
}

#[derive(Debug)]
struct List {
    key: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An answer that opens with a sentence.
    pub(crate) fn said(headline: String) -> Self {
        Self { headline: Some(headline), ..Self::default() }
    }

    /// Adds a field.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over what they computed")]
    pub(crate) fn field(mut self, key: &'static str, value: impl ToString) -> Self {
        self.fields.push(Field { key, value: value.to_string(), shown: Shown::Everywhere });
        self
    }

    /// Adds a field that only JSON has.
    #[expect(clippy::needless_pass_by_value, reason = "callers hand over what they computed")]
    pub(crate) fn detail(mut self, key: &'static str, value: impl ToString) -> Self {
        self.fields.push(Field { key, value: value.to_string(), shown: Shown::JsonOnly });
        self
    }

    /// Adds a list.
    pub(crate) fn list(
        mut self,
        key: &'static str,
        columns: &[&str],
        rows: Vec<Vec<String>>,
    ) -> Self {
        self.lists.push(List {
            key,
            columns: columns.iter().map(ToString::to_string).collect(),
            rows,
        });
        self
    }

    /// Prints it.
    pub(crate) fn show(&self, output: Output) {
        let text = match output {
            Output::Table => self.text(),
            Output::Json => format!("{:#}", self.json()),
        };
        say(format_args!("{}", text.trim_end()));
    }

    fn json(&self) -> Value {
        let mut object = Map::new();
        if let Some(headline) = &self.headline {
            object.insert("summary".into(), headline.as_str().into());
        }
        for Field { key, value, .. } in &self.fields {
            object.insert((*key).into(), value.as_str().into());
        }
        for List { key, columns, rows } in &self.lists {
            let row = |cells: &Vec<String>| {
                let pairs = columns.iter().zip(cells);
                pairs.map(|(column, cell)| (column.as_str().into(), cell.as_str().into())).collect()
            };
            let rows: Vec<Value> = rows.iter().map(|cells| Value::Object(row(cells))).collect();
            object.insert((*key).into(), rows.into());
        }
        Value::Object(object)
    }

    fn text(&self) -> String {
        let mut text = self.headline.iter().map(|line| format!("{line}\n")).collect::<String>();
        let shown = self.fields.iter().filter(|field| field.shown == Shown::Everywhere);
        let pairs: Vec<_> =
            shown.map(|field| vec![field.key.into(), field.value.clone()]).collect();
        text += &aligned(&pairs);
        for List { columns, rows, .. } in &self.lists {
            if !text.is_empty() && !rows.is_empty() {
                text.push('\n');
            }
            let header = columns.clone();
            let all: Vec<Vec<String>> = [header].into_iter().chain(rows.iter().cloned()).collect();
            text += &if rows.is_empty() { String::new() } else { aligned(&all) };
        }
        if text.is_empty() { "nothing to show".into() } else { text }
    }
}

/// Rows with their cells below each other.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
