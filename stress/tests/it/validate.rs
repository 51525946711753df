//! The table of `cofferdam stress validate`: what passes, what does not, and that threads and
//! repetition change nothing.

use std::{num::NonZeroUsize, time::Duration};

use cofferdam_stress::validate::{
    self, Check, Options, PATHS_MIN, Part, Row, Run, ValidateError, Validation,
};

fn options(jobs: usize) -> Options {
    let jobs = NonZeroUsize::new(jobs).expect("a thread");
    Options { seed: 1, paths: PATHS_MIN, jobs }
}

fn measured(parts: &[Part], jobs: usize) -> Validation {
    let mut told = Vec::new();
    let validation = validate::run(options(jobs), parts, &mut |row| told.push(row.clone()));
    let validation = validation.expect("a validation");
    assert_eq!(told, validation.rows, "every row is told as it comes");
    validation
}

/// The row with its expectation moved by `by`.
fn moved(row: &Row, by: f64) -> Row {
    Row { expected: row.expected + by, ..row.clone() }
}

/// What the row must not forgive.
fn too_much(row: &Row) -> f64 {
    match row.check {
        Check::Sampled { standard_error, form_error } => 8.1 * standard_error + 2.1 * form_error,
        Check::Exact { bound } => 2.1 * bound + row.expected.abs().max(1.0) * 1e-12,
    }
}

#[test]
fn figures_that_nothing_random_enters_are_exact() {
    let parts = [Part::B1, Part::B2, Part::B4, Part::B6, Part::B7];
    let validation = measured(&parts, 1);
    for row in &validation.rows {
        assert!(matches!(row.check, Check::Exact { .. }), "{row:?}");
        assert!(row.passes(), "{row:?}");
    }
    for part in ["B1", "B2", "B4", "B6", "B7"] {
        assert!(validation.rows.iter().any(|row| row.id == part), "{part}");
    }
}

#[test]
fn the_waterfall_passes_and_any_broken_figure_fails_it() {
    let validation = measured(&[Part::A5], 2);
    assert!(validation.passes(), "{:?}", validation.failures().collect::<Vec<_>>());
    assert_eq!(validation.failures().count(), 0);
    for broken in 0..validation.rows.len() {
        for sign in [-1.0, 1.0] {
            let mut table = validation.clone();
            let row = &mut table.rows[broken];
            *row = moved(row, sign * too_much(row));
            assert!(!table.passes(), "{:?}", table.rows[broken]);
            let failures: Vec<_> = table.failures().cloned().collect();
            assert_eq!(failures, [table.rows[broken].clone()]);
        }
    }
}

/// Bit for bit: every figure is a mean over integers in the order of the paths.
#[test]
fn threads_change_no_figure() {
    let parts = [Part::A5];
    let one = measured(&parts, 1);
    for jobs in [2, 5] {
        assert_eq!(measured(&parts, jobs), one, "{jobs} threads");
    }
    let another = Options { seed: 2, ..options(2) };
    let other = validate::run(another, &parts, &mut |_| ()).expect("a validation");
    assert_ne!(other.rows, one.rows, "a seed that changes nothing is none");
}

#[test]
fn a_figure_that_is_no_number_does_not_pass() {
    let row = |measured, check| Row {
        id: "A1".into(),
        figure: "nothing".into(),
        expected: 0.0,
        measured,
        check,
        runs: 1,
    };
    let sampled = |standard_error| Check::Sampled { standard_error, form_error: 0.0 };
    let exact = Check::Exact { bound: 1.0 };
    assert!(row(0.0, exact).passes() && row(1.0, exact).passes());
    assert!(!row(1.1, exact).passes() && !row(f64::NAN, exact).passes());
    assert!(row(3.9, sampled(1.0)).passes() && !row(4.1, sampled(1.0)).passes());
    assert!(!row(f64::NAN, sampled(1.0)).passes());
    assert!(!row(0.5, sampled(f64::INFINITY)).passes(), "no spread is known");
    assert!(!row(0.5, sampled(f64::NAN)).passes());
    assert!(!row(0.5, sampled(0.0)).passes(), "without any spread every gap is too large");
    let none = Validation { seed: 1, paths: PATHS_MIN, rows: Vec::new() };
    assert!(!none.passes(), "nothing was shown");
}

#[test]
fn too_few_paths_are_refused_with_what_to_do() {
    let few = Options { paths: PATHS_MIN - 1, ..options(1) };
    let refused = validate::run(few, &[Part::A1], &mut |_| ());
    let Err(error @ ValidateError::TooFewPaths { .. }) = refused else { panic!("{refused:?}") };
    assert!(error.to_string().contains("at least 1024"), "{error}");
}

/// The laboratory's own machinery meets the formulas too, and every kind of agent is in it.
#[test]
fn scenario_files_meet_the_formulas() {
    let validation = measured(&[Part::P], 2);
    assert!(validation.passes(), "{:?}", validation.failures().collect::<Vec<_>>());
    for formula in ["A1", "A3", "A5", "A7", "A9", "L"] {
        let of = |row: &&Row| row.id == "P" && row.figure.starts_with(formula);
        assert!(validation.rows.iter().any(|row| of(&row)), "{formula}");
    }
}

#[test]
fn parts_have_the_names_of_their_formulas() {
    for part in Part::ALL {
        assert_eq!(Part::named(&format!("{part:?}").to_lowercase()), Some(part));
    }
    assert_eq!(Part::named("A6"), Some(Part::A5));
    assert_eq!(Part::named("Z9"), None);
}

#[test]
fn the_page_has_every_row_and_no_gap() {
    let validation = measured(&[Part::B6], 1);
    let (elapsed, cpu) = (Duration::from_millis(1_234), Duration::from_secs(3));
    let run = Run { jobs: 3, elapsed, cpu };
    let page = validate::page(&validation, run);
    assert!(!page.contains('{') && !page.contains('}'), "every gap is filled");
    assert!(page.contains("in 3 s of processor time, 1 s on the wall with 3 threads"));
    for row in &validation.rows {
        let line = page.lines().find(|line| line.contains(&row.figure)).expect("a line");
        assert!(line.starts_with(&format!("| {} |", row.id)) && line.ends_with("| ok |"), "{line}");
        assert!(validate::line(row).ends_with("  ok"));
    }
}
