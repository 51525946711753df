//! New histories out of an old one.
//!
//! Blocks of consecutive bars are drawn from a candle file and put one after the other, each
//! scaled so that it opens where the block before closed. What happens within a block (fat tails,
//! bursts of volatility, gaps between bars) is the history's; how blocks follow each other is
//! chance. Blocks do not run past the end of the file, so its first and last bars are drawn a
//! little less often than the others.

use super::bridge::{self, BridgeError, Pins};
use super::{Bar, Candles, Grid, MicroUsd, PricePath};
use crate::seeded;

/// Bars to draw from, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap {
    candles: Candles,
    block_bars: usize,
    opening: MicroUsd,
}

/// A bootstrap that cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BootstrapError {
    /// A block that is no whole number of bars.
    #[error("block_s: {block_s} is no multiple of the file's bars of {bar_s} s")]
    Ragged {
        /// Seconds of a block.
        block_s: u32,
        /// Seconds of a bar.
        bar_s: u32,
    },
    /// A block longer than the history.
    #[error("block_s: a block of {block_bars} bars does not fit into the file's {bars}")]
    TooLong {
        /// Bars of a block.
        block_bars: usize,
        /// Bars of the file.
        bars: usize,
    },
    /// A price above `u64::MAX` millionths of a dollar.
    #[error("bar {bar} of the drawn path is too large for millionths of a dollar")]
    TooLarge {
        /// Position of the bar.
        bar: usize,
    },
    /// A bar cannot be expanded to the scenario's steps.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
}

impl Bootstrap {
    /// Draws blocks of `block_s` from `candles`; the first opens at `opening`.
    ///
    /// # Errors
    /// When a block is no whole number of bars, or longer than the file.
    pub fn new(candles: Candles, block_s: u32, opening: MicroUsd) -> Result<Self, BootstrapError> {
        let (bar_s, bars) = (candles.bar_s(), candles.bars().len());
        if bar_s == 0 || block_s == 0 || !block_s.is_multiple_of(bar_s) {
            return Err(BootstrapError::Ragged { block_s, bar_s });
        }
        let block_bars = usize::try_from(block_s / bar_s).unwrap_or(usize::MAX);
        if block_bars > bars {
            return Err(BootstrapError::TooLong { block_bars, bars });
        }
        Ok(Self { candles, block_bars, opening })
    }

    /// Price at which a drawn path opens.
    pub fn opening(&self) -> MicroUsd {
        self.opening
    }

    /// One price a step, from blocks drawn by the stream `(seed, "bootstrap", label, 0)`; bars
    /// become steps as those of a replayed file do.
    ///
    /// # Errors
    /// A price that is too large, or a bar that is no whole number of steps.
    pub fn path(&self, grid: &Grid, seed: u64, label: &str) -> Result<PricePath, BootstrapError> {
        let bars = self.bars(grid, seed, label)?;
        let bar_s = self.candles.bar_s();
        let path = if bridge::is_coarse(bar_s, grid.step_s) {
            bridge::coarse_path(&bars, bar_s, grid)
        } else {
            bridge::path(&bars, bar_s, grid, seed, label)
        };
        Ok(path?)
    }

    /// Drawn bars that cover the grid.
    fn bars(
        &self,
        grid: &Grid,
        seed: u64,
        label: &str,
    ) -> Result<Vec<(Bar, Pins)>, BootstrapError> {
        let history: Vec<&Bar> = self.candles.bars().collect();
        let starts = (history.len() - self.block_bars + 1) as u64;
        let mut rng = seeded::stream(seed, "bootstrap", label, 0);
        let mut drawn: Vec<(Bar, Pins)> = Vec::new();
        let mut start_s = grid.start_s;
        let mut level = self.opening;
        while start_s < grid.end_s() {
            let first = usize::try_from(seeded::below(&mut rng, starts)).expect("below a length");
            let base = history[first].open();
            let block_opens_at = level;
            for bar in &history[first..first + self.block_bars] {
                let scaled = scaled(bar, start_s, block_opens_at, base);
                let bar = scaled.ok_or(BootstrapError::TooLarge { bar: drawn.len() })?;
                level = bar.close();
                drawn.push((bar, Pins::default()));
                start_s += i64::from(self.candles.bar_s());
            }
        }
        Ok(drawn)
    }
}

/// The bar times `level / base`, each price rounded to the nearest millionth and one at least, so
/// that their order is kept.
fn scaled(bar: &Bar, start_s: i64, level: MicroUsd, base: MicroUsd) -> Option<Bar> {
    let scale = |price: MicroUsd| {
        let whole = u128::from(price.0) * u128::from(level.0);
        let nearest = (whole + u128::from(base.0) / 2) / u128::from(base.0);
        u64::try_from(nearest.max(1)).ok().map(MicroUsd)
    };
    let prices = [scale(bar.open())?, scale(bar.high())?, scale(bar.low())?, scale(bar.close())?];
    Some(Bar::new(start_s, prices).expect("scaling keeps the order of prices"))
}
