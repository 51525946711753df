//! The exponential that continuous compounding needs.
//!
//! `x` is split into `k·ln 2 + r` with `0 ≤ r < ln 2`; the series of `e^r` is summed until its terms
//! vanish and shifted by `k`. Three things are lost: each of about 25 terms is cut off, which with
//! what it passes on to later terms is less than two units of 10⁻²⁷; so is the rest of the series;
//! and `ln 2` is short by less than half a unit, `k` times. Together that is less than one part in
//! 2⁸³ (about 10²⁵), and by so much the result is moved to the side its name promises.

use super::wide::{mul_div_down, mul_div_up};
use crate::{error::LendingError, units::RAY};

/// ln 2, times 10²⁷.
const LN_2: u128 = 693_147_180_559_945_309_417_232_121;

/// The error of [`near_exp`] is below one part in two to this power.
const EXACT_BITS: u32 = 83;

/// `e^x` for `x` and the result in units of 10⁻²⁷, rounded down: never above the true value, below
/// it by less than 3·10⁻²⁵ of it. Never below 1; exact at 0.
///
/// # Errors
/// [`LendingError::MathOverflow`] for `x` above about 26, where the result exceeds 128 bits.
pub fn exp_down(x: u128) -> Result<u128, LendingError> {
    let near = near_exp(x)?;
    Ok((near - (near >> EXACT_BITS) - 1).max(RAY))
}

/// `e^x` for `x` and the result in units of 10⁻²⁷, rounded up: never below the true value, above it
/// by less than 3·10⁻²⁵ of it. Exact at 0, so that no rate and no time mean no interest.
///
/// # Errors
/// [`LendingError::MathOverflow`] for `x` above about 26, where the result exceeds 128 bits.
pub fn exp_up(x: u128) -> Result<u128, LendingError> {
    if x == 0 { Ok(RAY) } else { near_exp(x).and_then(above) }
}

/// `e^−x` for `x` and the result in units of 10⁻²⁷, rounded down: never above the true value, below
/// it by less than 3·10⁻²⁵ of it and one unit. 0 from `x` of about 62 on; exact at 0.
///
/// # Errors
/// [`LendingError::MathOverflow`] cannot happen: `e^r` lies between 1 and 2.
pub fn exp_neg_down(x: u128) -> Result<u128, LendingError> {
    if x == 0 {
        return Ok(RAY);
    }
    let (halvings, rest) = (x / LN_2, x % LN_2);
    let fraction = mul_div_down(RAY, RAY, near_exp(rest).and_then(above)?)?;
    Ok(u32::try_from(halvings).ok().and_then(|k| fraction.checked_shr(k)).unwrap_or(0))
}

/// Certainly not below what `near` stands for.
fn above(near: u128) -> Result<u128, LendingError> {
    near.checked_add((near >> EXACT_BITS) + 1).ok_or(LendingError::MathOverflow)
}

/// `e^x`, off by less than one part in 2^[`EXACT_BITS`] to either side.
fn near_exp(x: u128) -> Result<u128, LendingError> {
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

/// `2^(−elapsed ÷ half_life)` in units of 10⁻²⁷, rounded down: what is left of something that
/// halves every `half_life`. Below the true value by less than 4·10⁻²⁵ of it and one unit; 0 from
/// 90 half-lives on; exact at 0.
///
/// # Errors
/// [`LendingError::MathOverflow`] for a half-life of zero.
pub fn exp2_neg_down(elapsed: u64, half_life: u32) -> Result<u128, LendingError> {
    let half_life = u64::from(half_life);
    let halvings = elapsed.checked_div(half_life).ok_or(LendingError::MathOverflow)?;
    let rest = u128::from(elapsed % half_life);
    // Above ln 2, so that the exponent is never too small.
    let fraction = exp_neg_down(mul_div_up(LN_2 + 1, rest, u128::from(half_life))?)?;
    Ok(u32::try_from(halvings).ok().and_then(|k| fraction.checked_shr(k)).unwrap_or(0))
}
