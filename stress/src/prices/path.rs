//! A price per step, in millionths of a dollar.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

const MICROS_PER_USD: i64 = 1_000_000;

/// A price in millionths of a US dollar.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MicroUsd(pub u64);

/// Why a decimal is no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MicroUsdError {
    /// Zero or below.
    #[error("{0} is not above zero")]
    NotPositive(Decimal),
    /// Below half a millionth of a dollar.
    #[error("{0} rounds to zero millionths of a dollar")]
    TooSmall(Decimal),
    /// Above `u64::MAX` millionths of a dollar.
    #[error("{0} is too large for a price in millionths of a dollar")]
    TooLarge(Decimal),
}

/// The instants of a path: `start_s`, `start_s + step_s`, … and as many as `steps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// First instant, in Unix seconds.
    pub start_s: i64,
    /// Seconds from one instant to the next; not zero.
    pub step_s: u32,
    /// Number of instants; not zero.
    pub steps: usize,
}

/// A price for every instant of a [`Grid`]; each holds until the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricePath {
    grid: Grid,
    prices: Vec<MicroUsd>,
}

impl MicroUsd {
    /// The price nearest to `usd`, half a millionth rounding away from zero.
    ///
    /// # Errors
    /// When `usd` is not above zero, rounds to zero, or exceeds `u64::MAX` millionths.
    pub fn nearest(usd: Decimal) -> Result<Self, MicroUsdError> {
        if usd <= Decimal::ZERO {
            return Err(MicroUsdError::NotPositive(usd));
        }
        let micros = usd
            .checked_mul(Decimal::from(MICROS_PER_USD))
            .map(|micros| micros.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
            .and_then(|micros| u64::try_from(micros).ok())
            .ok_or(MicroUsdError::TooLarge(usd))?;
        if micros == 0 {
            return Err(MicroUsdError::TooSmall(usd));
        }
        Ok(Self(micros))
    }

    /// The price in dollars, exactly.
    pub fn usd(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.0), 6)
    }
}

impl fmt::Display for MicroUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.usd().normalize())
    }
}

impl Grid {
    /// The instant of a step, in Unix seconds.
    ///
    /// # Panics
    /// When `step` lies past any representable time, which no step of a grid does.
    pub fn unix_s(&self, step: usize) -> i64 {
        let offset_s = i64::try_from(step).ok().and_then(|n| n.checked_mul(self.step_s.into()));
        let instant_s = offset_s.and_then(|s| self.start_s.checked_add(s));
        instant_s.expect("a step of a grid lies within the range of Unix seconds")
    }

    /// The first second after the last step, in Unix seconds.
    pub fn end_s(&self) -> i64 {
        self.unix_s(self.steps)
    }

    /// The last step at or before `unix_s`, held to the first and the last step of the grid.
    pub fn step_at(&self, unix_s: i64) -> usize {
        let since_start_s = i128::from(unix_s) - i128::from(self.start_s);
        let step = since_start_s.div_euclid(i128::from(self.step_s)).max(0);
        usize::try_from(step).unwrap_or(usize::MAX).min(self.steps.saturating_sub(1))
    }
}

impl PricePath {
    /// The same price at every step.
    pub fn constant(grid: Grid, price: MicroUsd) -> Self {
        Self { grid, prices: vec![price; grid.steps] }
    }

    /// `None` unless there is one price for each step of a grid that has steps.
    pub fn new(grid: Grid, prices: Vec<MicroUsd>) -> Option<Self> {
        (grid.steps > 0 && grid.step_s > 0 && prices.len() == grid.steps)
            .then_some(Self { grid, prices })
    }

    /// The instants of the path.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// One price a step, in order.
    pub fn prices(&self) -> &[MicroUsd] {
        &self.prices
    }

    /// The price of the first step: also the price of any time before it.
    pub fn first(&self) -> MicroUsd {
        self.prices[0]
    }

    /// The price in force at `unix_s`. Before the path it is the first price, after it the last,
    /// so that a warm-up and a settlement outside the window have a price.
    pub fn at(&self, unix_s: i64) -> MicroUsd {
        self.prices[self.grid.step_at(unix_s)]
    }

    /// What an oracle sees that reports every price `lag_s` seconds late: at each step, the price
    /// in force `lag_s` before it.
    pub fn lagged(&self, lag_s: u32) -> Self {
        let seen_at = |step| self.at(self.grid.unix_s(step) - i64::from(lag_s));
        Self { grid: self.grid, prices: (0..self.grid.steps).map(seen_at).collect() }
    }

    /// Each step's instant in Unix seconds, and its price.
    pub fn iter(&self) -> impl Iterator<Item = (i64, MicroUsd)> + '_ {
        self.prices.iter().enumerate().map(|(step, price)| (self.grid.unix_s(step), *price))
    }
}
