//! The exponential that continuous compounding needs.

use super::wide::mul_div_down;
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
