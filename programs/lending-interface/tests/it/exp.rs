use cofferdam_lending_interface::{
    LendingError,
    math::exp::{exp_down, exp_neg_down, exp_up},
    units::RAY,
};
use proptest::prelude::*;

use crate::precise::Precise;

/// `e` and its powers to 28 digits.
const POWERS: [(u128, u128); 5] = [
    (0, 1_000_000_000_000_000_000_000_000_000),
    (RAY / 1_000, 1_001_000_500_166_708_341_668_055_753),
    (RAY / 2, 1_648_721_270_700_128_146_848_650_787),
    (RAY, 2_718_281_828_459_045_235_360_287_471),
    (10 * RAY, 22_026_465_794_806_716_516_957_900_645_284),
];

/// ln 2 in units of 10⁻²⁷, cut off: where a doubling begins.
const LN_2: u128 = 693_147_180_559_945_309_417_232_121;

/// The documented error is below 3·10⁻²⁵.
const PARTS: u128 = 10_u128.pow(25) / 3;

#[test]
fn known_powers_lie_between_down_and_up() {
    for (x, expected) in POWERS {
        let (down, up) = (exp_down(x).unwrap(), exp_up(x).unwrap());
        // The table itself is rounded to the nearest unit.
        assert!(down <= expected + 1 && expected <= up + 1, "e^{x}: {down} to {up}");
        assert!(up - down <= expected / PARTS * 2 + 2, "e^{x}: {down} to {up}");
    }
}

#[test]
fn nothing_grows_by_nothing() {
    assert_eq!((exp_down(0), exp_up(0), exp_neg_down(0)), (Ok(RAY), Ok(RAY), Ok(RAY)));
}

#[test]
fn what_does_not_fit_is_refused() {
    for exp in [exp_down, exp_up] {
        assert!(exp(26 * RAY).is_ok());
        assert_eq!(exp(27 * RAY), Err(LendingError::MathOverflow));
        assert_eq!(exp(60 * RAY), Err(LendingError::MathOverflow));
        assert_eq!(exp(u128::MAX), Err(LendingError::MathOverflow));
    }
}

#[test]
fn a_decay_ends_at_nothing() {
    // e^−62 is 1.19·10⁻²⁷, e^−63 is 0.44·10⁻²⁷.
    assert_eq!(exp_neg_down(62 * RAY), Ok(1));
    assert_eq!(exp_neg_down(63 * RAY), Ok(0));
    assert_eq!(exp_neg_down(200 * RAY), Ok(0));
    assert_eq!(exp_neg_down(u128::MAX), Ok(0));
}

#[test]
fn no_step_back_where_a_doubling_begins() {
    for k in 1..=37 {
        for exp in [exp_down, exp_up] {
            assert!(exp(k * LN_2 - 1).unwrap() <= exp(k * LN_2).unwrap(), "at {k} doublings");
        }
        assert!(exp_neg_down(k * LN_2 - 1).unwrap() >= exp_neg_down(k * LN_2).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Far inside the 10⁻⁹ that is promised for exponents up to 10.
    #[test]
    fn growth_is_true_to_24_digits_and_on_the_side_of_its_name(x in 1..26 * RAY) {
        let exact = Precise::ray(x).exp();
        let (down, up) = (exp_down(x).unwrap(), exp_up(x).unwrap());
        prop_assert!(RAY <= down);
        prop_assert!(Precise::ray(down) <= exact && exact <= Precise::ray(up));
        prop_assert!(Precise::ray(down).is_near(&exact, PARTS), "{down} for {x}");
        prop_assert!(Precise::ray(up).is_near(&exact, PARTS), "{up} for {x}");
    }

    #[test]
    fn decay_is_true_to_24_digits_and_never_above(x in 1..62 * RAY) {
        let exact = Precise::ray(RAY).over(&Precise::ray(x).exp());
        let down = exp_neg_down(x).unwrap();
        prop_assert!(Precise::ray(down) <= exact);
        prop_assert!(Precise::ray(down).is_near(&exact, PARTS), "{down} for {x}");
    }

    /// Every second of accrual uses one of these.
    #[test]
    fn small_growth_is_true_to_the_last_hundred_units(x in 1_u128..RAY / 1_000) {
        let (down, up) = (exp_down(x).unwrap(), exp_up(x).unwrap());
        let exact = Precise::ray(x).exp();
        prop_assert!(Precise::ray(down) <= exact && exact <= Precise::ray(up));
        prop_assert!(up - down <= 250);
    }
}
