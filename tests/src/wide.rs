//! Products of 256 bits, to compare fractions and to divide without losing a bit. Written here
//! and not taken from the program: a check that shares the code it checks finds nothing. What the
//! program answers is taken as a guess only, and multiplied to see whether it is right.

use cofferdam_lending_interface::math::wide;

/// Whether `a · b ≤ c · d`.
pub(crate) fn product_at_most((a, b): (u128, u128), (c, d): (u128, u128)) -> bool {
    product(a, b) <= product(c, d)
}

/// `a · b ÷ divisor`, rounded down; `None` when that is no number of 128 bits.
pub(crate) fn mul_div_down(a: u128, b: u128, divisor: u128) -> Option<u128> {
    divide(a, b, divisor).map(|(quotient, _)| quotient)
}

/// `a · b ÷ divisor`, rounded up; `None` when that is no number of 128 bits.
pub(crate) fn mul_div_up(a: u128, b: u128, divisor: u128) -> Option<u128> {
    let (quotient, rest) = divide(a, b, divisor)?;
    quotient.checked_add(u128::from(rest > 0))
}

/// `a · b` as high and low half.
const fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a_low * b_low;
    let (middle, carry) = (a_high * b_low).overflowing_add(a_low * b_high);
    let (sum, overflow) = low.overflowing_add(middle << 64);
    let high = a_high * b_high + (middle >> 64) + ((carry as u128) << 64) + overflow as u128;
    (high, sum)
}

/// Quotient and remainder of `a · b ÷ divisor`.
fn divide(a: u128, b: u128, divisor: u128) -> Option<(u128, u128)> {
    // Most products fit 128 bits, where the machine's own division does.
    if let Some(product) = a.checked_mul(b) {
        let quotient = product.checked_div(divisor)?;
        return Some((quotient, product - quotient * divisor));
    }
    let (high, low) = product(a, b);
    if high >= divisor {
        return None;
    }
    proven(wide::mul_div_down(a, b, divisor).unwrap_or_default(), (high, low), divisor)
        .or_else(|| Some(by_hand(high, low, divisor)))
}

/// The guess as quotient, with its remainder, when multiplying it shows that it is the quotient of
/// `(high, low)`.
const fn proven(guess: u128, (high, low): (u128, u128), divisor: u128) -> Option<(u128, u128)> {
    let (taken_high, taken_low) = product(guess, divisor);
    let (rest, borrow) = low.overflowing_sub(taken_low);
    let Some(rest_high) = high.checked_sub(taken_high) else { return None };
    if rest_high == borrow as u128 && rest < divisor { Some((guess, rest)) } else { None }
}

/// Quotient and remainder of a number of 256 bits whose high half is below the divisor.
fn by_hand(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    // As many bits at a time as fit above the divisor: what is left of a step is below
    // the divisor, so with that many bits more it is still a number of 128 bits.
    let step = divisor.leading_zeros();
    if step < STEP_MIN {
        return by_bits(high, low, divisor);
    }
    let (mut rest, mut quotient, mut bits) = (high, 0, 128);
    while bits > 0 {
        let taken = step.min(bits);
        bits -= taken;
        let piece = (low >> bits) & ((1 << taken) - 1);
        let dividend = (rest << taken) | piece;
        let digit = dividend / divisor;
        rest = dividend - digit * divisor;
        quotient = (quotient << taken) | digit;
    }
    (quotient, rest)
}

/// Bits at a time below which one at a time is as fast.
const STEP_MIN: u32 = 8;

/// Quotient and remainder of a number of 256 bits whose high half is below the divisor.
const fn by_bits(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    let (mut rest, mut quotient, mut bit) = (high, 0, 128);
    while bit > 0 {
        bit -= 1;
        let carry = rest >> 127;
        rest = (rest << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if carry == 1 || rest >= divisor {
            rest = rest.wrapping_sub(divisor);
            quotient |= 1;
        }
    }
    (quotient, rest)
}

#[cfg(test)]
mod tests {
    use cofferdam_lending_interface::math::wide;
    use proptest::prelude::*;

    use super::{by_hand, mul_div_down, mul_div_up, product, product_at_most, proven};

    #[test]
    fn products_are_exact_at_the_ends() {
        assert_eq!(product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(product(u128::MAX, 2), (1, u128::MAX - 1));
        assert_eq!(product(1 << 64, 1 << 64), (1, 0));
        assert_eq!(product(7, 6), (0, 42));
        assert_eq!(product(0, u128::MAX), (0, 0));
    }

    #[test]
    fn fractions_compare_without_rounding() {
        let big = u128::MAX;
        assert!(product_at_most((big, big - 1), (big, big)));
        assert!(!product_at_most((big, big), (big, big - 1)));
        assert!(product_at_most((3, 4), (2, 6)));
    }

    proptest! {
        /// Two ways to divide that have nothing in common give the same.
        #[test]
        fn division_is_the_programs(a: u128, b: u128, c: u128, shift in 0_u32..128) {
            let divisor = c >> shift;
            prop_assert_eq!(mul_div_down(a, b, divisor), wide::mul_div_down(a, b, divisor).ok());
            prop_assert_eq!(mul_div_up(a, b, divisor), wide::mul_div_up(a, b, divisor).ok());
            let (high, low) = product(a, b);
            if high < divisor {
                let (quotient, _) = by_hand(high, low, divisor);
                prop_assert_eq!(Some(quotient), wide::mul_div_down(a, b, divisor).ok());
            }
        }

        /// No number but the quotient is proven.
        #[test]
        fn a_wrong_guess_is_seen(a: u128, b: u128, c: u128, shift in 0_u32..128, off: u128) {
            // A divisor above one factor: the quotient fits.
            let a = a >> shift;
            let (divisor, (high, low)) = (a.max(1).max(c >> shift), product(a, b));
            let (quotient, rest) = by_hand(high, low, divisor);
            prop_assert_eq!(proven(quotient, (high, low), divisor), Some((quotient, rest)));
            for guess in [quotient.wrapping_add(1), quotient.wrapping_sub(1), off] {
                prop_assert!(guess == quotient || proven(guess, (high, low), divisor).is_none());
            }
        }
    }
}
