//! Exponentials: growth for continuous compounding, decay for averages.

use super::wide::{mul_div_down, mul_div_up};
use crate::{error::LendingError, units::RAY};

/// ln 2, times 10²⁷.
const LN_2: u128 = 693_147_180_559_945_309_417_232_121;

/// `e^x` for `x` and the result in units of 10⁻²⁷, rounded down.
///
/// `x` is split into `k·ln 2 + r` with `0 ≤ r < ln 2`; the series of `e^r` is summed until its
/// terms vanish and shifted by `k`. Each of at most 30 terms loses less than one unit of 10⁻²⁷,
/// so the relative error stays below 10⁻²⁵ for every `x` that does not overflow.
///
/// # Errors
/// [`LendingError::MathOverflow`] for `x` above about 25, where the result exceeds 128 bits.
pub fn exp_down(x: u128) -> Result<u128, LendingError> {
    let (doublings, rest) = (x / LN_2, x % LN_2);
    let (mut sum, mut term, mut n) = (RAY, RAY, 0);
    while term > 0 {
        n += 1;
        term = mul_div_down(term, rest, RAY * n)?;
        sum += term;
    }
    let factor = u32::try_from(doublings).ok().and_then(|k| 1_u128.checked_shl(k));
    factor.and_then(|factor| sum.checked_mul(factor)).ok_or(LendingError::MathOverflow)
}

/// More than [`exp_down`] loses, in units of 10⁻²⁷, for an exponent below one.
const EXP_LOSS: u128 = 64;

/// `2^(−elapsed ÷ half_life)` in units of 10⁻²⁷, rounded down: what is left of something that
/// halves every `half_life`.
///
/// Whole halvings are a shift; the rest is `1 ÷ e^(r·ln 2)` with `0 ≤ r < 1`, its divisor raised
/// by more than the series can have lost, so that the result is never too large. Before the shift
/// the relative error stays below 10⁻²⁵.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a half-life of zero.
pub fn exp2_neg_down(elapsed: u64, half_life: u32) -> Result<u128, LendingError> {
    let half_life = u64::from(half_life);
    let halvings = elapsed.checked_div(half_life).ok_or(LendingError::MathOverflow)?;
    let rest = u128::from(elapsed % half_life);
    let divisor = exp_down(mul_div_up(LN_2, rest, u128::from(half_life))?)? + EXP_LOSS;
    let fraction = if rest == 0 { RAY } else { mul_div_down(RAY, RAY, divisor)? };
    let shift = u32::try_from(halvings).unwrap_or(u32::MAX);
    Ok(fraction.checked_shr(shift).unwrap_or(0))
}
