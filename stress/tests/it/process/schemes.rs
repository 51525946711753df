//! Antithetic and Sobol draws: the same truth with less noise.

use cofferdam_stress::closed_form::{Terms, liquidation_incentive_factor};
use cofferdam_stress::prices::process::{Process, SchemeError};

use super::*;

fn terms() -> Terms {
    Terms { lltv: 0.86, lif: liquidation_incentive_factor(0.86) }
}

fn loss(logs: &[f64]) -> f64 {
    (1.0 - terms().cover() * last(logs).exp()).max(0.0)
}

const SIX_HOURS: f64 = 0.25 * DAY;

#[test]
fn a_pair_mirrors_its_noise() {
    let market = alone(gbm(2.0));
    let study = Study { steps: 9, scheme: Scheme::Antithetic, ..Study::once(200, DAY) };
    let pairs = study.mean(&market, last);
    assert!((pairs.value + 2.0 * DAY).abs() < 1e-12 && pairs.standard_error < 1e-12, "{pairs:?}");
    let jumpy = alone(Process::Merton(merton()));
    let times = |path| {
        let draw = Draw { seed: SEED, path, scheme: Scheme::Antithetic };
        market_steps(&jumpy, &draw)
    };
    assert_ne!(times(0), times(1));
    assert_ne!(times(0), times(2));
}

fn market_steps(market: &Market, draw: &Draw) -> Vec<f64> {
    market.walks(20, DAY, draw).logs.remove(0)
}

#[test]
fn every_scheme_meets_the_closed_form_and_the_better_ones_more_closely() {
    let exact = terms().delayed(4.0, SIX_HOURS).bad_debt().expected;
    let market = alone(gbm(4.0));
    let study = |scheme, steps| Study { steps, scheme, ..Study::once(32_768, SIX_HOURS) };
    let error = |scheme, steps| {
        let study = study(scheme, steps);
        let found = study.mean(&market, loss);
        meets(found, exact, 0.02 * exact);
        found.standard_error
    };
    let sobol = Scheme::sobol(1_024).unwrap();
    for steps in [1, 12] {
        let plain = error(Scheme::Independent, steps);
        // A rare loss has no mirror image, so pairs gain little there and much for the price.
        assert!(error(Scheme::Antithetic, steps) < 1.02 * plain);
        let price = |scheme| study(scheme, steps).mean(&market, |logs| last(logs).exp());
        let (single, paired) = (price(Scheme::Independent), price(Scheme::Antithetic));
        assert!(paired.standard_error < 0.15 * single.standard_error, "{paired:?}");
        assert!(error(sobol, steps) < 0.15 * plain);
    }
}

#[test]
fn jumps_and_variance_are_drawn_too() {
    for process in [Process::Merton(merton()), Process::Kou(kou()), Process::Heston(heston())] {
        for scheme in [Scheme::Antithetic, Scheme::sobol(256).unwrap()] {
            let study = Study { steps: 8, scheme, ..Study::once(8_192, 10.0 * DAY) };
            meets(study.mean(&alone(process), |logs| last(logs).exp()), 1.0, 0.01);
        }
    }
}

/// The bridge must hand out ordinary noise: each step with variance one, none with another.
#[test]
fn sobol_steps_are_independent_normal_numbers() {
    let steps = 300;
    let market = alone(gbm(1.0));
    let scheme = Scheme::sobol(64).unwrap();
    let study = Study { paths: 4_096, steps, years: steps as f64, scheme };
    let drawn = Drawn::new(&study, &market);
    let noise = |logs: &[f64], step: usize| logs[step] - logs[step - 1] + 0.5;
    for step in [1, 2, 150, 151, 299] {
        meets(drawn.mean(|logs| noise(logs, step)), 0.0, 0.02);
        meets(drawn.mean(|logs| noise(logs, step).powi(2)), 1.0, 0.03);
        let before = |logs: &[f64]| if step > 1 { noise(logs, step - 1) } else { logs[0] + 0.5 };
        meets(drawn.mean(|logs| noise(logs, step) * before(logs)), 0.0, 0.03);
    }
}

/// Of 64 paths of a replicate, one ends in each sixty-fourth of the distribution, for each asset.
#[test]
fn a_replicate_covers_its_range_evenly() {
    let assets = ["A", "B"].map(|symbol| (symbol.to_owned(), model(gbm(1.0))));
    let market = Market::new(assets.into());
    let study = Study { paths: 128, steps: 5, years: 1.0, scheme: Scheme::sobol(64).unwrap() };
    for asset in [0, 1] {
        let ends = study.each(&market, |logs, _| last(&logs[asset]) + 0.5);
        for replicate in ends.chunks(64) {
            let cell = |end: &f64| (64.0 * cofferdam_stress::math::normal_cdf(*end)).floor();
            let mut cells: Vec<String> =
                replicate.iter().map(|end| cell(end).to_string()).collect();
            cells.sort();
            cells.dedup();
            assert_eq!(cells.len(), 64);
        }
        assert_ne!(ends[..64], ends[64..]);
    }
}

#[test]
fn a_replicate_is_a_power_of_two() {
    for paths in [0, 1, 3, 1_000, 131_072] {
        assert_eq!(Scheme::sobol(paths), Err(SchemeError::Replicate(paths)));
    }
    assert_eq!(
        Scheme::sobol(3).unwrap_err().to_string(),
        "replicate_paths: 3 is no power of two from 2 to 65536"
    );
    assert!(Scheme::sobol(65_536).is_ok());
}
