//! Price paths: one integer price a step. They come from daily bars, a candle file, stated points
//! or a random [`process`].

mod bar;
mod bootstrap;
pub mod bridge;
mod candles;
mod path;
mod points;
pub mod process;

pub use bar::{Bar, BarError};
pub use bootstrap::{Bootstrap, BootstrapError};
pub use candles::{Candles, CandlesError, PriceFileError, PriceFileReason};
pub use path::{Grid, MicroUsd, MicroUsdError, PricePath};
pub use points::{Point, Points, PointsError};

use std::collections::BTreeMap;

use rand_chacha::rand_core::RngCore;

use crate::scenario::{PriceSource, Scenario};
use crate::seeded;
use process::{Draw, TooLarge};

/// Why the prices of a scenario could not be laid out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PricesError {
    /// A bar cannot be expanded to the scenario's steps.
    #[error("price of {symbol}: {source}")]
    Bridge {
        /// Symbol of the asset.
        symbol: String,
        /// What is wrong with the bar.
        source: bridge::BridgeError,
    },
    /// Blocks of a history make no path.
    #[error("price of {symbol}: {source}")]
    Bootstrap {
        /// Symbol of the asset.
        symbol: String,
        /// What is wrong with them.
        source: BootstrapError,
    },
    /// The replayed file does not fit the scenario.
    #[error(transparent)]
    Candles(#[from] CandlesError),
    /// A random price grew too large.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// Random prices cannot depend on each other as the scenario says.
    #[error(transparent)]
    Market(#[from] process::MarketError),
    /// A price whose file was never read, which no loaded scenario has.
    #[error("price of {0}: its file was not read; load the scenario from its file")]
    Unread(String),
}

/// The paths of one draw of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// One path per asset symbol, all on [`Scenario::grid`].
    pub paths: BTreeMap<String, PricePath>,
    /// Likelihood weight of the draw; 1 unless the scenario tilts its prices.
    pub weight: f64,
}

/// One path per asset symbol, all on [`Scenario::grid`]: the first draw of the scenario.
///
/// `replayed` takes the place of the series of the scenario's `prices_asset`.
///
/// # Errors
/// A bar that does not divide into steps, a replayed file that does not cover the scenario, or a
/// random price that grows too large.
pub fn paths(
    scenario: &Scenario,
    replayed: Option<&Candles>,
) -> Result<BTreeMap<String, PricePath>, PricesError> {
    draw(scenario, replayed, 0).map(|drawn| drawn.paths)
}

/// The draw number `number` of a scenario: a pure function of the scenario and the number.
///
/// Random prices differ from draw to draw, and so does what a bridge fills in between stated
/// bars; stated prices do not.
///
/// # Errors
/// As [`paths`].
pub fn draw(
    scenario: &Scenario,
    replayed: Option<&Candles>,
    number: u64,
) -> Result<Drawn, PricesError> {
    let grid = scenario.grid();
    let draw = Draw { seed: scenario.seed, path: number, scheme: scenario.sampling.scheme() };
    let random = scenario.market()?.sample(&grid, &draw)?;
    let mut paths: BTreeMap<String, PricePath> = random.paths.into_iter().collect();
    let seed = seed_of(scenario.seed, number);
    for asset in &scenario.assets {
        let symbol = &asset.symbol;
        let path = match replayed.filter(|_| *symbol == scenario.prices_asset) {
            Some(candles) => Some(candles.path(&grid, seed, symbol)?),
            None => stated(&asset.price, &grid, seed, symbol)?,
        };
        paths.extend(path.map(|path| (symbol.clone(), path)));
    }
    Ok(Drawn { paths, weight: random.weight })
}

/// The path of prices that are no process; `None` for those that are.
pub(crate) fn stated(
    source: &PriceSource,
    grid: &Grid,
    seed: u64,
    symbol: &str,
) -> Result<Option<PricePath>, PricesError> {
    let path = match source {
        PriceSource::Constant(price) => PricePath::constant(*grid, *price),
        PriceSource::DailyOhlc(days) => {
            let days: Vec<_> = days.iter().map(|day| (day.bar, day.pins)).collect();
            bridge::path(&days, bridge::DAY_S, grid, seed, symbol)
                .map_err(|source| PricesError::Bridge { symbol: symbol.to_owned(), source })?
        }
        PriceSource::Ramp(points) => points.ramp(*grid),
        PriceSource::Steps(points) => points.steps(*grid),
        PriceSource::Replay { candles, .. } => candles.path(grid, seed, symbol)?,
        PriceSource::Bootstrap(bootstrap) => bootstrap
            .path(grid, seed, symbol)
            .map_err(|source| PricesError::Bootstrap { symbol: symbol.to_owned(), source })?,
        PriceSource::Process(_) => return Ok(None),
        PriceSource::UnreadReplay { .. } | PriceSource::UnreadBootstrap { .. } => {
            return Err(PricesError::Unread(symbol.to_owned()));
        }
    };
    Ok(Some(path))
}

/// The seed of what a draw fills in. The first draw's is the scenario's own, so that a single run
/// is the one its seed was chosen for.
fn seed_of(seed: u64, number: u64) -> u64 {
    match number {
        0 => seed,
        _ => seeded::stream(seed, "draw", "", number.cast_signed()).next_u64(),
    }
}
