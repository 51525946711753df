//! The closed forms against their published and their independently computed figures.

mod delay;
mod golden;
mod monitored;
mod protocol;

/// Asserts that `found` is `expected` up to `relative`.
#[track_caller]
pub(crate) fn close(found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs();
    assert!(error <= relative * expected.abs().max(1e-300), "{found} is not {expected}");
}

/// Hours in years of 365 days.
pub(crate) fn hours(hours: f64) -> f64 {
    hours / 8_760.0
}
