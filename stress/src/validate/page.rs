//! The table, for a terminal and as docs/VALIDATION.md.

use std::{fmt::Write, time::Duration};

use super::row::{Check, Row, Validation};

/// How long a validation took, and on how many threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Threads.
    pub jobs: usize,
    /// Time on the wall.
    pub elapsed: Duration,
}

/// The first line of the terminal's table.
#[must_use]
pub fn heading() -> String {
    let heads = ["expected", "measured", "error", "z"].map(|head| format!("{head:>14}"));
    format!("{:<4}{:<86}{}  verdict", "", "figure", heads.concat())
}

/// A row as a line of that table.
#[must_use]
pub fn line(row: &Row) -> String {
    let [expected, measured, error, z] = cells(row).map(|cell| format!("{cell:>14}"));
    let verdict = verdict(row);
    format!("{:<4}{:<86}{expected}{measured}{error}{z}  {verdict}", row.id, row.figure)
}

/// What it all came to, in one line.
#[must_use]
pub fn summary(validation: &Validation, run: Run) -> String {
    let (rows, failed) = (validation.rows.len(), validation.failures().count());
    format!(
        "{} of {rows} figures are what they must be; {} runs of the program in {:.1} s on {} \
         threads (seed {}, {} paths a figure)",
        rows - failed,
        validation.runs(),
        run.elapsed.as_secs_f64(),
        run.jobs,
        validation.seed,
        validation.paths
    )
}

/// docs/VALIDATION.md.
#[must_use]
pub fn page(validation: &Validation, run: Run) -> String {
    let mut page = String::from(include_str!("page.md"));
    let mut table = String::from(
        "| | figure | expected | measured | error | z | verdict |\n|---|---|---|---|---|---|---|\n",
    );
    for row in &validation.rows {
        let [expected, measured, error, z] = cells(row);
        let (id, figure, verdict) = (&row.id, &row.figure, verdict(row));
        let _ = writeln!(
            table,
            "| {id} | {figure} | {expected} | {measured} | {error} | {z} | {verdict} |"
        );
    }
    page = page.replace("{summary}", &summary(validation, run));
    page.replace("{table}", &table)
}

/// Expected, measured, error and z. The error is a standard error, or the bound of what is exact.
fn cells(row: &Row) -> [String; 4] {
    let error = match row.check {
        Check::Sampled { standard_error, form_error: 0.0 } => number(standard_error, 2),
        Check::Sampled { standard_error, form_error } => {
            format!("{} + {}", number(standard_error, 2), number(form_error, 2))
        }
        Check::Exact { bound: 0.0 } => "exact".to_owned(),
        Check::Exact { bound } => format!("≤ {}", number(bound, 2)),
    };
    let z = row.z().map_or_else(|| "–".to_owned(), |z| format!("{z:+.2}"));
    [number(row.expected, 7), number(row.measured, 7), error, z]
}

fn verdict(row: &Row) -> &'static str {
    if row.passes() { "ok" } else { "OFF" }
}

/// A number to so many digits.
fn number(number: f64, digits: usize) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if (1e-4..1e7).contains(&size) {
        let powers = [1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0, 1e-1, 1e-2, 1e-3];
        let before = 7 - powers.iter().take_while(|power| size < **power).count();
        let places = (digits + 7).saturating_sub(before + 7);
        return format!("{number:.places$}");
    }
    format!("{number:.*e}", digits.saturating_sub(1))
}
