use cofferdam_lending_interface::{
    LendingError,
    math::wide::{mul_div_down, mul_div_up},
};
use num_bigint::BigUint;
use proptest::prelude::*;

fn exact(a: u128, b: u128, divisor: u128) -> (Option<u128>, Option<u128>) {
    if divisor == 0 {
        return (None, None);
    }
    let (product, divisor) = (BigUint::from(a) * b, BigUint::from(divisor));
    let down = &product / &divisor;
    let up = (&product + &divisor - 1_u8) / &divisor;
    (u128::try_from(down).ok(), u128::try_from(up).ok())
}

/// Numbers of every size: uniform ones are nearly all huge.
fn any_size() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0_u32..128).prop_map(|(bits, shift)| bits >> shift)
}

/// Corners where carries and digit estimates go wrong.
const CORNERS: [u128; 12] = [
    0,
    1,
    2,
    u64::MAX as u128 - 1,
    u64::MAX as u128,
    u64::MAX as u128 + 1,
    (1 << 127) - 1,
    1 << 127,
    (1 << 127) + 1,
    u128::MAX - 1,
    u128::MAX,
    (u64::MAX as u128) << 64,
];

fn check(a: u128, b: u128, divisor: u128) {
    let (down, up) = exact(a, b, divisor);
    assert_eq!(mul_div_down(a, b, divisor).ok(), down, "down: {a} × {b} ÷ {divisor}");
    assert_eq!(mul_div_up(a, b, divisor).ok(), up, "up: {a} × {b} ÷ {divisor}");
}

#[test]
fn corners_equal_exact_arithmetic() {
    for a in CORNERS {
        for b in CORNERS {
            for divisor in CORNERS {
                check(a, b, divisor);
            }
        }
    }
}

#[test]
fn zero_divisor_is_an_overflow() {
    assert_eq!(mul_div_down(0, 0, 0), Err(LendingError::MathOverflow));
    assert_eq!(mul_div_up(1, 1, 0), Err(LendingError::MathOverflow));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn any_numbers_equal_exact_arithmetic(a in any_size(), b in any_size(), d in any_size()) {
        check(a, b, d);
    }
}
