//! The adaptive curve: a borrow rate that finds its own level.
//!
//! The curve is fixed in shape and moves as a whole. Above the target utilisation it climbs, below
//! it sinks, the faster the further utilisation is from the target; borrowers and suppliers then
//! bring utilisation back. Nobody has to guess what a loan of the asset should cost.
//!
//! Source: Morpho's `AdaptiveCurveIrm` (morpho-blue-irm). Formula, constants and the direction of
//! every rounding are theirs. Two things differ: the scale is a year's rate in units of 10⁻²⁷
//! instead of a second's in units of 10⁻¹⁸, and the exponential is exact to 24 digits instead of a
//! second-order series.

use super::{
    exp::{exp_down, exp_neg_down},
    interest::SECONDS_PER_YEAR,
    wide::mul_div_down,
};
use crate::{error::LendingError, units::RAY};

/// How an adaptive curve behaves. All in units of 10⁻²⁷; rates and speed are a year's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptiveTerms {
    /// Utilisation at which the curve stands still; above 0 and below 1.
    pub target_utilisation: u128,
    /// The rate at full utilisation is this many times the one on target, the rate of an idle
    /// reserve the same part of it; at least 1.
    pub steepness: u128,
    /// Growth of the curve's logarithm in a year at the greatest distance from the target.
    pub speed: u128,
    /// Rate on target to begin with.
    pub rate_initial: u128,
    /// Lowest rate on target; above 0.
    pub rate_min: u128,
    /// Highest rate on target; at most 10¹¹ times the lowest.
    pub rate_max: u128,
}

/// How far utilisation is from the target: 0 on target, 10²⁷ as far as it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// At or below the target: `(target − utilisation) ÷ target`.
    Below(u128),
    /// Above the target: `(utilisation − target) ÷ (1 − target)`.
    Above(u128),
}

/// What a stretch of time costs, and where it leaves the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapted {
    /// Borrow rate of the stretch on average, a year's.
    pub average: u128,
    /// Rate on target at the end of the stretch, a year's.
    pub rate_at_target: u128,
}

impl AdaptiveTerms {
    /// Target 90 %, steepness 4, speed 50 a year; on target 4 % a year to begin with, never below
    /// 0.1 % nor above 200 %. Morpho's `ConstantsLib`.
    pub const DEFAULT: Self = Self {
        target_utilisation: RAY / 10 * 9,
        steepness: 4 * RAY,
        speed: 50 * RAY,
        rate_initial: RAY / 100 * 4,
        rate_min: RAY / 1_000,
        rate_max: 2 * RAY,
    };

    /// How many times the lowest rate the highest may be. Growth that does not fit 128 bits, which is
    /// beyond 3 × 10¹¹, then ends at the highest rate from wherever it starts.
    pub const RATES_APART_MAX: u128 = 100_000_000_000;

    /// Whether every term is in the range its field documents, with the initial rate between the
    /// lowest and the highest.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.target_utilisation > 0
            && self.target_utilisation < RAY
            && self.steepness >= RAY
            && self.rate_min > 0
            && self.rates_are_near()
            && (self.rate_min..=self.rate_max).contains(&self.rate_initial)
    }

    fn rates_are_near(&self) -> bool {
        let most = self.rate_min.checked_mul(Self::RATES_APART_MAX);
        most.is_none_or(|most| self.rate_max <= most)
    }

    /// The rate on target that a recorded one stands for: 0 is a curve that has not started and
    /// stands at the initial rate, a rate out of bounds counts as the nearest bound.
    #[must_use]
    pub fn on_target(&self, rate_at_target: u128) -> u128 {
        match rate_at_target {
            0 => self.rate_initial,
            rate => rate.clamp(self.rate_min, self.rate_max),
        }
    }

    /// How far `utilisation` is from the target, rounded towards it.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] for a utilisation far beyond 1 or terms that are not
    /// [valid](AdaptiveTerms::is_valid).
    pub fn distance_down(&self, utilisation: u128) -> Result<Distance, LendingError> {
        let target = self.target_utilisation;
        if utilisation <= target {
            return mul_div_down(target - utilisation, RAY, target).map(Distance::Below);
        }
        let room = RAY.checked_sub(target).ok_or(LendingError::MathOverflow)?;
        mul_div_down(utilisation - target, RAY, room).map(Distance::Above)
    }

    /// Borrow rate a year at `distance` from the target when it is `rate_at_target` on target,
    /// rounded down: `(1 + (steepness − 1) × distance) × rate` above the target,
    /// `(1 − (1 − 1 ÷ steepness) × distance) × rate` below.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`] for rates beyond 128 bits or terms that are not
    /// [valid](AdaptiveTerms::is_valid).
    pub fn curve_down(
        &self,
        rate_at_target: u128,
        distance: Distance,
    ) -> Result<u128, LendingError> {
        let multiple = match distance {
            Distance::Above(distance) => {
                let slope = self.steepness.checked_sub(RAY);
                let climb = mul_div_down(slope.ok_or(LendingError::MathOverflow)?, distance, RAY)?;
                RAY.checked_add(climb)
            }
            Distance::Below(distance) => {
                let slope = RAY.checked_sub(mul_div_down(RAY, RAY, self.steepness)?);
                let fall = mul_div_down(slope.ok_or(LendingError::MathOverflow)?, distance, RAY)?;
                RAY.checked_sub(fall)
            }
        };
        mul_div_down(multiple.ok_or(LendingError::MathOverflow)?, rate_at_target, RAY)
    }

    /// Borrow rate a year at `utilisation` at this moment, rounded down; `rate_at_target` as in
    /// [`AdaptiveTerms::on_target`].
    ///
    /// # Errors
    /// As for [`AdaptiveTerms::distance_down`] and [`AdaptiveTerms::curve_down`].
    pub fn rate_down(&self, rate_at_target: u128, utilisation: u128) -> Result<u128, LendingError> {
        self.curve_down(self.on_target(rate_at_target), self.distance_down(utilisation)?)
    }

    /// Lets `elapsed_s` seconds pass at `utilisation`. Rounded down throughout.
    ///
    /// The rate on target grows by `e^(speed × distance × time)`, within its bounds. The average
    /// is the trapezoid rule's over two halves, `(start + 2 × middle + end) ÷ 4`, as published. A
    /// `rate_at_target` of 0 is a curve that has not started: its first stretch costs the initial
    /// rate and ends on it, as published.
    ///
    /// # Errors
    /// As for [`AdaptiveTerms::distance_down`] and [`AdaptiveTerms::curve_down`]; none for valid
    /// terms with rates up to 10⁹ a year and a utilisation of at most 1, however long the time.
    pub fn adapt_down(
        &self,
        rate_at_target: u128,
        utilisation: u128,
        elapsed_s: u64,
    ) -> Result<Adapted, LendingError> {
        let distance = self.distance_down(utilisation)?;
        let start = self.on_target(rate_at_target);
        if rate_at_target == 0 {
            return Ok(Adapted {
                average: self.curve_down(start, distance)?,
                rate_at_target: start,
            });
        }
        let (middle, end) = self.moved_down(start, distance, elapsed_s);
        let sum = start.checked_add(end).and_then(|sum| sum.checked_add(middle.checked_mul(2)?));
        let average = sum.ok_or(LendingError::MathOverflow)? / 4;
        Ok(Adapted { average: self.curve_down(average, distance)?, rate_at_target: end })
    }

    /// The rate on target after half of the time and after all of it. Whatever does not fit 128
    /// bits is beyond the bound on its side, so there is nothing to fail.
    fn moved_down(&self, start: u128, distance: Distance, elapsed_s: u64) -> (u128, u128) {
        let (Distance::Above(size) | Distance::Below(size)) = distance;
        let exponent = self.exponent_down(size, elapsed_s);
        let moved = |exponent| match distance {
            Distance::Above(_) => self.risen_down(start, exponent),
            Distance::Below(_) => self.sunk_down(start, exponent),
        };
        (moved(exponent / 2), moved(exponent))
    }

    fn risen_down(&self, start: u128, exponent: u128) -> u128 {
        let growth = exp_down(exponent);
        let risen = growth.and_then(|growth| mul_div_down(start, growth, RAY));
        risen.unwrap_or(self.rate_max).clamp(self.rate_min, self.rate_max)
    }

    fn sunk_down(&self, start: u128, exponent: u128) -> u128 {
        let decay = exp_neg_down(exponent);
        let sunk = decay.and_then(|decay| mul_div_down(start, decay, RAY));
        sunk.unwrap_or(self.rate_min).clamp(self.rate_min, self.rate_max)
    }

    /// `speed × distance × time`, rounded down; when it does not fit, the most that does, half of
    /// which still moves the curve from any rate to its bound.
    fn exponent_down(&self, distance: u128, elapsed_s: u64) -> u128 {
        let speed = mul_div_down(self.speed, distance, RAY);
        let time = u128::from(elapsed_s);
        speed.and_then(|speed| mul_div_down(speed, time, SECONDS_PER_YEAR)).unwrap_or(u128::MAX)
    }
}
