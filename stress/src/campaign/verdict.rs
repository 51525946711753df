//! Whether a result is what its scenario asserts.

use rust_decimal::prelude::ToPrimitive;

use super::{CampaignError, Named, Results, Unit};
use crate::{
    report::monte_carlo::Verdict,
    scenario::{Assertion, Bound, Comparison, Scenario},
};

/// The verdict on every assertion of a scenario, in their order.
///
/// # Errors
/// A figure that is none, which no loaded scenario has.
pub fn verdicts(results: &Results, scenario: &Scenario) -> Result<Vec<Verdict>, CampaignError> {
    scenario.assert.0.iter().map(|assertion| verdict(results, assertion)).collect()
}

/// The verdict on one assertion.
///
/// # Errors
/// A figure that is none.
pub fn verdict(results: &Results, assertion: &Assertion) -> Result<Verdict, CampaignError> {
    let named = results.figure(&assertion.figure)?;
    let bound = bound(results, assertion, &named)?;
    Ok(Verdict {
        figure: assertion.figure.clone(),
        wanted: assertion.wanted(),
        found: found(&named, &assertion.bound),
        holds: holds(assertion.comparison, named.figure.value, bound),
    })
}

/// What an assertion compares with, in the unit of its figure.
pub(super) fn bound(
    results: &Results,
    assertion: &Assertion,
    named: &Named,
) -> Result<f64, CampaignError> {
    let real = |number: &rust_decimal::Decimal| number.to_f64().unwrap_or(f64::NAN);
    Ok(match &assertion.bound {
        Bound::Number(number) => real(number),
        Bound::Percent(percent) if named.unit == Unit::Share => real(percent) / 100.0,
        Bound::Percent(percent) => real(percent) / 100.0 * named.supplied,
        Bound::Truth(truth) => f64::from(*truth),
        Bound::Figure(other) => results.figure(other)?.figure.value,
    })
}

/// Nothing that is no number holds.
pub(super) fn holds(comparison: Comparison, value: f64, bound: f64) -> bool {
    match comparison {
        Comparison::AtMost => value <= bound,
        Comparison::AtLeast => value >= bound,
        Comparison::Below => value < bound,
        Comparison::Above => value > bound,
        Comparison::Equal => value == bound,
    }
}

/// A figure as people read it, in the terms of its bound.
pub(super) fn found(named: &Named, bound: &Bound) -> String {
    let value = named.figure.value;
    match (named.unit, bound) {
        (Unit::Truth, _) => (value != 0.0).to_string(),
        (Unit::Share, _) => format!("{:.3} %", value * 100.0),
        (Unit::Dollars, Bound::Percent(_)) if named.supplied > 0.0 => {
            format!("{:.4} % (${value:.2})", value / named.supplied * 100.0)
        }
        (Unit::Dollars, _) => format!("${value:.2}"),
        (Unit::Seconds, _) => format!("{value:.0} s"),
        (Unit::Count, _) => format!("{value}"),
    }
}
