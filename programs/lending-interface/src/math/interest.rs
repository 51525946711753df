//! Interest: what the utilisation costs, and what a debt grows to.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{
    exp::exp_up,
    wide::{mul_div_down, mul_div_up},
};
use crate::{
    error::LendingError,
    units::{BPS_PER_ONE, Bps, Fine, Index, RAY},
};

/// Seconds in a year of 365 days, to which rates refer.
pub const SECONDS_PER_YEAR: u128 = 31_536_000;

/// Most points a curve may have.
pub const CURVE_POINTS_MAX: usize = 8;

/// Highest rate a curve may ask for: 10,000 % a year.
pub const RATE_MAX: Bps = Bps(1_000_000);

/// One corner of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CurvePoint {
    /// Utilisation.
    pub utilisation: Bps,
    /// Borrow rate a year at that utilisation.
    pub rate: Bps,
}

/// A piecewise-linear interest curve: straight lines between its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RateCurve {
    /// Points in use.
    pub len: u8,
    /// The points; those from `len` on are zero.
    pub points: [CurvePoint; CURVE_POINTS_MAX],
}

impl RateCurve {
    /// Nothing on an idle reserve, 4 % a year at 90 % utilisation, 80 % at full utilisation.
    pub const DEFAULT: Self = {
        let mut points = [CurvePoint { utilisation: Bps(0), rate: Bps(0) }; CURVE_POINTS_MAX];
        points[1] = CurvePoint { utilisation: Bps(9_000), rate: Bps(400) };
        points[2] = CurvePoint { utilisation: Bps(10_000), rate: Bps(8_000) };
        Self { len: 3, points }
    };

    /// Curve through `points`, given as (utilisation, rate) in basis points.
    ///
    /// # Errors
    /// [`LendingError::InvalidConfig`] unless [`RateCurve::is_valid`].
    pub fn new(points: &[(u32, u32)]) -> Result<Self, LendingError> {
        let len = u8::try_from(points.len()).map_err(|_| LendingError::InvalidConfig)?;
        let mut curve = Self { len, points: Default::default() };
        if points.len() > CURVE_POINTS_MAX {
            return Err(LendingError::InvalidConfig);
        }
        for (slot, (utilisation, rate)) in curve.points.iter_mut().zip(points) {
            *slot = CurvePoint { utilisation: Bps(*utilisation), rate: Bps(*rate) };
        }
        if curve.is_valid() { Ok(curve) } else { Err(LendingError::InvalidConfig) }
    }

    /// Whether the curve runs from utilisation 0 to 1 with rising utilisation, rates that never
    /// fall and never exceed [`RATE_MAX`], and zeros behind its last point.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let Some((used, unused)) = self.points.split_at_checked(usize::from(self.len)) else {
            return false;
        };
        let ends = used.len() >= 2
            && used[0].utilisation == Bps::ZERO
            && used[used.len() - 1].utilisation == Bps::ONE;
        let rising = used
            .windows(2)
            .all(|pair| pair[0].utilisation < pair[1].utilisation && pair[0].rate <= pair[1].rate);
        ends && rising
            && used.iter().all(|point| point.rate <= RATE_MAX)
            && unused.iter().all(|point| *point == CurvePoint::default())
    }

    /// Borrow rate a year at `utilisation`, both in units of 10⁻²⁷, rounded down.
    ///
    /// # Errors
    /// [`LendingError::MathOverflow`]; [`LendingError::InvalidConfig`] for a curve without points.
    pub fn rate_down(&self, utilisation: u128) -> Result<u128, LendingError> {
        let used = self.points.get(..usize::from(self.len)).unwrap_or(&[]);
        let end = used
            .iter()
            .position(|point| ray(point.utilisation) >= utilisation)
            .ok_or(LendingError::InvalidConfig)?;
        let to = used[end];
        let Some(from) = end.checked_sub(1).map(|start| used[start]) else {
            return Ok(ray(to.rate));
        };
        let run = ray(to.utilisation) - ray(from.utilisation);
        let rise = ray(to.rate) - ray(from.rate);
        let climbed = mul_div_down(rise, utilisation - ray(from.utilisation), run)?;
        Ok(ray(from.rate) + climbed)
    }
}

/// Share of a reserve's funds that is lent out, in units of 10⁻²⁷, rounded down; 0 when the
/// reserve is empty.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn utilisation_down(debt: Fine, available: Fine) -> Result<u128, LendingError> {
    if debt.is_zero() {
        return Ok(0);
    }
    mul_div_down(debt.get(), RAY, debt.plus(available)?.get())
}

/// `index` after `elapsed_s` seconds of continuous compounding, `index × e^(rate × time)`,
/// rounded up. Nobody calls for interest, so rounding favours the side that cannot act: the
/// suppliers. `rate` is a year's, in units of 10⁻²⁷.
///
/// # Errors
/// [`LendingError::MathOverflow`] when rate × time exceeds about 26 or the index 128 bits.
pub fn compound_up(index: Index, rate: u128, elapsed_s: u64) -> Result<Index, LendingError> {
    let exponent = mul_div_up(rate, u128::from(elapsed_s), SECONDS_PER_YEAR)?;
    mul_div_up(index.get(), exp_up(exponent)?, RAY).map(Index)
}

/// The protocol's part of `interest`, rounded down.
///
/// # Errors
/// [`LendingError::MathOverflow`].
pub fn fee_down(interest: Fine, reserve_factor: Bps) -> Result<Fine, LendingError> {
    mul_div_down(interest.get(), u128::from(reserve_factor.get()), BPS_PER_ONE).map(Fine)
}

/// A ratio in units of 10⁻²⁷.
const fn ray(ratio: Bps) -> u128 {
    ratio.get() as u128 * (RAY / BPS_PER_ONE)
}
