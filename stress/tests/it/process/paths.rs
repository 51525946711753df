//! From logarithms to prices: the same everywhere, and only what can be a price.

use cofferdam_stress::prices::Grid;
use cofferdam_stress::prices::process::{Gbm, Process, ProcessError, Sample, TooLarge};

use super::*;

const GRID: Grid = Grid { start_s: 1_583_971_200, step_s: 60, steps: 1_440 };

fn draw(path: u64) -> Draw {
    Draw { seed: SEED, path, scheme: Scheme::Independent }
}

fn sample(market: &Market, path: u64) -> Sample {
    market.sample(&GRID, &draw(path)).expect("prices")
}

fn everything() -> Market {
    let peg = Model::new(usd(1), Process::OrnsteinUhlenbeck(ou())).unwrap();
    let assets = vec![
        ("ETH".into(), model(Process::Merton(merton()))),
        ("BTC".into(), model(Process::Kou(kou()))),
        ("SOL".into(), model(Process::Heston(heston()))),
        ("USDC".into(), peg),
    ];
    let market = Market::new(assets).correlated(&[(0, 1, 0.8), (1, 2, 0.5)]).unwrap();
    market.with_common_jumps(0.3).unwrap()
}

/// Prices that every machine must give, bit for bit. A change of any of them changes every result
/// that was ever published with a seed.
#[test]
fn prices_are_the_same_everywhere() {
    let sample = sample(&everything(), 7);
    let found: Vec<(&str, u64, u64)> = sample
        .paths
        .iter()
        .map(|(symbol, path)| (symbol.as_str(), path.prices()[1].0, path.prices()[1_439].0))
        .collect();
    assert_eq!(
        found,
        [
            ("ETH", 200_042_896, 207_965_808),
            ("BTC", 200_129_755, 205_249_152),
            ("SOL", 200_016_971, 200_657_976),
            ("USDC", 999_506, 996_996),
        ]
    );
}

#[test]
fn paths_begin_at_the_opening_and_differ() {
    let (one, other) = (sample(&everything(), 0), sample(&everything(), 1));
    assert_eq!(one, sample(&everything(), 0));
    assert_eq!(one.weight, 1.0);
    for ((symbol, path), (_, different)) in one.paths.iter().zip(&other.paths) {
        assert_eq!(path.grid(), &GRID);
        assert_eq!(path.first(), if symbol == "USDC" { usd(1) } else { usd(200) });
        assert_ne!(path, different, "{symbol}");
    }
}

#[test]
fn another_asset_changes_no_path() {
    let one = |symbol: &str| (symbol.to_owned(), model(Process::Merton(merton())));
    let alone = sample(&Market::new(vec![one("ETH")]), 3);
    let two = sample(&Market::new(vec![one("BTC"), one("ETH")]), 3);
    assert_eq!(alone.paths[0], two.paths[1]);
    assert_ne!(two.paths[0].1, two.paths[1].1);
}

#[test]
fn a_price_never_reaches_zero() {
    let fall = Process::Gbm(Gbm { drift_per_year: -100.0, volatility: 1.0 });
    let model = Model::new(MicroUsd(2), fall).unwrap();
    let market = Market::new(vec![("DUST".into(), model)]);
    let grid = Grid { step_s: 86_400, steps: 60, ..GRID };
    let sample = market.sample(&grid, &draw(0)).unwrap();
    assert_eq!(sample.paths[0].1.prices().last(), Some(&MicroUsd(1)));
}

#[test]
fn a_price_too_large_is_an_error() {
    let rise = Process::Gbm(Gbm { drift_per_year: 100.0, volatility: 0.0 });
    let market = alone(rise);
    let grid = Grid { step_s: 86_400, steps: 366, ..GRID };
    let error = market.sample(&grid, &draw(0)).expect_err("too large");
    assert_eq!(error, TooLarge { symbol: "ETH".into(), step: 93 });
    assert_eq!(
        error.to_string(),
        "the price of ETH at step 93 is too large for millionths of a dollar; lower its drift, its volatility or its jumps"
    );
}

#[test]
fn parameters_out_of_range_are_refused() {
    let refused = |process| Model::new(usd(1), process).expect_err("refused").to_string();
    assert_eq!(refused(gbm(-0.5)), "volatility: -0.5 is not within 0 to 100");
    assert_eq!(refused(gbm(f64::NAN)), "volatility: NaN is not within 0 to 100");
    let wild = Gbm { drift_per_year: f64::INFINITY, volatility: 0.5 };
    assert_eq!(refused(Process::Gbm(wild)), "drift_per_year: inf is not within -100 to 100");
    let jumpy = cofferdam_stress::prices::process::Merton { jumps_per_year: -1.0, ..merton() };
    assert_eq!(refused(Process::Merton(jumpy)), "jumps_per_year: -1 is not within 0 to 1000000");
    let endless = cofferdam_stress::prices::process::Kou { up_mean: 1.0, ..kou() };
    assert_eq!(refused(Process::Kou(endless)), "up_mean: 1 is not within 0 to 0.99");
    let flat = cofferdam_stress::prices::process::Kou { down_mean: 0.0, ..kou() };
    assert_eq!(refused(Process::Kou(flat)), "down_mean: 0 is not above zero");
    let still = Heston { vol_of_variance: 0.0, ..heston() };
    assert_eq!(refused(Process::Heston(still)), "vol_of_variance: 0 is not above zero");
    let beyond = Heston { correlation: -1.5, ..heston() };
    assert_eq!(refused(Process::Heston(beyond)), "correlation: -1.5 is not within -1 to 1");
    let loose = OrnsteinUhlenbeck { reversion_per_year: 0.0, ..ou() };
    assert_eq!(
        refused(Process::OrnsteinUhlenbeck(loose)),
        "reversion_per_year: 0 is not above zero"
    );
    let nothing = OrnsteinUhlenbeck { peg: MicroUsd(0), ..ou() };
    assert_eq!(refused(Process::OrnsteinUhlenbeck(nothing)), "peg: a price of zero cannot move");
    assert_eq!(Model::new(MicroUsd(0), gbm(1.0)), Err(ProcessError::NoPrice { key: "opening" }));
}
