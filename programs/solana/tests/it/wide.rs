//! Every function of the module against the compiler's own 128-bit arithmetic.

use cofferdam_solana::wide::*;
use proptest::prelude::*;

/// Numbers of every length, and those around powers of two, where carries are.
fn number() -> impl Strategy<Value = u128> {
    prop_oneof![
        any::<u128>(),
        (any::<u128>(), 0..128_u32).prop_map(|(bits, by)| bits >> by),
        (0..128_u32, -2..=2_i128).prop_map(|(by, more)| (1_u128 << by).wrapping_add_signed(more)),
        prop::sample::select(vec![0, 1, u128::MAX, u128::from(u64::MAX), 1 << 127, 1 << 64]),
    ]
}

fn words(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

fn whole([low, high]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// What a function of two wide operands makes of two numbers.
fn of(function: extern "C" fn(&mut [u64; 2], u64, u64, u64, u64), a: u128, b: u128) -> u128 {
    let (mut out, [a0, a1], [b0, b1]) = ([0; 2], words(a), words(b));
    function(&mut out, a0, a1, b0, b1);
    whole(out)
}

/// What a checked multiplication makes of two numbers.
fn checked(
    function: extern "C" fn(&mut [u64; 2], u64, u64, u64, u64) -> u64,
    a: u128,
    b: u128,
) -> (u128, bool) {
    let (mut out, [a0, a1], [b0, b1]) = ([0; 2], words(a), words(b));
    let overflowed = function(&mut out, a0, a1, b0, b1);
    (whole(out), overflowed == 1)
}

/// What a shift makes of a number.
fn shifted(function: extern "C" fn(&mut [u64; 2], u64, u64, u64), a: u128, by: u32) -> u128 {
    let (mut out, [a0, a1]) = ([0; 2], words(a));
    function(&mut out, a0, a1, u64::from(by));
    whole(out)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn products(a in number(), b in number()) {
        prop_assert_eq!(of(cofferdam_wide_mul, a, b), a.wrapping_mul(b));
        prop_assert_eq!(checked(cofferdam_wide_umulo, a, b), a.overflowing_mul(b));
        let (product, overflowed) = (a as i128).overflowing_mul(b as i128);
        prop_assert_eq!(checked(cofferdam_wide_smulo, a, b), (product as u128, overflowed));
    }

    #[test]
    fn products_of_words(a in number(), b in number()) {
        let (a, b) = (a as u64, b as u64);
        let mut out = 0;
        let overflowed = cofferdam_word_umulo(&mut out, a, b) == 1;
        prop_assert_eq!((out, overflowed), a.overflowing_mul(b));
        let overflowed = cofferdam_word_smulo(&mut out, a, b) == 1;
        let (product, does) = (a as i64).overflowing_mul(b as i64);
        prop_assert_eq!((out, overflowed), (product as u64, does));
    }

    #[test]
    fn quotients(a in number(), b in number()) {
        let b = b.max(1);
        prop_assert_eq!(of(cofferdam_wide_udiv, a, b), a / b);
        prop_assert_eq!(of(cofferdam_wide_urem, a, b), a % b);
        let (signed_a, signed_b) = (a as i128, b as i128);
        // The compiler refuses the one quotient that does not fit before it divides.
        if (signed_a, signed_b) == (i128::MIN, -1) {
            return Ok(());
        }
        prop_assert_eq!(of(cofferdam_wide_sdiv, a, b), (signed_a / signed_b) as u128);
        prop_assert_eq!(of(cofferdam_wide_srem, a, b), (signed_a % signed_b) as u128);
    }

    /// Quotients next to where one more would be too many: `q · b + r` with the largest and the
    /// smallest rest.
    #[test]
    fn quotients_at_the_edge(q in number(), b in number(), down in any::<bool>()) {
        let b = b.max(1);
        let Some(product) = q.checked_mul(b) else { return Ok(()) };
        let a = if down { product.saturating_sub(1) } else { product.saturating_add(b - 1) };
        prop_assert_eq!(of(cofferdam_wide_udiv, a, b), a / b);
        prop_assert_eq!(of(cofferdam_wide_urem, a, b), a % b);
    }

    #[test]
    fn shifts(a in number(), by in 0..128_u32) {
        prop_assert_eq!(shifted(cofferdam_wide_shl, a, by), a << by);
        prop_assert_eq!(shifted(cofferdam_wide_lshr, a, by), a >> by);
        prop_assert_eq!(shifted(cofferdam_wide_ashr, a, by), (a as i128 >> by) as u128);
    }
}
