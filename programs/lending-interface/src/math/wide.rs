//! Multiply, then divide, with a 256-bit product between.

use crate::error::LendingError;

/// `a × b ÷ divisor`, rounded down.
///
/// # Errors
/// [`LendingError::MathOverflow`] when `divisor` is zero or the result exceeds 128 bits.
pub fn mul_div_down(a: u128, b: u128, divisor: u128) -> Result<u128, LendingError> {
    mul_div(a, b, divisor).map(|(quotient, _)| quotient)
}

/// `a × b ÷ divisor`, rounded up.
///
/// # Errors
/// [`LendingError::MathOverflow`] when `divisor` is zero or the result exceeds 128 bits.
pub fn mul_div_up(a: u128, b: u128, divisor: u128) -> Result<u128, LendingError> {
    match mul_div(a, b, divisor)? {
        (quotient, 0) => Ok(quotient),
        (quotient, _) => quotient.checked_add(1).ok_or(LendingError::MathOverflow),
    }
}

/// Quotient and remainder of `a × b ÷ divisor`.
fn mul_div(a: u128, b: u128, divisor: u128) -> Result<(u128, u128), LendingError> {
    if divisor == 0 {
        return Err(LendingError::MathOverflow);
    }
    // Most products fit 128 bits, where the machine's own division is several times faster.
    if let Some(product) = a.checked_mul(b) {
        let quotient = product / divisor;
        // Dividing a second time for the remainder would take as long again.
        return Ok((quotient, product - quotient * divisor));
    }
    let (high, low) = widening_mul(a, b);
    if high >= divisor {
        return Err(LendingError::MathOverflow);
    }
    Ok(div_wide(high, low, divisor))
}

const HALF_BITS: u32 = 64;
const HALF_MASK: u128 = (1 << HALF_BITS) - 1;

/// The 256-bit product as (high, low), by schoolbook multiplication of 64-bit halves.
fn widening_mul(a: u128, b: u128) -> (u128, u128) {
    let (a_high, a_low) = (a >> HALF_BITS, a & HALF_MASK);
    let (b_high, b_low) = (b >> HALF_BITS, b & HALF_MASK);
    let low = a_low * b_low;
    let cross = a_high * b_low + (low >> HALF_BITS);
    let middle = a_low * b_high + (cross & HALF_MASK);
    let high = a_high * b_high + (cross >> HALF_BITS) + (middle >> HALF_BITS);
    (high, (middle << HALF_BITS) | (low & HALF_MASK))
}

/// Divides a 256-bit number by a 128-bit one that exceeds its high half (Knuth, The Art of
/// Computer Programming vol. 2, 4.3.1, algorithm D, with 64-bit digits).
fn div_wide(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    // Normalised, a digit estimated from the leading digits is at most two too large.
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let carried = if shift == 0 { 0 } else { low >> (128 - shift) };
    let (high, low) = ((high << shift) | carried, low << shift);
    let (upper, rest) = div_digit(high, low >> HALF_BITS, divisor);
    let (lower, rest) = div_digit(rest, low & HALF_MASK, divisor);
    ((upper << HALF_BITS) | lower, rest >> shift)
}

/// One 64-bit quotient digit of `(head, digit) ÷ divisor`, and what remains.
fn div_digit(head: u128, digit: u128, divisor: u128) -> (u128, u128) {
    let (leading, trailing) = (divisor >> HALF_BITS, divisor & HALF_MASK);
    let mut quotient = head / leading;
    let mut rest = head - quotient * leading;
    while quotient > HALF_MASK || quotient * trailing > ((rest << HALF_BITS) | digit) {
        quotient -= 1;
        rest += leading;
        if rest > HALF_MASK {
            break;
        }
    }
    // Intermediate terms exceed 128 bits and cancel; the difference itself fits.
    let remainder =
        (head << HALF_BITS).wrapping_add(digit).wrapping_sub(quotient.wrapping_mul(divisor));
    (quotient, remainder)
}
