//! How far Heston's scheme is off, by length of a step.

use cofferdam_stress::closed_form::{self as form, Terms};
use cofferdam_stress::prices::process::{Heston, Process};

use super::*;

/// Calm enough that variance stays away from zero.
fn tame() -> Heston {
    Heston {
        variance: 1.0,
        long_variance: 1.44,
        reversion_per_year: 4.0,
        vol_of_variance: 0.8,
        correlation: -0.5,
        ..heston()
    }
}

#[test]
fn the_mean_price_is_exact_for_any_step() {
    for process in [heston(), tame(), Heston { correlation: 0.7, ..tame() }] {
        for steps in [1, 4, 32] {
            let study = Study { steps, ..Study::once(10_000, 1.0) };
            let found = study.mean(&alone(Process::Heston(process)), |logs| last(logs).exp());
            meets(found, 1.0, 0.03);
        }
    }
}

#[test]
fn drift_is_added_to_the_mean() {
    let process = Heston { drift_per_year: -0.4, ..heston() };
    let study = Study { steps: 4, ..Study::once(20_000, 0.5) };
    meets(
        study.mean(&alone(Process::Heston(process)), |logs| last(logs).exp()),
        (-0.2_f64).exp(),
        1e-3,
    );
}

/// The logarithm falls by half the variance of the year.
#[test]
fn the_mean_variance_reverts() {
    for process in [heston(), tame()] {
        let Heston { variance, long_variance, reversion_per_year: k, .. } = process;
        let total = long_variance + (variance - long_variance) * (1.0 - (-k).exp()) / k;
        let study = Study { steps: 64, ..Study::once(8_000, 1.0) };
        meets(
            study.mean(&alone(Process::Heston(process)), last),
            -0.5 * total,
            0.02 * total.sqrt(),
        );
    }
}

/// The put of the closed form, by simulation: within three standard errors from eight steps a year
/// on, where `vol_of_variance` is three times what keeps variance from zero. With one and two
/// steps the bias is there and stays below the stated bounds.
#[test]
fn the_put_is_unbiased_from_eight_steps_a_year() {
    let terms = Terms { lltv: 1.0, lif: 1.0 };
    let exact = form::heston(terms, &heston(), 1.0).expected;
    let put = |logs: &[f64]| (1.0 - last(logs).exp()).max(0.0);
    let market = alone(Process::Heston(heston()));
    for (steps, bias_max) in [(1, 0.05), (2, 0.03), (4, 0.015)] {
        let study = Study { steps, scheme: Scheme::Antithetic, ..Study::once(20_000, 1.0) };
        let found = study.mean(&market, put);
        let bias = (found.value / exact - 1.0).abs();
        assert!(bias < bias_max + 3.0 * found.standard_error / exact, "{steps}: {bias}");
    }
    for steps in [8, 32] {
        let study = Study { steps, scheme: Scheme::Antithetic, ..Study::once(20_000, 1.0) };
        meets(study.mean(&market, put), exact, 0.012 * exact);
    }
}

#[test]
fn a_late_liquidation_under_random_variance_meets_its_closed_form() {
    let process = Heston {
        variance: 4.0,
        long_variance: 1.0,
        reversion_per_year: 20.0,
        vol_of_variance: 6.0,
        correlation: -0.6,
        ..heston()
    };
    let terms = Terms { lltv: 0.86, lif: form::liquidation_incentive_factor(0.86) };
    let exact = form::heston(terms, &process, DAY);
    let study = Study { steps: 24, ..Study::once(20_000, DAY) };
    let market = alone(Process::Heston(process));
    let loss = |logs: &[f64]| (1.0 - terms.cover() * last(logs).exp()).max(0.0);
    meets(study.mean(&market, loss), exact.expected, 0.03 * exact.expected);
    let lost = |logs: &[f64]| f64::from(loss(logs) > 0.0);
    meets(study.mean(&market, lost), exact.probability, 0.03 * exact.probability);
}
