//! Price paths: one integer price a step, from daily bars, a candle file or a constant.

mod bar;
pub mod bridge;
mod candles;
mod path;
pub mod process;

pub use bar::{Bar, BarError};
pub use candles::{Candles, CandlesError, PriceFileError, PriceFileReason};
pub use path::{Grid, MicroUsd, MicroUsdError, PricePath};

use std::collections::BTreeMap;

use crate::scenario::{PriceSource, Scenario};

/// Why the prices of a scenario could not be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricesError {
    /// A bar cannot be expanded to the scenario's steps.
    #[error("price of {symbol}: {source}")]
    Bridge {
        /// Symbol of the asset.
        symbol: String,
        /// What is wrong with the bar.
        source: bridge::BridgeError,
    },
    /// The replayed file does not fit the scenario.
    #[error(transparent)]
    Candles(#[from] CandlesError),
}

/// One path per asset symbol, all on [`Scenario::grid`].
///
/// `replayed` takes the place of the series of the scenario's `prices_asset`.
///
/// # Errors
/// A bar that does not divide into steps, or a replayed file that does not cover the scenario.
pub fn paths(
    scenario: &Scenario,
    replayed: Option<&Candles>,
) -> Result<BTreeMap<String, PricePath>, PricesError> {
    let grid = scenario.grid();
    let mut paths = BTreeMap::new();
    for asset in &scenario.assets {
        let path = match (&asset.price, replayed) {
            (_, Some(candles)) if asset.symbol == scenario.prices_asset => {
                candles.path(&grid, scenario.seed, &asset.symbol)?
            }
            (PriceSource::Constant(price), _) => PricePath::constant(grid, *price),
            (PriceSource::DailyOhlc(days), _) => {
                let days: Vec<_> = days.iter().map(|day| (day.bar, day.pins)).collect();
                bridge::path(&days, bridge::DAY_S, &grid, scenario.seed, &asset.symbol).map_err(
                    |source| PricesError::Bridge { symbol: asset.symbol.clone(), source },
                )?
            }
        };
        paths.insert(asset.symbol.clone(), path);
    }
    Ok(paths)
}
