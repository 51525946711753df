//! Assets that move together, and assets that do not.

use cofferdam_stress::prices::process::{Correlation, MarketError, Merton, Process};

use super::*;

fn three() -> Market {
    let assets = ["ETH", "BTC", "SOL"].map(|symbol| (symbol.to_owned(), model(gbm(1.0))));
    Market::new(assets.into())
}

#[test]
fn noises_have_the_stated_correlations() {
    let market = three().correlated(&[(0, 1, 0.9), (1, 2, -0.3), (0, 2, 0.1)]).unwrap();
    let study = Study { steps: 3, ..Study::once(20_000, DAY) };
    let product = |a: usize, b: usize| {
        let centred = |logs: &[f64]| last(logs) + 0.5 * DAY;
        let values = study.each(&market, |logs, _| centred(&logs[a]) * centred(&logs[b]) / DAY);
        mean(&values, 1)
    };
    for (a, b, expected) in [(0, 1, 0.9), (1, 2, -0.3), (0, 2, 0.1), (0, 0, 1.0), (2, 2, 1.0)] {
        meets(product(a, b), expected, 0.011);
    }
}

/// The price of a Heston asset follows its variance's noise in part; the rest is correlated.
#[test]
fn a_heston_asset_is_correlated_by_its_own_part() {
    let process = Heston {
        variance: 1.0,
        long_variance: 1.0,
        reversion_per_year: 2.0,
        vol_of_variance: 0.2,
        correlation: -0.6,
        ..heston()
    };
    let assets = vec![("A".into(), model(Process::Heston(process))), ("B".into(), model(gbm(1.0)))];
    let market = Market::new(assets).correlated(&[(0, 1, 0.5)]).unwrap();
    let study = Study::once(20_000, DAY);
    let values = study.each(&market, |logs, _| last(&logs[0]) * last(&logs[1]) / DAY);
    meets(mean(&values, 1), 0.5 * 0.8, 0.011);
}

#[test]
fn correlations_that_cannot_be_are_refused() {
    let refused =
        |pairs: &[(usize, usize, f64)]| three().correlated(pairs).expect_err("refused").to_string();
    assert_eq!(
        refused(&[(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]),
        "the correlations contradict each other at asset 2: their matrix is not positive definite; bring them nearer to zero"
    );
    assert_eq!(
        refused(&[(0, 1, 1.0)]),
        "the correlations contradict each other at asset 1: their matrix is not positive definite; bring them nearer to zero"
    );
    assert_eq!(refused(&[(0, 1, 1.1)]), "1.1 is not within -1 to 1");
    assert_eq!(refused(&[(0, 1, f64::NAN)]), "NaN is not within -1 to 1");
    assert_eq!(refused(&[(1, 1, 0.5)]), "assets 1 and 1 are no pair of 3 assets");
    assert_eq!(refused(&[(0, 3, 0.5)]), "assets 0 and 3 are no pair of 3 assets");
    assert_eq!(Correlation::new(3, &[]).unwrap(), Correlation::independent(3));
    assert_eq!(three().with_common_jumps(1.5), Err(MarketError::CommonJumps(1.5)));
}

/// Two staircases: one jumps 60 times a year and the other 40, and half of the rarer's jumps,
/// 20 a year, are common.
#[test]
fn common_jumps_happen_to_all_and_leave_each_asset_its_own_law() {
    let often = Merton { volatility: 0.0, jumps_per_year: 60.0, ..merton() };
    let seldom = Merton { jump_mean: -0.3, jump_deviation: 0.02, jumps_per_year: 40.0, ..often };
    let assets = vec![
        ("A".into(), model(Process::Merton(often))),
        ("B".into(), model(Process::Merton(seldom))),
    ];
    let market = Market::new(assets).with_common_jumps(0.5).unwrap();
    let (years, steps) = (0.05, 2_500);
    let study = Study { steps, ..Study::once(1_000, years) };
    // What is left of a step without its drift is its jumps.
    let growth =
        [60.0 * ((-0.1_f64 + 0.0032).exp() - 1.0), 40.0 * ((-0.3_f64 + 0.0002).exp() - 1.0)];
    let jumps = |logs: &[Vec<f64>], asset: usize| -> Vec<f64> {
        let drift = -growth[asset] * years / steps as f64;
        let starts = std::iter::once(&0.0).chain(&logs[asset]);
        let jump = |(from, to): (&f64, &f64)| to - from - drift;
        starts.zip(&logs[asset]).map(jump).map(|j| if j.abs() < 1e-9 { 0.0 } else { j }).collect()
    };
    let count = |asset: usize| {
        study.each(&market, |logs, _| {
            jumps(logs, asset).iter().filter(|j| **j != 0.0).count() as f64
        })
    };
    meets(mean(&count(0), 1), 3.0, 0.06);
    meets(mean(&count(1), 1), 2.0, 0.05);
    let both = study.each(&market, |logs, _| {
        let (a, b) = (jumps(logs, 0), jumps(logs, 1));
        a.iter().zip(&b).filter(|(a, b)| **a != 0.0 && **b != 0.0).count() as f64
    });
    meets(mean(&both, 1), 1.0, 0.035);
    // As bad for one as for the other: sizes of a common jump have the same rank.
    let apart = study.each(&market, |logs, _| {
        let (a, b) = (jumps(logs, 0), jumps(logs, 1));
        let rank_gap = |(a, b): (&f64, &f64)| ((a + 0.10) / 0.08 - (b + 0.30) / 0.02).abs();
        let common = a.iter().zip(&b).filter(|(a, b)| **a != 0.0 && **b != 0.0);
        common.filter(|pair| rank_gap(*pair) > 1e-6).count() as f64
    });
    // Only a step in which another jump falls on top of a common one is off.
    assert!(mean(&apart, 1).value < 0.01, "{:?}", mean(&apart, 1));
}
