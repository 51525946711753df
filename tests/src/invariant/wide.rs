//! Products of 256 bits, to compare fractions without rounding. Written here and not taken from
//! the program: a check that shares the code it checks finds nothing.

/// Whether `a · b ≤ c · d`.
pub(super) fn product_at_most((a, b): (u128, u128), (c, d): (u128, u128)) -> bool {
    product(a, b) <= product(c, d)
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

#[cfg(test)]
mod tests {
    use super::{product, product_at_most};

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
}
