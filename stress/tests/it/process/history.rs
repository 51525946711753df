//! Bootstraps of real candles, when they lie beside the repository.

use std::path::Path;

use cofferdam_stress::prices::{Bar, Bootstrap, Candles, Grid};

use super::*;

const FILE: &str = "../../shared/prices/eth_usdt_1h_2020-03_black_thursday.csv";
/// Bars of a block.
const BLOCK: usize = 24;

fn square(from: MicroUsd, to: MicroUsd) -> f64 {
    let log = (to.0 as f64 / from.0 as f64).ln();
    log * log
}

/// A day of hours drawn from Black Thursday's quarter is as wild, on average, as a day of it.
#[test]
fn a_bootstrap_is_as_wild_as_its_history() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if !file.exists() {
        println!("skipped: no ../shared");
        return;
    }
    let candles = Candles::load(&file).expect("valid");
    let history: Vec<Bar> = candles.bars().copied().collect();
    let hours: Vec<f64> = history.iter().map(|bar| square(bar.open(), bar.close())).collect();
    // Each start of a block is as likely as another.
    let days: Vec<f64> = hours.windows(BLOCK).map(|day| day.iter().sum()).collect();
    let expected = days.iter().sum::<f64>() / days.len() as f64;
    let bootstrap = Bootstrap::new(candles, 3_600 * 24, usd(200)).expect("blocks fit");
    let grid = Grid { start_s: 0, step_s: 900, steps: 4 * BLOCK };
    let drawn = |seed: u64| {
        let path = bootstrap.path(&grid, seed, "ETH").expect("prices");
        assert_eq!(path.first(), usd(200));
        path.prices().chunks(4).map(|hour| square(hour[0], hour[3])).sum()
    };
    let drawn: Vec<f64> = (0..3_000).map(drawn).collect();
    meets(mean(&drawn, 1), expected, 0.06 * expected);
}
