//! The table, for a terminal and as docs/VALIDATION.md.

use std::{fmt::Write, time::Duration};

use super::row::{Check, Row, Validation};

/// How long a validation took, and on how many threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Threads.
    pub jobs: usize,
    /// Time on the wall, which depends on who else uses the machine.
    pub elapsed: Duration,
    /// Time on all processors together.
    pub cpu: Duration,
}

/// The first line of the terminal's table.
#[must_use]
pub fn heading() -> String {
    let [expected, measured, error, z] = ["expected", "measured", "error", "z"];
    let heads = format!("{expected:>14}{measured:>14}{error:>20}{z:>7}");
    format!("{:<4}{:<94}{heads}  verdict", "", "figure")
}

/// A row as a line of that table.
#[must_use]
pub fn line(row: &Row) -> String {
    let [expected, measured, error, z] = cells(row);
    let verdict = verdict(row);
    let figures = format!("{expected:>14}{measured:>14}{error:>20}{z:>7}");
    format!("{:<4}{:<94}{figures}  {verdict}", row.id, row.figure)
}

/// What it all came to, in one line.
#[must_use]
pub fn summary(validation: &Validation, run: Run) -> String {
    let (rows, failed) = (validation.rows.len(), validation.failures().count());
    format!(
        "{} of {rows} figures are what they must be; {} runs of the program in {:.0} s of processor \
         time, {:.0} s on the wall with {} threads (seed {}, {} paths a figure)",
        rows - failed,
        validation.runs(),
        run.cpu.as_secs_f64(),
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

/// A number to so many significant digits; very large and very small ones with an exponent.
fn number(number: f64, digits: usize) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:.*e}", digits.saturating_sub(1));
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok());
    match exponent {
        Some(exponent @ -4_i32..=6) => {
            let after_first = i32::try_from(digits).unwrap_or(1) - 1 - exponent;
            format!("{number:.*}", usize::try_from(after_first).unwrap_or(0))
        }
        _ => scientific,
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_their_digits() {
        for (value, digits, text) in [
            (0.0, 7, "0"),
            (150.0, 7, "150.0000"),
            (0.163_909_118_6, 7, "0.1639091"),
            (0.000_456_789, 2, "0.00046"),
            (9.99, 2, "10"),
            (284_536.961, 7, "284537.0"),
            (1.5e-11, 2, "1.5e-11"),
            (-2.5, 2, "-2.5"),
        ] {
            assert_eq!(number(value, digits), text);
        }
    }
}
